"""Where what a place speaks of is declared, and every place that speaks of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kernel.error import Where
from layouts.language_server.analysis import Analysis
from layouts.language_server.app import Snapshot
from layouts.language_server.script_name import functions_of, module_paths
from layouts.language_server.symbol import Occurrence


class Found(NamedTuple):
    """A place and how many characters it has."""

    where: Where
    length: int


def definition_of(one: Occurrence, now: Snapshot) -> Found | None:
    """The declaration; None when nothing of the app declares it."""
    if one.role == "file":
        return Found(Where(one.of, 1, 1), 0) if now.read_file(one.of) is not None else None
    if one.role == "script":
        return _script(one, now)
    return Found(one.symbol.where, len(one.symbol.name)) if one.symbol is not None else None


def _script(one: Occurrence, now: Snapshot) -> Found | None:
    for path in module_paths(one.of or one.name):
        content = now.read_file(path)
        if content is None:
            continue
        found = functions_of(path, content.decode("utf-8", "replace")).get(one.name) if one.of else None
        return Found(found[0], len(one.name)) if found else Found(Where(path, 1, 1), 0)
    return None


def places_of(one: Occurrence, analyses: Sequence[Analysis]) -> list[Occurrence]:
    """All places of all layouts that speak of the same, each once, in order of file and place."""
    found: dict[Where, Occurrence] = {}
    for analysis in analyses:
        if one.symbol is not None:
            same = list(analysis.places_of(one.symbol))
        else:
            same = [
                other
                for other in analysis.occurrences
                if (other.role, other.name, other.of, other.symbol) == (one.role, one.name, one.of, None)
            ]
        for other in same:
            found.setdefault(other.where, other)
    return [found[where] for where in sorted(found)]
