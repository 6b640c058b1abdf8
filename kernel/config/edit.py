"""Changes one value or entry of a person's ``config.toml`` and keeps everything else of it, comments included."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kernel.config.error import ConfigError
from kernel.config.locator import locate, syntax_message, syntax_where
from kernel.config.option import Option
from kernel.config.value import write_value
from kernel.error import Where

#: Keys that TOML takes without quotes.
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_option(path: Path, option: Option, value: Any) -> None:
    """Set the option in the file, which is made when it is missing. Whole or not at all.

    Raises:
        ConfigError: the file is no TOML now, or cannot be read or written.
    """
    _rewrite(path, lambda text: with_value(text, option, value, str(path)))


def write_entry(path: Path, table: str, name: str, value: str | None) -> None:
    """Set a text in a table of the file, or remove it when the value is None. Whole or not at all.

    Raises:
        ConfigError: the file is no TOML now, is written in a way that cannot be changed here, or cannot be written.
    """
    _rewrite(path, lambda text: with_entry(text, table, name, value, str(path)))


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    try:
        new = change(path.read_text(encoding="utf-8") if path.exists() else "")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        draft.write_text(new, encoding="utf-8")
        draft.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the configuration cannot be changed: {error}", where=Where(str(path))) from error


def with_value(text: str, option: Option, value: Any, file: str = "config.toml") -> str:
    """The TOML text with the option set to the value.

    Raises:
        ConfigError: the text is no TOML, or is written in a way that cannot be changed here.
    """
    group, name = option.name.split(".", 1)
    literal = _literal(option, value)
    before = _read(text, file)
    expected = {**before, group: {**_table(before, group), name: tomllib.loads(f"value = {literal}")["value"]}}
    return _checked(_changed(text, group, name, literal), expected, option.name, file)


def with_entry(text: str, table: str, name: str, value: str | None, file: str = "config.toml") -> str:
    """The TOML text with an entry of a table set to a text, or without it; raises as :func:`with_value`."""
    before = _read(text, file)
    entries = {key: one for key, one in _table(before, table).items() if key != name}
    if value is not None:
        new = _changed(text, table, name, _text_literal(value))
        return _checked(new, {**before, table: {**entries, name: value}}, f"{table}.{name}", file)
    if name not in _table(before, table):
        return text
    return _checked(_without(text, table, name), {**before, table: entries}, f"{table}.{name}", file)


def _read(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"the configuration is no TOML: {syntax_message(error)}"
        raise ConfigError(message, where=syntax_where(file, text, error), hint="mend it first") from error


def _checked(new: str, expected: dict[str, Any], name: str, file: str) -> str:
    """The new text, if it says what it is meant to say and nothing else."""
    try:
        is_right = tomllib.loads(new) == expected
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ConfigError(f"{name} cannot be set here", where=Where(file), hint="set it with an editor")
    return new


def _without(text: str, group: str, name: str) -> str:
    """The text without the line of an entry."""
    span = locate(text).spans.get((group, name))
    if span is None:
        return text
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _changed(text: str, group: str, name: str, literal: str) -> str:
    places = locate(text)
    span = places.spans.get((group, name))
    if span:
        return text[: span.start] + literal + text[span.end :]
    key = name if _BARE.fullmatch(name) else _text_literal(name)
    start = places.tables.get((group,))
    if start is not None:
        gap = "" if text[:start].endswith("\n") else "\n"
        return f"{text[:start]}{gap}{key} = {literal}\n{text[start:]}"
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}[{group}]\n{key} = {literal}\n"


def _table(document: dict[str, Any], group: str) -> dict[str, Any]:
    table = document.get(group, {})
    return table if isinstance(table, dict) else {}


def _literal(option: Option, value: Any) -> str:
    """The value as TOML; JSON's strings are TOML's but for DEL, which has no place in an option."""
    if option.type in ("integer", "number", "boolean"):
        return json.dumps(value)
    return _text_literal(write_value(option, value))


def _text_literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
