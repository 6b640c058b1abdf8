"""``[[grants]]`` of an ``app.toml`` and ``roles.toml`` of a repository: who may do what with which tables.

A grant is a row of a list. For each table and each action the first row that fits the person decides; an app with any
grant allows nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from kernel.error import EspalierError, Where
from kernel.expression import ExpressionError, parse
from kernel.nearest import did_you_mean

#: What may be granted.
ACTIONS = ("read", "edit", "add", "delete")
#: What a row filter knows of the person, by the names that it uses.
PERSON_NAMES = ("user.name",)
#: The name of the file in a repository's top folder.
ROLES_FILE = "roles.toml"
EVERYBODY, ROLE = "*", "role:"
_ROLE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

#: Keys to the place in the file, whether the value is meant, message, hint.
Found = tuple[tuple[str | int, ...], bool, str, str]


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row.

    Attributes:
        who: A person's name, ``role:NAME``, or ``*``.
        table: A table's name, or ``*``.
        may: Some of ``ACTIONS``.
        columns: The columns meant; empty = all. Those of the key are always read.
        rows: An expression over the table's columns; only rows for which it is true are meant.
        source: The source's name; empty = any.
    """

    who: str
    table: str
    may: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: str = ""
    source: str = ""


class RolesError(EspalierError):
    """``roles.toml`` is wrong."""


_TYPES: dict[str, tuple[type, str]] = {
    "who": (str, 'a text: a name, "role:NAME" or "*"'),
    "table": (str, "a text"),
    "may": (list, "a list of texts"),
    "columns": (list, "a list of texts"),
    "rows": (str, "a text"),
    "source": (str, "a text"),
}


def grant_problems(rows: Any, sources: Any) -> Iterator[Found]:
    """What is wrong with the grants of an app.

    Args:
        rows: The value of ``grants``.
        sources: The value of ``sources``, for the names in it.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield ("grants",), True, "grants must be tables: [[grants]]", ""
        return
    for index, row in enumerate(rows):
        place = ("grants", index)
        for name in row:
            if name not in _TYPES:
                yield (*place, name), False, f"a grant has no entry {name}", did_you_mean(name, _TYPES)
        for name in ("who", "table", "may"):
            if name not in row:
                yield place, False, f"a grant needs {name}", f"{name} must be {_TYPES[name][1]}"
        for name, (type, called) in _TYPES.items():
            value = row.get(name, type())
            if not isinstance(value, type) or (type is list and not all(isinstance(part, str) for part in value)):
                yield (*place, name), True, f"{name} must be {called}", ""
            else:
                yield from _value_problems((*place, name), name, value, row, sources)


def _value_problems(place: tuple[str | int, ...], name: str, value: Any, row: Any, sources: Any) -> Iterator[Found]:
    """What is wrong with one entry of the right type."""
    if name == "who" and "who" in row and not is_who(value):
        yield place, True, f"there can be nobody called {value or 'nothing'}", 'a name, "role:NAME" or "*"'
    elif name == "table" and "table" in row and not value:
        yield place, True, "table must name a table", '"*" means all'
    elif name == "may":
        if "may" in row and not value:
            yield place, True, "may must name an action", f"known: {', '.join(ACTIONS)}"
        for action in value:
            if action not in ACTIONS:
                yield place, True, f"nobody can be allowed to {action}", f"known: {', '.join(ACTIONS)}"
    elif name == "source" and value and isinstance(sources, dict) and value not in sources:
        yield place, True, f"the app has no source {value}", did_you_mean(value, sources)
    elif name == "rows" and value.strip():
        yield from _filter_problems(place, value)


def _filter_problems(place: tuple[str | int, ...], text: str) -> Iterator[Found]:
    try:
        names = parse(text).names
    except ExpressionError as error:
        yield place, True, f"rows: {error.message}", error.hint
        return
    for name in names:
        if name.startswith("user.") and name not in PERSON_NAMES:
            yield place, True, f"rows: nothing is known as {name}", did_you_mean(name, PERSON_NAMES)


def is_who(text: str) -> bool:
    """Whether a grant can be for it."""
    if text.startswith(ROLE):
        return bool(_ROLE_NAME.fullmatch(text.removeprefix(ROLE)))
    return bool(text) and text.isprintable() and text == text.strip()


def parse_roles(content: bytes, path: str = ROLES_FILE) -> dict[str, tuple[str, ...]]:
    """Person → the roles that ``[roles]`` of the file gives: ``clerk = ["anna", "bert"]``.

    Raises:
        RolesError: the file is wrong; ``where`` names the first place.
    """
    return roles_of(read_roles(content, path))


def roles_of(values: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Person → roles, of a file that was read."""
    roles: dict[str, tuple[str, ...]] = {}
    for role, people in values.get("roles", {}).items():
        for person in people:
            roles[person] = (*roles.get(person, ()), role)
    return roles


def read_roles(content: bytes, path: str = ROLES_FILE) -> dict[str, Any]:
    """The checked values of ``roles.toml``: ``roles``, ``people`` (:mod:`layouts.person_key`) and ``rights``.

    Raises:
        RolesError: the file is wrong; ``where`` names the first place.
    """
    import tomllib

    from kernel.config.locator import locate, syntax_message, syntax_where

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RolesError("this file is no UTF-8 text", where=Where(path, 1, 1)) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RolesError(syntax_message(error), where=syntax_where(path, text, error)) from error
    for keys, is_value, message, hint in _role_problems(values):
        raise RolesError(message, where=locate(text).where(path, keys, is_value=is_value), hint=hint)
    return values


def _role_problems(values: dict[str, Any]) -> Iterator[Found]:
    for name in values:
        if name not in ("roles", "people", "rights"):
            yield (name,), False, f"{ROLES_FILE} has no entry {name}", "write people below [roles]"
    if "people" in values:
        from layouts.person_key import people_problems

        yield from people_problems(values["people"])
    if "rights" in values:
        from layouts.right import right_problems

        yield from right_problems(values["rights"])
    roles = values.get("roles", {})
    if not isinstance(roles, dict):
        yield ("roles",), True, "roles must be a table: [roles]", ""
        return
    for role, people in roles.items():
        if not _ROLE_NAME.fullmatch(role):
            yield ("roles", role), False, f"a role cannot be called {role}", "small letters, digits, - and _"
        if not isinstance(people, list) or not all(isinstance(person, str) and is_who(person) for person in people):
            yield ("roles", role), True, f"{role} must be a list of people's names", f'{role} = ["anna", "bert"]'
