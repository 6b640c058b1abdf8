"""References that a commit sets: only to rows that the person reads, so that nobody tries out which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kernel.tables.by_key import blocks_of
from kernel.tables.change import Change, Delete, Insert, Key, Part
from kernel.tables.check import fit, heading, problem_of
from kernel.tables.contract import Source
from kernel.tables.error import ForbiddenError
from kernel.tables.outcome import in_part, missing_error
from kernel.tables.query import Query
from kernel.tables.schema import Reference, Schema
from server.granted_query import View, under


class _Set(NamedTuple):
    """A reference that a change sets, and the values that it is to hold."""

    reference: Reference
    wanted: Key
    index: int


def check_references(
    source: Source, views: Mapping[str, View], view_of: Callable[[str], View], parts: Sequence[Part]
) -> None:
    """Refuse references to rows out of sight in the words for rows that are not there. Nothing is written yet.

    Args:
        source: The whole source.
        views: The tables of the parts, as the person has them.
        view_of: Any other table that may be read, likewise.
        parts: What is to be written.

    Raises:
        ConstraintError: a reference leads to a row that is not there, or out of sight.
        ForbiddenError: it leads to a table that the person may not read.
    """
    new = {(part.table, columns, values) for part in parts for columns, values in _inserted(views, part)}
    for number, part in enumerate(parts):
        view = views[part.table]
        with in_part(number):
            for reference in view.whole.references:
                if view.find_mine(reference.table) is None or view.rows_of(reference.table):
                    _check(source, view, view_of, reference, part, new)


def _check(
    source: Source, view: View, view_of: Callable[[str], View], reference: Reference, part: Part, new: set[Any]
) -> None:
    some = list(_set(source, view, reference, part.changes))
    if some and view.find_mine(reference.table) is None:
        column = view.whole.column(reference.via[0])
        assert column is not None
        raise ForbiddenError(f"you may not choose a row by {heading(column)}")
    found = _found(source, view_of(reference.table), reference, {one.wanted for one in some}) if some else set()
    for one in some:
        if one.wanted not in found and (reference.table, reference.columns, one.wanted) not in new:
            raise missing_error(reference, one.wanted, one.index)


def _set(source: Source, view: View, reference: Reference, changes: Sequence[Change]) -> Iterator[_Set]:
    """The references that changes set to something else than they hold."""
    touching = [
        (index, change)
        for index, change in enumerate(changes)
        if not isinstance(change, Delete) and any(name in change.values for name in reference.via)
    ]
    keys = list(dict.fromkeys(tuple(change.key) for _, change in touching if not isinstance(change, Insert)))
    held = {
        key: tuple(block.columns[name][place] for name in reference.via)
        for block in blocks_of(source.table(view.whole.name), Query(columns=reference.via), keys)
        for place, key in enumerate(block.keys)
    }
    for index, change in touching:
        old = (None,) * len(reference.via) if isinstance(change, Insert) else held.get(tuple(change.key))
        wanted = old and _wanted(view.whole, reference, change.values, old)
        if wanted and wanted != old and None not in wanted:
            yield _Set(reference, wanted, index)


def _wanted(schema: Schema, reference: Reference, values: Mapping[str, Any], old: Key) -> Key | None:
    """The values after the change; None when one is no value of its column, which the source says."""
    found = []
    for name, before in zip(reference.via, old, strict=True):
        column, value = schema.column(name), values.get(name, before)
        if column is None or isinstance(value, list | dict) or problem_of(column, value):
            return None
        found.append(fit(column, value))
    return tuple(found)


def _found(source: Source, target: View, reference: Reference, wanted: set[Key]) -> set[Key]:
    """Those of the values that lead to a row which the person reads."""
    table, key = source.table(reference.table), target.whole.key
    if set(reference.columns) == set(key):
        places = [reference.columns.index(name) for name in key]
        by_key = {tuple(values[place] for place in places): values for values in wanted}
        blocks = blocks_of(table, under(target, Query(columns=())), list(by_key))
        return {by_key[key] for block in blocks for key in block.keys if key in by_key}
    test = " and ".join(f"col({name!r}) == wanted.n{place}" for place, name in enumerate(reference.columns))
    return {
        values
        for values in wanted
        if table.count(
            under(target, Query(filter=test, parameters={f"wanted.n{n}": value for n, value in enumerate(values)}))
        )
    }


def _inserted(views: Mapping[str, View], part: Part) -> Iterator[tuple[tuple[str, ...], Key]]:
    """The keys that new rows of a part are given, in the order in which references may name their columns."""
    key = views[part.table].whole.key
    for change in part.changes:
        if isinstance(change, Insert) and key and all(name in change.values for name in key):
            values = tuple(change.values[name] for name in key)
            if not any(isinstance(value, list | dict) for value in values):
                yield key, values
