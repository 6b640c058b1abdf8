"""``app.toml``: what an app is called, its boot queue, its sources. Checked as it is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

import msgspec

from kernel.error import EspalierError, Where
from kernel.nearest import did_you_mean

#: The name of the file in an app's folder.
APP_FILE = "app.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
SOURCE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_NEEDS = frozenset(("channels", "permissions", "requires", "scripts"))
#: Entries of a source that are paths within the app's folder.
_PATHS = ("schema", "seed")


class AppError(EspalierError):
    """An app.toml is wrong; ``problems`` holds every error as (where, message, hint)."""

    def __init__(self, problems: list[tuple[Where, str, str]]) -> None:
        where, message, hint = problems[0]
        super().__init__(message, where=where, hint=hint)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(
            f"{where}: {message}" + (f" ({hint})" if hint else "") for where, message, hint in self.problems
        )


class AppDescription(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An app as its author describes it.

    Attributes:
        name: What it is opened by: small letters, digits, ``-`` and ``_``.
        title: What people read; the name when left out.
        version: The author's name for this state of the app, published once and never changed; left out, releases
            are called by their number.
        icon, doc: For the table of apps.
        layout: The main layout file.
        entry: The boot queue: agents and their arguments; made from ``layout`` when left out.
        sources: Source name → its description (``kind``, ``path`` and so on).
        requires: What the app needs of the shell and of plugins.
        grants: Who may do what with the tables, as :class:`layouts.grant.Grant`; empty = everybody everything.
        channels: The channels it may be published on besides ``stable`` and people's own; ``beta`` when left out.
        permissions: What it asks for, names of :data:`layouts.app_needs.PERMISSIONS`.
        libraries: Native libraries that it brings: name → one or several of
            :class:`kernel.library.description.Description`.
        scripts: How its scripts are treated: ``reload`` says whether a newer release's are taken while it runs.
    """

    name: str
    title: str = ""
    version: str = ""
    icon: str = ""
    doc: str = ""
    layout: str = "main.kdl"
    entry: tuple[str, ...] = ()
    sources: dict[str, dict[str, Any]] = {}
    requires: dict[str, Any] = {}
    grants: tuple[Any, ...] = ()
    channels: tuple[str, ...] = ("beta",)
    permissions: tuple[str, ...] = ()
    libraries: dict[str, Any] = {}
    scripts: dict[str, Any] = {}


_TYPES: dict[str, tuple[type, str]] = {
    "name": (str, "a text"),
    "title": (str, "a text"),
    "version": (str, "a text"),
    "icon": (str, "a text"),
    "doc": (str, "a text"),
    "layout": (str, "a text"),
    "entry": (list, "a list of texts"),
    "sources": (dict, "tables: [sources.NAME]"),
    "requires": (dict, "a table: [requires]"),
    "grants": (list, "tables: [[grants]]"),
    "channels": (list, "a list of texts"),
    "permissions": (list, "a list of texts"),
    "libraries": (dict, "tables: [libraries.NAME]"),
    "scripts": (dict, "a table: [scripts]"),
}


def read_app(read_file: Callable[[str], bytes | None], path: str = APP_FILE) -> AppDescription:
    """The checked description.

    Args:
        read_file: Answers a file's bytes; None, KeyError or OSError when there is none.
        path: The file.

    Raises:
        AppError: with every problem and its place.
    """
    try:
        content = read_file(path)
    except (OSError, KeyError):
        content = None
    if content is None:
        raise AppError([(Where(path), "there is no app here: the file is missing", 'write one with: name = "…"')])
    return parse_app(content, path)


def parse_app(content: bytes, path: str = APP_FILE) -> AppDescription:
    """The checked description in ``content``; ``path`` is for messages. Raises as :func:`read_app`."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AppError([(Where(path, 1, 1), "this file is no UTF-8 text", "")]) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from kernel.config.locator import syntax_message, syntax_where

        raise AppError([(syntax_where(path, text, error), syntax_message(error), "")]) from error
    found = [*_shape_problems(values), *_content_problems(values)]
    if found:
        from kernel.config.locator import locate

        places = locate(text)
        known = [
            (_at_least(places.where(path, keys, is_value=is_value)), message, hint)
            for keys, is_value, message, hint in found
        ]
        raise AppError(sorted(known))
    description = msgspec.convert(values, AppDescription)
    description.title = description.title or description.name
    description.entry = description.entry or ("layout", description.layout, "window")
    if description.grants:
        from layouts.grant import Grant

        description.grants = msgspec.convert(description.grants, tuple[Grant, ...])
    return description


def _at_least(where: Where) -> Where:
    return where if where.line else Where(where.file, 1, 1)


Found = tuple[tuple[str | int, ...], bool, str, str]


def _shape_problems(values: dict[str, Any]) -> list[Found]:
    """Unknown entries and wrong types."""
    problems: list[Found] = []
    for name, value in values.items():
        if name not in _TYPES:
            problems.append(((name,), False, f"app.toml has no entry {name}", did_you_mean(name, _TYPES)))
            continue
        type, called = _TYPES[name]
        is_right = isinstance(value, type)
        if is_right and name in ("entry", "channels", "permissions"):
            is_right = all(isinstance(part, str) for part in value)
        if is_right and name == "sources":
            is_right = all(isinstance(part, dict) for part in value.values())
        if not is_right:
            problems.append(((name,), True, f"{name} must be {called}", ""))
    return problems


def _content_problems(values: dict[str, Any]) -> list[Found]:
    """Names and paths that cannot be."""
    problems: list[Found] = []
    name = values.get("name")
    if name is None:
        problems.append(((), False, "the app needs a name", 'write: name = "shop"'))
    elif isinstance(name, str) and not _NAME.fullmatch(name):
        hint = "small letters, digits, - and _, beginning with a letter or digit"
        problems.append((("name",), True, f"an app cannot be called {name or 'nothing'}", hint))
    layout = values.get("layout")
    if isinstance(layout, str) and not is_inside(layout):
        problems.append((("layout",), True, "layout must be a file of the app", "a path without .. and / in front"))
    sources = values.get("sources")
    if values.keys() & _NEEDS:
        from layouts.app_needs import need_problems

        problems += need_problems(values)
    if isinstance(values.get("grants"), list):
        from layouts.grant import grant_problems

        problems += grant_problems(values["grants"], sources)
    for source, description in sources.items() if isinstance(sources, dict) else ():
        if not SOURCE_NAME.fullmatch(source):
            problems.append(
                (("sources", source), False, f"a source cannot be called {source}", "letters, digits, - and _")
            )
        if not isinstance(description, dict):
            continue
        if not isinstance(description.get("kind"), str):
            problems.append((("sources", source), False, f"the source {source} needs a kind", 'write: kind = "sqlite"'))
        offline = description.get("offline", False)
        if not isinstance(offline, bool) and not _is_texts(offline):
            hint = 'offline = true for all tables, or offline = ["orders"]'
            problems.append((("sources", source, "offline"), True, "offline must be true or a list of tables", hint))
        for key in _PATHS:
            if key in description and not is_inside(description[key]):
                problems.append((("sources", source, key), True, f"{key} must be a file of the app", ""))
    return problems


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def is_inside(path: Any) -> bool:
    """Whether it is a path that stays in the app's folder: forward slashes, no ``..``, not absolute."""
    return (
        isinstance(path, str)
        and bool(path)
        and not path.startswith("/")
        and "\\" not in path
        and ":" not in path
        and "\0" not in path
        and all(part not in ("", ".", "..") for part in path.split("/"))
    )
