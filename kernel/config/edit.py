"""Changes one value of a person's ``config.toml`` and keeps everything else of it, comments included."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

from kernel.config.error import ConfigError
from kernel.config.locator import locate, syntax_message, syntax_where
from kernel.config.option import Option
from kernel.config.value import write_value
from kernel.error import Where


def write_option(path: Path, option: Option, value: Any) -> None:
    """Set the option in the file, which is made when it is missing. Whole or not at all.

    Raises:
        ConfigError: the file is no TOML now, or cannot be read or written.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        new = with_value(text, option, value, str(path))
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
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"the configuration is no TOML: {syntax_message(error)}"
        raise ConfigError(message, where=syntax_where(file, text, error), hint="mend it first") from error
    group, name = option.name.split(".", 1)
    literal = _literal(option, value)
    new = _changed(text, group, name, literal)
    expected = {**before, group: {**_table(before, group), name: tomllib.loads(f"value = {literal}")["value"]}}
    try:
        is_right = tomllib.loads(new) == expected
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise ConfigError(f"{option.name} cannot be set here", where=Where(file), hint="set it with an editor")
    return new


def _changed(text: str, group: str, name: str, literal: str) -> str:
    places = locate(text)
    span = places.spans.get((group, name))
    if span:
        return text[: span.start] + literal + text[span.end :]
    start = places.tables.get((group,))
    if start is not None:
        gap = "" if text[:start].endswith("\n") else "\n"
        return f"{text[:start]}{gap}{name} = {literal}\n{text[start:]}"
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}[{group}]\n{name} = {literal}\n"


def _table(document: dict[str, Any], group: str) -> dict[str, Any]:
    table = document.get(group, {})
    return table if isinstance(table, dict) else {}


def _literal(option: Option, value: Any) -> str:
    """The value as TOML; JSON's strings are TOML's but for DEL, which has no place in an option."""
    if option.type in ("integer", "number", "boolean"):
        return json.dumps(value)
    text = write_value(option, value)
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
