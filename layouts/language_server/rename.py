"""Calling a declaration otherwise: everywhere, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kernel.error import EspalierError
from layouts.construct import CONSTRUCTS
from layouts.kinds.kind import Kind
from layouts.language_server.analysis import Analysis
from layouts.language_server.definition import places_of
from layouts.language_server.expression_name import WORDS
from layouts.language_server.item import as_value, is_plain
from layouts.language_server.lines import Lines
from layouts.language_server.symbol import ROLES, Occurrence, Symbol
from layouts.library import library_of
from layouts.problem import Problem
from layouts.reference import APP_NAMES

#: What a new name must be, by role: pattern, and how it is said.
_NAME = (re.compile(r"[^\W\d][\w-]*"), "letters, digits, _ and -, beginning with a letter")
_COMMAND = (re.compile(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*"), "words with dots between: room.verb-noun")
_IN_EXPRESSIONS = (re.compile(r"[^\W\d]\w*"), "letters, digits and _, as expressions name it")
#: Roles of places that must mean the same before and after.
_MEANT = ("component", "table", "command", "id", "param", "row", "slot", "column", "member")
#: Names that expressions have for themselves.
_TAKEN = frozenset(name.partition(".")[0] for name in APP_NAMES)


class RenameError(EspalierError):
    """A name that something cannot have; the message says why."""


class Edit(NamedTuple):
    """The first character, the one behind the last, and what is written there."""

    start: int
    stop: int
    text: str


def check_renamable(one: Occurrence | None) -> Occurrence:
    """The place, when what it speaks of can be called otherwise here.

    Raises:
        RenameError: it cannot.
    """
    if one is None:
        raise RenameError("there is no name here")
    if not ROLES[one.role]:
        raise RenameError(f"{one.name} is not declared in the app's layouts, so it cannot be renamed here")
    if one.symbol is None:
        raise RenameError(f"nothing declares {one.name}, so nothing can be renamed")
    if one.symbol.role == "row" and "as" not in one.symbol.node.properties:
        raise RenameError("this row has no name of its own", hint="write as=NAME in its repeat")
    return one


def edits_of(
    one: Occurrence, name: str, analyses: Sequence[Analysis], texts: Mapping[str, str], kinds: Mapping[str, Kind]
) -> dict[str, list[Edit]]:
    """File → its edits, when a declaration is called ``name``.

    Raises:
        RenameError: it cannot be called so.
    """
    symbol = check_renamable(one).symbol
    assert symbol is not None
    if library_of(symbol.where.file):
        raise RenameError(f"{symbol.name} is of a library, which other apps may use", hint=f"at {symbol.where}")
    places = places_of(one, analyses)
    _check_name(one, name, analyses, kinds)
    edits: dict[str, list[Edit]] = {}
    lines = {file: Lines(text) for file, text in texts.items()}
    for place in places:
        text = texts[place.where.file]
        start = lines[place.where.file].offset_of(place.where)
        if text[start : start + place.length] != place.name:
            raise RenameError(
                f"{place.where}: {place.name} is written with escapes here", hint="write it plainly first"
            )
        written = name
        if place.is_declaration and place.role == "table" and "source" not in symbol.node.properties:
            written = f"{name} source={as_value(place.name, '')}"  # the table of the source keeps its name
        edits.setdefault(place.where.file, []).append(Edit(start, start + place.length, written))
    return edits


def _check_name(one: Occurrence, name: str, analyses: Sequence[Analysis], kinds: Mapping[str, Kind]) -> None:
    symbol = one.symbol
    assert symbol is not None
    is_named = symbol.role in ("id", "table", "param", "row") and "-" not in symbol.name
    pattern, rule = _COMMAND if symbol.role == "command" else _IN_EXPRESSIONS if is_named else _NAME
    if not pattern.fullmatch(name) or not is_plain(name) or name in WORDS:
        raise RenameError(f"{symbol.name} cannot be called {name or 'nothing'}", hint=rule)
    if is_named and name in _TAKEN:
        raise RenameError(f"{symbol.name} cannot be called {name}: expressions know {name} as something else")
    if symbol.role in ("component", "slot") and (name in kinds or name in CONSTRUCTS):
        raise RenameError(f"{symbol.name} cannot be called {name}: that is a word of the language")
    for analysis in analyses:
        other = _same(symbol.role, name, symbol.scope, analysis)
        if other is not None:
            called = "widget" if other.role == "id" else other.role
            raise RenameError(f"there is a {called} {name} already", hint=f"at {other.where}")


def _same(role: str, name: str, scope: str, analysis: Analysis) -> Symbol | None:
    """What is called so already where the renamed one is seen."""
    names = analysis.names
    if role == "component":
        return names.components[name].symbol if name in names.components else None
    if role == "command":
        return names.commands.get(name)
    inside = names.components.get(scope)
    if role == "slot":
        return inside.slots.get(name) if inside else None
    seen = [names.ids, names.tables] if role != "param" else []
    if scope:
        seen += [inside.params, inside.ids] if inside else []
    elif role in ("id", "table"):
        seen += [one for component in names.components.values() for one in (component.params, component.ids)]
    return next((found[name] for found in seen if name in found), None)


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits in it."""
    for start, stop, name in sorted(edits, reverse=True):
        text = text[:start] + name + text[stop:]
    return text


def check_outcome(
    one: Occurrence,
    name: str,
    before: Sequence[Analysis],
    after: Sequence[Analysis],
    problems: tuple[list[Problem], list[Problem]],
) -> None:
    """Hold the renamed layouts against the old ones.

    Args:
        one: What is renamed.
        name: Its new name.
        before, after: What the layouts name.
        problems: What was wrong before, and is wrong after.

    Raises:
        RenameError: a place would mean something else, or something would be wrong.
    """
    if _meanings(before, one, name) != _meanings(after, None, name):
        raise RenameError(f"called {name}, some places would mean something else", hint="take another name")
    check_problems(name, problems)


def check_problems(name: str, problems: tuple[list[Problem], list[Problem]]) -> None:
    """Hold what is wrong after a renaming against what was wrong before.

    Raises:
        RenameError: something would be wrong.
    """
    errors, fresh = ([found for found in told if found.severity == "error"] for told in problems)
    if len(fresh) > len(errors):
        known = {found.message for found in errors}
        first = next((found for found in fresh if found.message not in known), fresh[-1])
        raise RenameError(f"called {name}, the layout would be wrong: {first}")


def _meanings(analyses: Sequence[Analysis], renamed: Occurrence | None, name: str) -> list[list[tuple[object, ...]]]:
    """What each place of each layout means, whatever it is called: role, name and the line of its declaration."""
    target = renamed.symbol if renamed else None
    return [
        sorted(
            {
                (place.where.file, place.where.line, place.role,
                 name if target and place.symbol and place.symbol.where == target.where else place.name,
                 (place.symbol.where.file, place.symbol.where.line) if place.symbol else ("", 0))
                for place in analysis.occurrences
                if place.role in _MEANT
            }
        )
        for analysis in analyses
    ]  # fmt: skip
