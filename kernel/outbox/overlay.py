"""Waiting edits laid over rows that were read before. Pure: data in, data out.

A changed row stays where it stands, also where it would sort or filter otherwise now; new ones stand before all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from kernel.expression import parse
from kernel.expression.error import ExpressionError
from kernel.outbox.entry import Waiting
from kernel.tables.block import Block
from kernel.tables.change import Delete, Insert, Key
from kernel.tables.query import Query
from kernel.tables.schema import Schema


class Overlay(NamedTuple):
    """What waits for one table: key → new values, values of new rows by their keys, and keys of rows that go."""

    updated: dict[Key, dict[str, Any]]
    inserted: dict[Key, dict[str, Any]]
    deleted: set[Key]

    @property
    def keys(self) -> set[Key]:
        """The rows that are shown otherwise than the server has them."""
        return {*self.updated, *self.inserted}

    def __bool__(self) -> bool:
        return bool(self.updated or self.inserted or self.deleted)


def overlay_of(table: str, entries: Iterable[Waiting]) -> Overlay:
    """What the entries, in order, do to a table."""
    overlay = Overlay({}, {}, set())
    for entry in entries:
        changes = [(part.table, change) for part in entry.parts for change in part.changes]
        for (name, change), key in zip(changes, entry.keys, strict=True):
            if name != table:
                continue
            if isinstance(change, Insert):
                overlay.inserted[key] = dict(change.values)
            elif isinstance(change, Delete):
                if overlay.inserted.pop(key, None) is None:
                    overlay.deleted.add(key)
                overlay.updated.pop(key, None)
            elif key in overlay.inserted:
                overlay.inserted[key].update(change.values)
            else:
                overlay.updated.setdefault(key, {}).update(change.values)
    return overlay


def new_rows(overlay: Overlay, query: Query, schema: Schema) -> list[Key]:
    """The keys of the new rows that the query has, in the order of their making; they stand before its other rows."""
    if query.keys is not None:
        wanted = set(map(tuple, query.keys))
        return [key for key in overlay.inserted if key in wanted]
    test = _test(query, schema)
    return [key for key, row in overlay.inserted.items() if test(row)]


def laid_over(block: Block, overlay: Overlay, schema: Schema, new: Sequence[Key] = (), hides: bool = True) -> Block:
    """The rows as they will be.

    Args:
        block: Rows that were read.
        overlay: What waits.
        schema: Of the table.
        new: Keys of new rows to be put before the block's.
        hides: Whether rows that go are left out.
    """
    kept = [index for index, key in enumerate(block.keys) if not hides or key not in overlay.deleted]
    columns: dict[str, list[Any]] = {}
    for path, values in block.columns.items():
        rows = [{**overlay.inserted[key], **dict(zip(schema.key, key, strict=False))} for key in new]
        columns[path] = [row.get(path) for row in rows] + [
            _value(overlay.updated.get(block.keys[index]), path, schema, values[index]) for index in kept
        ]
    keys = [*new, *(block.keys[index] for index in kept)]
    return Block(block.start, columns, keys, [""] * len(new) + [block.versions[index] for index in kept])


def _test(query: Query, schema: Schema) -> Callable[[dict[str, Any]], bool]:
    """Whether a new row is one of the query's; yes where that cannot be told without the server."""
    if not query.filter.strip():
        return lambda _row: True
    try:
        expression = parse(query.filter)
    except ExpressionError:
        return lambda _row: True
    columns = {column.name for column in schema.columns}

    def test(row: dict[str, Any]) -> bool:
        try:
            return bool(expression.evaluate(lambda name: row.get(name) if name in columns else query.parameters[name]))
        except (ExpressionError, KeyError):
            return True

    return test


def _value(changed: dict[str, Any] | None, path: str, schema: Schema, stored: Any) -> Any:
    """A value of a row; what is read through a reference that was changed is not known."""
    if not changed:
        return stored
    if path in changed:
        return changed[path]
    head = path.partition(".")[0].partition(":")[0]
    reference = schema.reference(head) if schema.column(path) is None else None
    return None if reference is not None and any(name in changed for name in reference.via) else stored
