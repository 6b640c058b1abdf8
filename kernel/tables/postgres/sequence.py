"""The order in which the changes of a commit are written, as PostgreSQL checks each reference at once.

A row that others of the same commit refer to is written before them. Which rows refer to one that goes is not known
here: such changes are tried, and wait for the others where PostgreSQL refuses them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kernel.tables.change import Delete, Insert, Part
from kernel.tables.schema import Reference, Schema

#: A change: the number of its part, and its place there.
Place = tuple[int, int]
SchemaOf = Callable[[str], Schema]


class _Step(NamedTuple):
    place: Place
    is_left: bool


def write_order(parts: Sequence[Part], schema_of: SchemaOf) -> list[Place]:
    """The places of all changes, in the order of the parts except where a row is referred to before it is there."""
    given = _given(parts, schema_of)
    order: list[Place] = []
    state: dict[Place, bool] = {}
    for number, part in enumerate(parts):
        for index in range(len(part.changes)):
            ahead = [_Step((number, index), False)]
            while ahead:
                step = ahead.pop()
                if step.is_left:
                    order.append(step.place)
                elif step.place not in state:
                    state[step.place] = True
                    ahead.append(_Step(step.place, True))
                    ahead += [_Step(one, False) for one in _wanted(parts, schema_of, given, step.place)]
    return order


def has_removals(parts: Sequence[Part], schema_of: SchemaOf) -> bool:
    """Whether rows go, or their keys change, that other rows of the commit may refer to."""
    referred = {reference.table for part in parts for reference in schema_of(part.table).references}
    return any(
        isinstance(change, Delete) or (not isinstance(change, Insert) and not change.values.keys().isdisjoint(
            schema_of(part.table).key))
        for part in parts if part.table in referred for change in part.changes)


def _given(parts: Sequence[Part], schema_of: SchemaOf) -> dict[tuple[Any, ...], Place]:
    """(Table, columns, values) that references of the commit may lead to → the change that brings them."""
    wanted = {(reference.table, reference.columns) for part in parts for reference in schema_of(part.table).references}
    found: dict[tuple[Any, ...], Place] = {}
    for number, part in enumerate(parts):
        for table, columns in wanted:
            for index, change in enumerate(part.changes if part.table == table else ()):
                values = {} if isinstance(change, Delete) else change.values
                if all(name in values for name in columns):
                    found[table, columns, _values(values, columns)] = number, index
    return found


def _wanted(parts: Sequence[Part], schema_of: SchemaOf, given: dict[tuple[Any, ...], Place],
            place: Place) -> list[Place]:
    """The changes that bring what one change refers to."""
    part = parts[place[0]]
    change = part.changes[place[1]]
    references: tuple[Reference, ...] = () if isinstance(change, Delete) else schema_of(part.table).references
    keys = [(one.table, one.columns, _values(change.values, one.via)) for one in references  # type: ignore[union-attr]
            if all(name in change.values for name in one.via)]  # type: ignore[union-attr]
    return [given[key] for key in keys if key in given and given[key] != place]


def _values(values: dict[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(repr(values[name]) for name in names)
