"""Commits to a table in memory: applied to a copy, checked, then swapped in whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kernel.tables.change import Change, Committed, Delete, Insert, Key
from kernel.tables.check import fit, heading
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError
from kernel.tables.outcome import change_between, check_values, used_message
from kernel.tables.schema import title_of

if TYPE_CHECKING:
    from kernel.tables.memory.table import MemoryTable, Row


def commit(table: MemoryTable, changes: Sequence[Change]) -> Committed:
    """Write all changes or none; see :meth:`kernel.tables.contract.Table.commit`. The source is locked."""
    schema = table.schema
    if not schema.is_editable:
        raise ReadOnlyError(schema.read_only_reason or f"{schema.title or schema.name} cannot be edited")
    _check_versions(table, changes)
    rows = dict(table.rows)
    keys = [_apply(table, rows, change, index) for index, change in enumerate(changes)]
    _check_references(table, rows, changes, keys)
    change = change_between(schema.name, changes, keys)
    table.rows = rows
    return Committed(tuple(keys), change)


def _check_versions(table: MemoryTable, changes: Sequence[Change]) -> None:
    from kernel.tables.memory.table import VERSION

    wrong = []
    for index, change in enumerate(changes):
        if not isinstance(change, Insert):
            row = table.rows.get(tuple(change.key))
            if row is None or (change.version and row[VERSION] != change.version):
                wrong.append((index, row))
    if wrong:
        readers = {column.name: table.reader(column.name) for column in table.schema.columns}
        current = table.block([row for _, row in wrong if row is not None], readers)
        verb = "deleted" if wrong[0][1] is None else "changed"
        raise ConflictError(f"the row was {verb} by somebody else", current=current, index=wrong[0][0])


def _apply(table: MemoryTable, rows: dict[Key, Row], change: Change, index: int) -> Key:
    from kernel.tables.memory.table import VERSION

    schema = table.schema
    check_values(schema, change, index)
    if isinstance(change, Delete):
        if rows.pop(tuple(change.key), None) is None:
            raise ConstraintError("the row is deleted twice", index=index)
        return tuple(change.key)
    if isinstance(change, Insert):
        row = table.new_row(change.values, rows)
    else:
        if tuple(change.key) not in rows:
            raise ConstraintError("the row is already gone", index=index)
        row = dict(rows.pop(tuple(change.key)))
        for name, value in change.values.items():
            column = schema.column(name)
            row[name] = fit(column, value) if column else value
        row[VERSION] = table.next_version()
    for column in schema.columns:
        if (column.is_required or column.name in schema.key) and row[column.name] is None and not column.is_generated:
            raise ConstraintError(f"{heading(column)} must not be empty", column=column.name, index=index)
    key = table.key_of(row)
    if key in rows:
        columns = [column for column in schema.columns if column.name in schema.key]
        named = " and ".join(map(heading, columns))
        raise ConstraintError(f"There is already a row with that {named}", column=columns[0].name, index=index)
    rows[key] = row
    return key


def _check_references(table: MemoryTable, rows: dict[Key, Row], changes: Sequence[Change], keys: Sequence[Key]) -> None:
    """Every reference out of the changed rows and into the removed ones must hold afterwards."""
    schema = table.schema
    for index, (change, key) in enumerate(zip(changes, keys, strict=True)):
        row = rows.get(key)
        for reference in schema.references if row is not None and not isinstance(change, Delete) else ():
            wanted = tuple(row[name] for name in reference.via)
            target = table.source.find(reference.table)
            if target is None or None in wanted:
                continue
            held = rows if target is table else target.rows
            if not any(tuple(other[name] for name in reference.columns) == wanted for other in held.values()):
                raise ConstraintError(f"{title_of(reference.name)} {', '.join(map(str, wanted))} does not exist",
                                      column=reference.via[0], index=index)
    before = {id(row) for row in rows.values()}
    removed = [(index, table.rows[tuple(change.key)]) for index, change in enumerate(changes)
               if not isinstance(change, Insert) and id(table.rows.get(tuple(change.key))) not in before]
    for index, row in removed:
        _check_unused(table, rows, row, index)


def _check_unused(table: MemoryTable, rows: dict[Key, Row], row: Row, index: int) -> None:
    for other in table.source.all_tables():
        for reference in other.schema.references:
            if reference.table != table.schema.name:
                continue
            held = tuple(row[name] for name in reference.columns)
            if None in held or any(tuple(now[name] for name in reference.columns) == held for now in rows.values()):
                continue
            others = rows if other is table else other.rows
            count = sum(tuple(user[name] for name in reference.via) == held for user in others.values())
            if count:
                named = ", ".join(map(str, held))
                raise ConstraintError(used_message(f"{table.schema.title or title_of(table.schema.name)} {named}",
                                                   count, other.schema.name), index=index)
