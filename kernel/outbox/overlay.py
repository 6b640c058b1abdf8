"""Waiting edits laid over rows that were read before. Pure: data in, data out.

A changed row stays where it stands, also where it would sort or filter otherwise now. New rows stand before all others,
since their places among them are the server's to tell, in the query's order among themselves and under its filter; one
of which nobody can tell here whether it passes is shown, and told apart (:func:`unsure_rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from kernel.expression import parse
from kernel.expression.error import ExpressionError
from kernel.outbox.entry import Waiting
from kernel.tables.block import Block
from kernel.tables.change import Delete, Insert, Key, is_temporary
from kernel.tables.query import Query
from kernel.tables.schema import Reference, Schema


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
    """The keys of the new rows that the query has, in its order; they stand before its other rows."""
    if query.keys is not None:
        wanted = set(map(tuple, query.keys))
        return [key for key in overlay.inserted if key in wanted]
    test = _test(query, schema)
    rows = [(key, row) for key in overlay.inserted if test(row := _row(overlay, key, schema)) is not False]
    sorts = []
    for sort in query.sort:
        if schema.column(sort.column) is None:
            break  # read through a reference, or worked out: what comes after it orders nothing
        sorts.append((lambda pair, name=sort.column: _ordered(pair[1].get(name)), sort.is_descending))
    if sorts:
        from kernel.tables.order import sort_rows

        sort_rows(rows, sorts)
    return [key for key, _ in rows]


def _ordered(value: Any) -> Any:
    """What to sort by: rows without a number yet stand as they will be numbered, in the order of their making."""
    return -value if is_temporary(value) else value


def unsure_rows(overlay: Overlay, query: Query, schema: Schema) -> set[Key]:
    """The new rows of which only the server can tell whether they pass the query's filter."""
    test = _test(query, schema)
    return {key for key in overlay.inserted if test(_row(overlay, key, schema)) is None}


def _row(overlay: Overlay, key: Key, schema: Schema) -> dict[str, Any]:
    """A new row's values, its key among them."""
    return {**overlay.inserted[key], **dict(zip(schema.key, key, strict=False))}


#: Table and key → what is known of the row.
Lookup = Callable[[str, Key], dict[str, Any]]


def laid_over(
    block: Block, overlay: Overlay, schema: Schema, new: Sequence[Key] = (), hides: bool = True,
    lookup: Lookup | None = None, schema_of: Callable[[str], Schema | None] | None = None,
) -> Block:  # fmt: skip
    """The rows as they will be.

    Args:
        block: Rows that were read.
        overlay: What waits.
        schema: Of the table.
        new: Keys of new rows to be put before the block's.
        hides: Whether rows that go are left out.
        lookup, schema_of: For what is read through references that were changed; None = nothing is known of it.
    """
    kept = [index for index, key in enumerate(block.keys) if not hides or key not in overlay.deleted]
    columns: dict[str, list[Any]] = {}
    for path, values in block.columns.items():
        behind = _reader(path, schema, lookup, schema_of)
        rows = [_row(overlay, key, schema) for key in new]
        columns[path] = [row[path] if path in row else behind(row) for row in rows]
        for index in kept:
            changed = overlay.updated.get(block.keys[index])
            columns[path].append(_value(changed, path, schema, values[index], behind) if changed else values[index])
    keys = [*new, *(block.keys[index] for index in kept)]
    return Block(block.start, columns, keys, [""] * len(new) + [block.versions[index] for index in kept])


def _test(query: Query, schema: Schema) -> Callable[[dict[str, Any]], bool | None]:
    """Whether a new row is one of the query's; None where that cannot be told without the server."""
    if not query.filter.strip():
        return lambda _row: True
    try:
        expression = parse(query.filter)
    except ExpressionError:
        return lambda _row: None
    columns = {column.name for column in schema.columns}

    def test(row: dict[str, Any]) -> bool | None:
        try:
            return bool(expression.evaluate(lambda name: row.get(name) if name in columns else query.parameters[name]))
        except (ExpressionError, KeyError):
            return None

    return test


def _value(
    changed: dict[str, Any], path: str, schema: Schema, stored: Any, behind: Callable[[dict[str, Any]], Any]
) -> Any:
    """A value of a changed row."""
    if path in changed:
        return changed[path]
    reference = _reference(path, schema)
    return behind(changed) if reference is not None and any(name in changed for name in reference.via) else stored


def _reference(path: str, schema: Schema) -> Reference | None:
    """The reference through which a path is read, or None."""
    return schema.reference(path.partition(".")[0].partition(":")[0]) if schema.column(path) is None else None


def _reader(
    path: str, schema: Schema, lookup: Lookup | None, schema_of: Callable[[str], Schema | None] | None
) -> Callable[[dict[str, Any]], Any]:
    """A row's own values → what the path reads through a reference; None where that is not known here."""
    reference = _reference(path, schema)
    target = schema_of(reference.table) if reference is not None and schema_of is not None else None
    if reference is None or target is None or lookup is None or reference.columns != target.key:
        return lambda _row: None
    names = target.label if path.endswith(":label") else (path.partition(".")[2],)

    def read(row: dict[str, Any]) -> Any:
        key = tuple(row.get(name) for name in reference.via)
        found = lookup(reference.table, key) if None not in key else {}
        values = [found[name] for name in names if found.get(name) not in (None, "")]
        return values[0] if len(values) == 1 else " ".join(map(str, values)) or None

    return read
