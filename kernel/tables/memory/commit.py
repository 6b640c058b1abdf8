"""Commits to tables in memory: applied to copies, checked, and taken back whole when anything is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part
from kernel.tables.check import fit, heading
from kernel.tables.contract import Check
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError
from kernel.tables.memory.number import Numbers
from kernel.tables.outcome import (
    change_between,
    check_same,
    check_values,
    in_part,
    missing_error,
    taken_error,
    used_message,
)
from kernel.tables.schema import title_of
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.tables.memory.source import MemorySource
    from kernel.tables.memory.table import MemoryTable, Row

#: Answers that are remembered for commits that come again.
MOST_ANSWERS = 10_000
Rows = dict[Key, "Row"]


def commit(
    source: MemorySource, parts: Sequence[Part], id: str, check: Check | None
) -> tuple[tuple[Committed, ...], bool]:
    """Write all parts or none, and whether that was done now; see :meth:`kernel.tables.contract.Source.commit`.

    The source is locked.
    """
    parts = tuple(parts)
    if id in source.answers:
        asked, done = source.answers[id]
        check_same(asked == parts)
        return done, False
    if check is not None:
        check.before()
    before = {table: table.rows for table in source.all_tables()}
    try:
        done = _write(source, parts, before)
        if check is not None:
            check.after(done)
    except BaseException:
        for table, rows in before.items():
            table.rows = rows
        raise
    if id:
        source.answers[id] = parts, done
        while len(source.answers) > MOST_ANSWERS:
            source.answers.popitem(last=False)
    return done, True


def _write(source: MemorySource, parts: Sequence[Part], before: dict[MemoryTable, Rows]) -> tuple[Committed, ...]:
    """Apply the parts in order, then check the references of all of them."""
    done = []
    for number, part in enumerate(parts):
        with in_part(number):
            table = source.table(part.table)
            done.append(_apply_all(table, part.changes))
    for number, (part, one) in enumerate(zip(parts, done, strict=True)):
        with in_part(number):
            table = source.table(part.table)
            _check_references(table, before[table], part.changes, one.keys)
    return tuple(done)


def _apply_all(table: MemoryTable, changes: Sequence[Change]) -> Committed:
    schema = table.schema
    if not schema.is_editable:
        why = mark("{table} cannot be edited").format(table=schema.title or schema.name)
        raise ReadOnlyError(schema.read_only_reason or why)
    _check_versions(table, changes)
    rows = dict(table.rows)
    numbers = Numbers(rows)
    keys = [_apply(table, rows, numbers, change, index) for index, change in enumerate(changes)]
    table.rows = rows
    return Committed(tuple(keys), change_between(schema.name, changes, keys))


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
        is_gone = wrong[0][1] is None
        said = mark("the row was deleted by somebody else") if is_gone else mark("the row was changed by somebody else")
        raise ConflictError(said, current=current, index=wrong[0][0])


def _apply(table: MemoryTable, rows: Rows, numbers: Numbers, change: Change, index: int) -> Key:
    from kernel.tables.memory.table import VERSION

    schema = table.schema
    check_values(schema, change, index)
    if not isinstance(change, Insert):
        numbers.remove()
    if isinstance(change, Delete):
        if rows.pop(tuple(change.key), None) is None:
            raise ConstraintError(mark("the row is deleted twice"), index=index)
        return tuple(change.key)
    if isinstance(change, Insert):
        row = table.new_row(change.values, numbers)
    else:
        if tuple(change.key) not in rows:
            raise ConstraintError(mark("the row is already gone"), index=index)
        row = dict(rows.pop(tuple(change.key)))
        for name, value in change.values.items():
            column = schema.column(name)
            row[name] = fit(column, value) if column else value
        row[VERSION] = table.next_version()
    for column in schema.columns:
        if (column.is_required or column.name in schema.key) and row[column.name] is None and not column.is_generated:
            said = mark("{column} must not be empty").format(column=heading(column))
            raise ConstraintError(said, column=column.name, index=index)
    key = table.key_of(row)
    if key in rows:
        raise taken_error([column for column in schema.columns if column.name in schema.key], index)
    rows[key] = row
    numbers.add(key)
    return key


def _check_references(table: MemoryTable, before: Rows, changes: Sequence[Change], keys: Sequence[Key]) -> None:
    """Every reference out of the changed rows and into the removed ones must hold now."""
    schema = table.schema
    for index, (change, key) in enumerate(zip(changes, keys, strict=True)):
        row = table.rows.get(key)
        for reference in schema.references if row is not None and not isinstance(change, Delete) else ():
            wanted = tuple(row[name] for name in reference.via)
            target = table.source.find(reference.table)
            if target is None or None in wanted:
                continue
            if not any(tuple(other[name] for name in reference.columns) == wanted for other in target.rows.values()):
                raise missing_error(reference, wanted, index)
    now = {id(row) for row in table.rows.values()}
    removed = [(index, before[tuple(change.key)]) for index, change in enumerate(changes)
               if not isinstance(change, Insert) and tuple(change.key) in before
               and id(before[tuple(change.key)]) not in now]
    for index, row in removed:
        _check_unused(table, row, index)


def _check_unused(table: MemoryTable, row: Row, index: int) -> None:
    for other in table.source.all_tables():
        for reference in other.schema.references:
            if reference.table != table.schema.name:
                continue
            held = tuple(row[name] for name in reference.columns)
            rows = table.rows.values()
            if None in held or any(tuple(now[name] for name in reference.columns) == held for now in rows):
                continue
            count = sum(tuple(user[name] for name in reference.via) == held for user in other.rows.values())
            if count:
                named = ", ".join(map(str, held))
                raise ConstraintError(used_message(f"{table.schema.title or title_of(table.schema.name)} {named}",
                                                   count, other.schema.name), index=index, used_by=other.schema.name)
