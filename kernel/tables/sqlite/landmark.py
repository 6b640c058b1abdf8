"""Landmarks: the key of every so-manieth row, so that a position in the table's own order is a short step from one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kernel.tables.contract import Report
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Reader
from kernel.tables.sqlite.known import Kept
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.plan import Plan

#: Rows from one landmark to the next; stepping over them takes 0.05 ms.
STEP = 4096
_LAST = 2**63 - 1


class Landmarks(NamedTuple):
    """Landmarks of a table.

    Attributes:
        columns: SQL of the key.
        keys: Stored keys of the rows 0, ``step``, 2 · ``step`` …
        count: Rows of the table.
        step: Rows from one landmark to the next.
        last: The greatest first part of a key; None in an empty table.
        is_counted: Whether ``keys`` and ``count`` are exact; else they are about so, and only :meth:`spans` is meant.
    """

    columns: tuple[str, ...]
    keys: list[tuple[Any, ...]]
    count: int
    step: int
    last: Any
    is_counted: bool = True

    def key_at(self, reader: Reader, plan: Plan, position: int) -> tuple[Any, ...] | None:
        """The key of the row at a position; None behind the last."""
        if not 0 <= position < self.count:
            return None
        key, rest = self.keys[position // self.step], position % self.step
        return _key_from(reader, plan, self.columns, key, rest) if rest else key

    def position_of(self, reader: Reader, plan: Plan, key: Sequence[Any]) -> int:
        """How many rows come before a key, which need not be there."""
        low, high = 0, len(self.keys)
        while low < high:
            middle = (low + high) // 2
            is_before = reader.connection.execute(
                f"SELECT {_row('?' * len(key))} < {_row('?' * len(key))}", [*self.keys[middle], *key]).fetchone()[0]
            low, high = (middle + 1, high) if is_before else (low, middle)
        if not low:
            return 0
        found = reader.connection.execute(
            f"SELECT count(*) FROM {quote(plan.shape.schema.name)} AS t0"
            f" WHERE {_row(self.columns)} >= {_row('?' * len(key))} AND {_row(self.columns)} < {_row('?' * len(key))}",
            [*self.keys[low - 1], *key])
        return (low - 1) * self.step + found.fetchone()[0]

    def rows(self, size: int) -> int:
        """The rows of each of :meth:`spans` but the last."""
        return max(size // self.step, 1) * self.step

    def spans(self, size: int) -> list[tuple[int, int]]:
        """The table in parts of about ``size`` rows, from the first to the last row number of each."""
        starts = [key[0] for key in self.keys[:: self.rows(size) // self.step]]
        return list(zip(starts, [*(start - 1 for start in starts[1:]), _LAST], strict=True))


def ends(reader: Reader, plan: Plan) -> tuple[int, int] | None:
    """The least and the greatest row number; None in an empty table."""
    rowid = f"t0.{plan.shape.rowid}"
    first, last = (reader.connection.execute(f"SELECT {end}({rowid}) FROM {_table(plan)}").fetchone()[0]
                   for end in ("min", "max"))
    return None if first is None else (first, last)


def find_landmarks(reader: Reader, plan: Plan, report: Report = lambda part: None) -> Landmarks | None:
    """The table's landmarks, made now if they are not known; None for views and keys without an order of their own."""
    columns = _columns(reader, plan)
    if columns is None:
        return None
    return reader.known.once(_name(plan), lambda told: _made(reader, plan, columns, told), report)


def known_landmarks(reader: Reader, plan: Plan) -> Landmarks | None:
    """The table's landmarks if they were made before."""
    return reader.known.find(_name(plan))


def is_in_row_order(reader: Reader, plan: Plan) -> bool:
    """Whether the landmarks follow the order of a query without sort keys."""
    if not plan.shape.rowid:
        return _columns(reader, plan) is not None
    name = f"row order {plan.shape.schema.name}"
    known = reader.known.find(name)
    if known is None:
        steps = _steps(reader, f"SELECT 1 FROM {_table(plan)}{plan.order(Query())}")
        known = steps == ["SCAN t0"]
        reader.known.keep(name, Kept(known, 1, plan.used()))
    return known


def _name(plan: Plan) -> str:
    return f"landmarks {plan.shape.schema.name}"


def _columns(reader: Reader, plan: Plan) -> tuple[str, ...] | None:
    if plan.shape.rowid:
        return (f"t0.{plan.shape.rowid}",)
    columns = tuple(sql for _, sql in plan.key_columns())
    if not columns or not plan.shape.schema.is_editable:
        return None
    steps = _steps(reader, f"SELECT 1 FROM {_table(plan)}{plan.order(Query())}")
    return None if any("TEMP B-TREE" in step for step in steps) else columns


def _steps(reader: Reader, sql: str) -> list[str]:
    return [row[3] for row in reader.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


def _made(reader: Reader, plan: Plan, columns: tuple[str, ...], report: Report) -> Kept:
    names = ", ".join(columns)
    key = reader.connection.execute(f"SELECT {names} FROM {_table(plan)} ORDER BY {names} LIMIT 1").fetchone()
    keys = [key] if key else []
    last = reader.connection.execute(f"SELECT max({columns[0]}) FROM {_table(plan)}").fetchone()[0]
    if plan.shape.rowid and keys:
        count = reader.connection.execute(f"SELECT count(*) FROM {_table(plan)}").fetchone()[0]
        if last - key[0] + 1 == count:  # no number is missing
            keys = [(number,) for number in range(key[0], last + 1, STEP)]
            return Kept(Landmarks(columns, keys, count, STEP, last), len(keys) * 100, plan.used())
    while (key := _key_from(reader, plan, columns, keys[-1], STEP) if keys else None) is not None:
        keys.append(key)
        report(_part(keys[0][0], key[0], last))
    count = 0
    if keys:
        rest = reader.connection.execute(
            f"SELECT count(*) FROM {_table(plan)} WHERE {_row(columns)} >= {_row('?' * len(columns))}", keys[-1])
        count = (len(keys) - 1) * STEP + rest.fetchone()[0]
    return Kept(Landmarks(columns, keys, count, STEP, last), len(keys) * 100, plan.used())


def _key_from(reader: Reader, plan: Plan, columns: tuple[str, ...], key: Sequence[Any],
              steps: int) -> tuple[Any, ...] | None:
    """The key ``steps`` rows behind that of a row that is there."""
    names = ", ".join(columns)
    return reader.connection.execute(
        f"SELECT {names} FROM {_table(plan)} WHERE {_row(columns)} >= {_row('?' * len(columns))}"
        f" ORDER BY {names} LIMIT 1 OFFSET {steps}", key).fetchone()


def _part(first: Any, now: Any, last: Any) -> float:
    if all(isinstance(value, int) for value in (first, now, last)) and last > first:
        return (now - first) / (last - first)
    return 0.0


def _table(plan: Plan) -> str:
    return f"{quote(plan.shape.schema.name)} AS t0"


def _row(columns: Sequence[str]) -> str:
    return columns[0] if len(columns) == 1 else f"({', '.join(columns)})"
