"""PostgreSQL's refusals of a change as sentences that name the column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import psycopg

from kernel.tables.change import Change, Delete, Insert
from kernel.tables.check import heading
from kernel.tables.check_rule import broken_words
from kernel.tables.error import ConstraintError
from kernel.tables.outcome import missing_error, taken_error, used_message
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.introspect import Constraint, Relation, Shape
from kernel.tables.postgres.name import quote
from kernel.tables.postgres.shapes import Shapes
from kernel.tables.schema import Column, Reference, title_of

#: Classes of SQLSTATE: values that do not fit, constraints, what triggers and views raise.
_REFUSALS = ("22", "23", "P0001", "44", "428C9")

#: SQLSTATEs of values that are longer than their column; a cast cuts them without a word.
_CUT = ("22001", "22026")


def is_refusal(error: psycopg.Error) -> bool:
    """Whether the error is about the values of a change."""
    return (error.sqlstate or "").startswith(_REFUSALS)


def explain(error: psycopg.Error, connection: Connection, shapes: Shapes, shape: Shape, change: Change,
            index: int) -> ConstraintError:
    """The error to show for one that PostgreSQL raised while a change was written.

    Args:
        error: PostgreSQL's.
        connection: One without an open transaction.
        shapes: All tables'.
        shape: The table's.
        change: What was refused.
        index: Its place in the commit.
    """
    work = _Refusal(error, connection, shapes, shape, change, index)
    make = _MAKERS.get(error.sqlstate or "", _Refusal.other)
    return make(work)


class _Refusal:
    """One refusal and what it is about."""

    def __init__(self, error: psycopg.Error, connection: Connection, shapes: Shapes, shape: Shape, change: Change,
                 index: int) -> None:
        self._diagnosis = error.diag
        self._is_cut = error.sqlstate in _CUT
        self._connection = connection
        self._shapes = shapes
        self._shape = shape
        self._change = change
        self._index = index

    def empty(self) -> ConstraintError:
        """A value is missing."""
        values = getattr(self._change, "values", {})
        of_domain = [column.name for column in self._shape.schema.columns
                     if column.is_required and values.get(column.name, "") is None]
        named = self._diagnosis.column_name
        return self._error("{} must not be empty", [named] if named else of_domain[:1])

    def taken(self) -> ConstraintError:
        """Another row has the value."""
        name = self._diagnosis.constraint_name or ""
        constraint = self._constraint(name)
        columns = constraint.columns if constraint else self._index_columns(name)
        return taken_error(self._columns(columns), self._index)

    def reference(self) -> ConstraintError:
        """A row refers to one that is not there, or others refer to one that goes."""
        name = self._diagnosis.constraint_name or ""
        own = self._constraint(name, "f")
        if own is not None and not isinstance(self._change, Delete):
            missing = self._missing(own)
            if missing is not None:
                return missing
        for other in self._shapes.relations:
            used = self._used(other, name)
            if used is not None:
                return used
        return self._error(self._said(), own.columns[:1] if own else ())

    def check(self) -> ConstraintError:
        """A check of the table or of a domain is broken."""
        constraint = self._constraint(self._diagnosis.constraint_name or "", "c")
        if constraint is None:
            return self._of_domain()
        text = constraint.text.removeprefix("CHECK ").removesuffix(" NOT VALID")
        text = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        columns, schema = self._columns(constraint.columns), self._shape.schema
        message, hint = broken_words(text, constraint.name, schema.name, schema.columns, columns)
        names = tuple(column.name for column in columns)
        return ConstraintError(message, column=names[0] if names else "", index=self._index, hint=hint, names=names)

    def other(self) -> ConstraintError:
        """Whatever else: which value it is about is tried out."""
        column = self._guilty()
        message = "{} cannot hold that: " + self._said() if column else self._said()
        return self._error(message, [column] if column else [])

    def spoken(self) -> ConstraintError:
        """What a trigger says, as it says it."""
        column = self._diagnosis.column_name
        named = column if column and self._shape.schema.column(column) else ""
        return ConstraintError(self._diagnosis.message_primary or "a trigger refuses the change", column=named,
                               index=self._index, hint=self._diagnosis.message_hint or "")

    def _said(self) -> str:
        return (self._diagnosis.message_primary or "the database refuses the change").replace("{", "{{").replace(
            "}", "}}")

    def _error(self, message: str, names: Sequence[str]) -> ConstraintError:
        columns = self._columns(names)
        named = " and ".join(map(heading, columns)) or "key"
        first = columns[0].name if columns else ""
        return ConstraintError(message.format(named), column=first, index=self._index,
                               names=tuple(column.name for column in columns))

    def _columns(self, names: Sequence[str]) -> list[Column]:
        return [column for column in map(self._shape.schema.column, names) if column is not None]

    def _constraint(self, name: str, kind: str = "") -> Constraint | None:
        return next((one for one in self._shape.relation.constraints
                     if one.name == name and kind in ("", one.kind)), None)

    def _index_columns(self, name: str) -> list[str]:
        """The columns of a unique index, those of its expressions among them."""
        rows = self._connection.execute(
            "SELECT a.attname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
            " JOIN pg_depend AS d ON d.objid = c.oid AND d.refobjid = i.indrelid AND d.refobjsubid > 0"
            " JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid"
            " WHERE c.relname = %s AND i.indrelid = %s ORDER BY a.attnum", [name, self._shape.relation.oid])
        return [row[0] for row in rows]

    def _missing(self, own: Constraint) -> ConstraintError | None:
        target = next((one for one in self._shapes.relations.values() if one.oid == own.other), None)
        values = dict(getattr(self._change, "values", {}))
        if not isinstance(self._change, Insert):
            values = {**self._stored(own.columns), **values}
        wanted = [values.get(name) for name in own.columns]
        if target is None or None in wanted or self._count(target, own.other_columns, own.columns, wanted):
            return None
        reference = next((one for one in self._shape.schema.references if one.via == own.columns), None)
        reference = reference or Reference(own.columns[0], "", own.columns, own.other_columns)
        return missing_error(reference, wanted, self._index)

    def _used(self, other: str, name: str) -> ConstraintError | None:
        relation = self._shapes.relations[other]
        schema = self._shape.schema
        for one in relation.constraints:
            if one.name != name or one.kind != "f" or one.other != self._shape.relation.oid:
                continue
            held = [self._stored(one.other_columns).get(column) for column in one.other_columns]
            count = 0 if None in held else self._count(relation, one.columns, one.other_columns, held)
            if count:
                row = f"{title_of(schema.name)} {', '.join(map(str, held))}"
                return ConstraintError(used_message(row, count, other), index=self._index, used_by=other)
        return None

    def _stored(self, names: Sequence[str]) -> dict[str, Any]:
        """What stands in some columns of the row that was to be changed."""
        shape = self._shape
        codecs = [shape.codecs[name] for name in shape.schema.key]
        where = " AND ".join(f"{quote(name)} = %s::{codec.cast}" for name, codec in
                             zip(shape.schema.key, codecs, strict=True))
        read = ", ".join(shape.codecs[name].read.format(quote(name)) for name in names)
        key = [codec.key_parameter(value) for codec, value in
               zip(codecs, getattr(self._change, "key", ()), strict=False)]
        row = self._connection.execute(f"SELECT {read} FROM {shape.relation.sql} WHERE {where}", key).fetchone()
        return dict(zip(names, row, strict=True)) if row else {}

    def _count(self, relation: Relation, names: Sequence[str], like: Sequence[str], values: Sequence[Any]) -> int:
        """How many rows have the values, which are written as those of this table's columns ``like``."""
        codecs = [self._shape.codecs[name] for name in like]
        where = " AND ".join(f"{quote(name)} = %s::{codec.cast}" for name, codec in zip(names, codecs, strict=True))
        sent = [codec.encode(value) for codec, value in zip(codecs, values, strict=True)]
        row = self._connection.execute(f"SELECT count(*) FROM {relation.sql} WHERE {where}", sent).fetchone()
        return row[0] if row else 0

    def _of_domain(self) -> ConstraintError:
        """A domain's check: the column is the one whose value the domain refuses."""
        column = self._guilty()
        name = self._diagnosis.constraint_name or ""
        row = self._connection.execute(
            "SELECT pg_get_constraintdef(o.oid, true) FROM pg_constraint AS o JOIN pg_type AS t ON t.oid = o.contypid"
            " WHERE o.conname = %s AND t.typname = %s", [name, self._diagnosis.datatype_name or ""]).fetchone()
        text = row[0].removeprefix("CHECK ") if row else name
        text = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        columns = self._columns([column] if column else [])
        known = [msgspec.structs.replace(columns[0], name="value", label=heading(columns[0]))] if columns else []
        message, hint = broken_words(text, name, self._diagnosis.datatype_name or "", known, columns)
        return ConstraintError(message, column=column, index=self._index, hint=hint, names=(column,) if column else ())

    def _guilty(self) -> str:
        """The column whose value PostgreSQL cannot take for its type."""
        for name, value in getattr(self._change, "values", {}).items():
            codec = self._shape.codecs.get(name)
            column: Column | None = self._shape.schema.column(name)
            if codec is None or column is None or value is None:
                continue
            declared = next(row[2] for row in self._shape.relation.columns if row[0] == name).replace("%", "%%")
            sql = f"SELECT (%s::{codec.cast}::{declared})::text IS DISTINCT FROM (%s::{codec.cast})::text"
            try:
                row = self._connection.execute(sql, [codec.encode(value)] * 2).fetchone()
            except (psycopg.DataError, psycopg.IntegrityError):
                return name
            if codec.kind == "text" and self._is_cut and row and row[0]:
                return name
        return ""


#: SQLSTATE → what makes its error (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_MAKERS: dict[str, Callable[[_Refusal], ConstraintError]] = {
    "23502": _Refusal.empty,
    "23505": _Refusal.taken,
    "23P01": _Refusal.taken,
    "23503": _Refusal.reference,
    "23514": _Refusal.check,
    "P0001": _Refusal.spoken,
}
