"""Writes the changes of a commit to PostgreSQL in their order: rows that look alike together, in one exchange.

What goes wrong with rows that were sent together is undone and written one by one, which finds the row that is wrong.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from kernel.tables.change import Insert, Key, Part
from kernel.tables.error import ConstraintError, TableError
from kernel.tables.outcome import in_part
from kernel.tables.postgres.connection import Connection, check_interrupt
from kernel.tables.postgres.refusal import is_refusal
from kernel.tables.postgres.sequence import has_removals, write_order
from kernel.tables.postgres.table_writer import Statement, TableWriter
from kernel.tables.reporting import tell

#: Rows that are sent together.
_TOGETHER = 500


class ImpatientError(Exception):
    """A reference is missing that a later change may bring."""


class Waiting(NamedTuple):
    """A change that waits for others: its part, its place there, what writes it, and what PostgreSQL said."""

    number: int
    index: int
    statement: Statement | None
    error: psycopg.Error


class _Row(NamedTuple):
    """A change that is to be written."""

    number: int
    index: int
    statement: Statement | None


class PartsWriter:
    """Writes the changes of all parts; those that PostgreSQL refuses for others' sake are tried again after these.

    Args:
        connection: Inside the transaction.
        writers: Table → its writer.
        parts: What to write.
        is_patient: Whether a change whose reference is missing waits for later ones.
    """

    def __init__(self, connection: Connection, writers: dict[str, TableWriter], parts: tuple[Part, ...],
                 is_patient: bool) -> None:
        self._connection = connection
        self._writers = writers
        self._parts = parts
        self._keys: list[list[Key]] = [[()] * len(part.changes) for part in parts]
        self._is_alone = sum(len(part.changes) for part in parts) == 1
        self._is_patient = not self._is_alone and (
            is_patient or has_removals(parts, lambda name: writers[name].schema))
        self._rows: list[_Row] = []
        self._waiting: list[Waiting] = []

    def run(self) -> list[list[Key]]:
        """Each change's key afterwards, part by part."""
        order = write_order(self._parts, lambda name: self._writers[name].schema)
        checked: set[int] = set()
        for count, (number, index) in enumerate(order):
            part = self._parts[number]
            if number not in checked and not isinstance(part.changes[index], Insert):
                self._flush()
                self._waiting = self._again()
                with in_part(number):
                    self._writers[part.table].check_versions(part.changes)
                checked.add(number)
            self._add(number, index)
            if not count % _TOGETHER:
                tell(count / len(order))
        self._flush()
        while self._waiting:
            left = self._again()
            if len(left) == len(self._waiting):
                raise self._explained(left[0])
            self._waiting = left
        return self._keys

    def _add(self, number: int, index: int) -> None:
        """Have a change written with those that look alike; what comes before it is written first otherwise."""
        part = self._parts[number]
        try:
            with in_part(number):
                statement = self._writers[part.table].statement(part.changes[index], index)
        except TableError:
            self._flush()  # an earlier change may be wrong as well
            raise
        last = self._rows[-1] if self._rows else None
        if last is not None and (len(self._rows) == _TOGETHER or last.number != number
                                 or _sql(last.statement) != _sql(statement)):
            self._flush()
        self._rows.append(_Row(number, index, statement))

    def _flush(self) -> None:
        """Write what was added."""
        check_interrupt()
        rows, self._rows = self._rows, []
        if len(rows) > 1 and rows[0].statement is not None and self._write_together(rows):
            return
        for row in rows:
            self._waiting += self._write(row)

    def _write_together(self, rows: Sequence[_Row]) -> bool:
        """Whether PostgreSQL took them; if not nothing of them is written."""
        parameters = [row.statement.parameters for row in rows if row.statement is not None]
        answers: list[list[Any]] = []
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.executemany(_sql(rows[0].statement), parameters, returning=True)
                answers += [result.fetchall() for result in cursor.results()]
        except psycopg.Error as error:
            if self._connection.closed or not is_refusal(error):
                raise
            return False
        for row, answer in zip(rows, answers, strict=True):
            self._take(row, answer)
        return True

    def _again(self) -> list[Waiting]:
        return [left for one in self._waiting for left in self._write(_Row(one.number, one.index, one.statement))]

    def _write(self, row: _Row) -> list[Waiting]:
        """Write one change; what waits then."""
        try:
            with self._connection.transaction() if self._is_patient else contextlib.nullcontext():
                answer = None
                if row.statement is not None:
                    answer = self._connection.execute(*row.statement).fetchall()
                self._take(row, answer)
        except psycopg.Error as error:
            failed = Waiting(*row, error)
            if isinstance(error, psycopg.errors.ForeignKeyViolation) and not self._is_alone:
                if self._is_patient:
                    return [failed]
                raise ImpatientError from error
            if not is_refusal(error):
                raise
            raise self._explained(failed) from error
        return []

    def _take(self, row: _Row, answer: list[Any] | None) -> None:
        part = self._parts[row.number]
        with in_part(row.number):
            key = self._writers[part.table].key_of(part.changes[row.index], answer, row.index)
        self._keys[row.number][row.index] = key

    def _explained(self, failed: Waiting) -> ConstraintError:
        part = self._parts[failed.number]
        found = self._writers[part.table].explained(failed.error, part.changes[failed.index], failed.index)
        found.part = failed.number
        return found


def _sql(statement: Statement | None) -> str:
    return "" if statement is None else statement.sql
