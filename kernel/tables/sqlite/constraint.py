"""SQLite's refusals as sentences that name the column."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from kernel.tables.change import Change, Delete, Insert
from kernel.tables.check import heading
from kernel.tables.check_rule import broken_words
from kernel.tables.error import ConstraintError
from kernel.tables.outcome import missing_error, taken_error, used_message
from kernel.tables.schema import Reference, Schema, title_of
from kernel.tables.sqlite.check_clause import find_check, names_in
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.shapes import Shapes
from kernel.words import mark

_INDEX = re.compile(r"index '(.*)'", re.DOTALL)
_STRICT = re.compile(r"cannot store (\w+) value in (\w+) column (.+)$")


def explain(error: sqlite3.IntegrityError, connection: sqlite3.Connection, schema: Schema, shapes: Shapes,
            change: Change, index: int) -> ConstraintError:
    """The error to show for one that SQLite raised while a change was written."""
    text = str(error)
    kind, _, detail = text.partition(" constraint failed")
    detail = detail.removeprefix(": ")
    if kind == "FOREIGN KEY":
        return explain_references(connection, schema, shapes, [change], index)
    if kind == "CHECK":
        return _broken_check(schema, shapes, detail, index)
    named_columns = _index_columns(connection, detail) or detail.removeprefix(f"{schema.name}.").split(
        f", {schema.name}.")
    columns = [column for column in schema.columns if column.name in named_columns]
    first = columns[0].name if columns else ""
    named = " and ".join(map(heading, columns)) or "key"
    if kind == "NOT NULL":
        return ConstraintError(mark("{column} must not be empty").format(column=named), column=first, index=index)
    if kind == "UNIQUE":
        return taken_error(columns, index)
    strict = _STRICT.search(text)
    if strict:
        column = schema.column(strict.group(3).removeprefix(f"{schema.name}."))
        return ConstraintError(f"{heading(column) if column else 'the value'} must be {strict.group(2).lower()}, "
                               f"not {strict.group(1).lower()}", column=column.name if column else "", index=index)
    if text == "datatype mismatch":
        said = mark("{column} must be a whole number").format(column=schema.key[0])
        return ConstraintError(said, column=schema.key[0], index=index)
    return ConstraintError(text, index=index)


def _broken_check(schema: Schema, shapes: Shapes, told: str, index: int) -> ConstraintError:
    clause = find_check(shapes.need(schema.name).sql, told)
    text, name = (clause.text, clause.name) if clause is not None else (told, "")
    words = clause.names if clause is not None else names_in(told)
    columns = [column for column in schema.columns if column.name.lower() in words]
    message, hint = broken_words(text, name, schema.name, schema.columns, columns)
    names = tuple(column.name for column in columns)
    return ConstraintError(message, column=names[0] if names else "", index=index, hint=hint, names=names)


def _index_columns(connection: sqlite3.Connection, detail: str) -> list[str]:
    """The columns of the index that ``index 'NAME'`` is about; those of its expressions by the index's SQL."""
    found = _INDEX.fullmatch(detail)
    if not found:
        return []
    row = connection.execute("SELECT sql, tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?",
                             (found.group(1).replace("''", "'"),)).fetchone()
    if row is None or not isinstance(row[0], str):
        return []
    words = names_in(row[0][row[0].find("(") :])
    return [name for (name,) in connection.execute("SELECT name FROM pragma_table_xinfo(?)", (row[1],))
            if name.lower() in words]


def explain_references(connection: sqlite3.Connection, schema: Schema, shapes: Shapes, changes: Sequence[Change],
                       index: int | None = None) -> ConstraintError:
    """Which reference a change breaks: its own to a row that is not there, or others' to a row that goes."""
    for place, change in enumerate(changes):
        found = find_broken(connection, schema, shapes, change, place if index is None else index)
        if found:
            return found
    return ConstraintError(mark("the row refers to one that does not exist, or is still referred to"), index=index or 0)


def find_broken(connection: sqlite3.Connection, schema: Schema, shapes: Shapes, change: Change,
                index: int) -> ConstraintError | None:
    """The error of the reference that one change breaks, or None."""
    found = None if isinstance(change, Delete) else _missing(connection, schema, shapes, change, index)
    if found is None and not isinstance(change, Insert):
        found = _used(connection, schema, shapes, change, index)
    return found


def _missing(connection: sqlite3.Connection, schema: Schema, shapes: Shapes, change: Any,
             index: int) -> ConstraintError | None:
    shape = shapes.find(schema.name)
    for reference in schema.references:
        if shape is None or not any(name in change.values for name in reference.via):
            continue
        row = dict(_stored_row(connection, schema, shapes, change)) if not isinstance(change, Insert) else {}
        row.update({name: shape.codecs[name].to_stored(change.values[name]) for name in reference.via
                    if name in change.values})
        wanted = [row.get(name) for name in reference.via]
        if None not in wanted and not _count(connection, reference.table, reference.columns, wanted):
            return missing_error(reference, wanted, index)
    return None


def _used(connection: sqlite3.Connection, schema: Schema, shapes: Shapes, change: Any,
          index: int) -> ConstraintError | None:
    key = list(shapes_key(shapes, schema, change))
    for other in shapes.names():
        shape = shapes.find(other)
        for reference in shape.schema.references if shape else ():
            if reference.table != schema.name or set(reference.columns) != set(schema.key):
                continue
            held = [key[schema.key.index(name)] for name in reference.columns]
            count = _count(connection, other, reference.via, held, _collations(connection, schema.name, reference))
            if count and (isinstance(change, Delete) or any(name in change.values for name in reference.columns)):
                named = ", ".join(map(str, held))
                message = used_message(f"{title_of(schema.name)} {named}", count, other)
                return ConstraintError(message, index=index, used_by=other)
    return None


def shapes_key(shapes: Shapes, schema: Schema, change: Any) -> list[Any]:
    """A change's key as it is stored."""
    shape = shapes.need(schema.name)
    return [shape.codecs[name].to_stored(value) for name, value in zip(schema.key, change.key, strict=True)]


def _stored_row(connection: sqlite3.Connection, schema: Schema, shapes: Shapes, change: Any) -> dict[str, Any]:
    shape = shapes.need(schema.name)
    names = [quote(name) if schema.column(name) else shape.rowid for name in schema.key]
    where = " AND ".join(f"{name} IS ?" for name in names)
    wanted = [name for reference in schema.references for name in reference.via]
    row = connection.execute(f"SELECT {', '.join(map(quote, wanted))} FROM {quote(schema.name)} WHERE {where}",
                             shapes_key(shapes, schema, change)).fetchone()
    return dict(zip(wanted, row, strict=True)) if row else {}


def _collations(connection: sqlite3.Connection, table: str, reference: Reference) -> dict[str, str]:
    """How a reference compares each of its columns: by the collation of the column that it refers to."""
    found = connection.execute(
        "SELECT info.name, info.coll FROM pragma_index_list(?) AS list, pragma_index_xinfo(list.name) AS info"
        ' WHERE list."unique" AND NOT list.partial AND info.key', (table,)).fetchall()
    known = {name: collation for name, collation in found if name is not None}
    return {ours: known.get(theirs, "BINARY") for ours, theirs in zip(reference.via, reference.columns, strict=True)}


def _count(connection: sqlite3.Connection, table: str, columns: Sequence[str], values: Sequence[Any],
           collations: Mapping[str, str] | None = None) -> int:
    by_name = {name: f" COLLATE {quote(collation)}" for name, collation in (collations or {}).items()}
    where = " AND ".join(f"{quote(name)}{by_name.get(name, '')} = ?" for name in columns)
    return connection.execute(f"SELECT count(*) FROM {quote(table)} WHERE {where}", list(values)).fetchone()[0]
