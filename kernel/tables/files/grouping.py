"""Groups by DuckDB where they are memory's: exact counts and totals, and candidates for the least and the greatest.

DuckDB adds floats in any order and tells no letters apart as people do: floats are summed here, and of texts it finds
the candidates. What it cannot tell for certain is not told at all.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.tables.local.scan import RowGroups, Rows

_EXACT = frozenset({"key", "count", "sum", "average", "minimum", "maximum"})
_LEAST = frozenset({"key", "count", "minimum", "maximum"})
#: Column type → what groups may make of it; floats are no keys, as 0.0 and -0.0 are one there.
GROUPED: dict[str, frozenset[str]] = {
    "integer": _EXACT, "decimal": _EXACT, "real": frozenset({"count", "sum", "average"}),
    "boolean": frozenset({"key", "count"}), "date": _LEAST, "datetime": _LEAST, "text": _LEAST, "longtext": _LEAST,
    "blob": frozenset({"count"}),
}  # fmt: skip
#: Floats beyond it may be too much for an exact sum, which then depends on their order.
_LARGE = 1e290
#: The least text in DuckDB's order and in ours where all letters are ASCII, and the others of which it may be any.
_EXTREME = ("{function}(CASE WHEN strlen({sql}) = length({sql}) THEN struct_pack(a := encode(lower({sql})),"
            " b := {sql}) END)")
_OTHERS = "list(DISTINCT {sql}) FILTER (strlen({sql}) <> length({sql}))"


class Unsure(Exception):
    """DuckDB's answer may be another than memory's."""


class Measured(NamedTuple):
    """What is selected for a measure, and what makes its value of that; or the list of floats that are its value."""

    sql: tuple[str, ...]
    value: Callable[[Sequence[Any]], Any] = list
    floats: str = ""


def measure_of(function: str, type_: str | None, sql: str) -> Measured:
    """How a measure is read.

    Args:
        function: The aggregate's name.
        type_: Of the column; None for the count of rows.
        sql: The column as it is selected.
    """
    if function == "count":
        return Measured((f"count({sql or '*'})",), lambda read: read[0])
    if function in ("sum", "average"):
        if type_ == "real":
            return Measured((), floats=f"coalesce(list({sql}) FILTER ({sql} IS NOT NULL AND NOT isnan({sql})), [])")
        return Measured((f"sum({sql})", f"count({sql})"), _total)
    name = function[:3]
    if type_ in ("text", "longtext"):
        return Measured((_EXTREME.format(function=name, sql=sql), _OTHERS.format(sql=sql)), _texts)
    return Measured((f"{name}({sql})",), _one)


def read_groups(cursor: Any, relation: str, number: str, where: str, values: Sequence[Any], keys: Mapping[str, str],
                measures: Sequence[Measured], most: int) -> RowGroups | None:
    """The groups of a relation in the order of their first rows; None when there are more than ``most``, or unsure.

    Args:
        cursor: DuckDB's.
        relation: What it reads.
        number: SQL of a row's number.
        where: The condition, with its values.
        values: Those.
        keys: Column → SQL of what rows are alike in.
        measures: What is measured.
        most: Groups at most.
    """
    by = f" GROUP BY {', '.join(keys.values())}" if keys else ""
    tail = f" FROM {relation} AS t{where}{by} ORDER BY min({number}) LIMIT {most + 1}"
    selected = [*keys.values(), *(sql for one in measures for sql in one.sql), f"min({number})"]
    rows = [row for row in cursor.execute(f"SELECT {', '.join(selected)}{tail}", values).fetchall()
            if row[-1] is not None]
    if len(rows) > most:
        return None
    columns = {name: [row[place] for row in rows] for place, name in enumerate(keys)}
    lists: dict[str, list[list[float]]] = {}
    measured: list[list[Any]] = []
    place = len(keys)
    try:
        for one in measures:
            if one.floats:
                if one.floats not in lists:
                    lists[one.floats] = _floats(cursor, f"SELECT {one.floats} AS f{tail}", values, len(rows))
                measured.append(lists[one.floats])
            else:
                measured.append([one.value(row[place : place + len(one.sql)]) for row in rows])
                place += len(one.sql)
    except Unsure:
        return None
    return RowGroups(Rows([row[-1] for row in rows], columns, 1.0), measured)


def _floats(cursor: Any, sql: str, values: Sequence[Any], count: int) -> list[list[float]]:
    """The floats of each group; numpy has them in a fifth of the time."""
    lists = [one.tolist() for one in cursor.execute(sql, values).fetchnumpy()["f"][:count]]
    if len(lists) < count or any(found and max(max(found), -min(found)) > _LARGE for found in lists):
        raise Unsure
    return lists


def _total(read: Sequence[Any]) -> tuple[Any, int]:
    if not isinstance(read[0], int | Decimal | None):
        raise Unsure  # a sum of the widest whole numbers is a float
    return read[0], read[1]


def _one(read: Sequence[Any]) -> list[Any]:
    if not isinstance(read[0], int | Decimal | datetime.date | None):
        raise Unsure  # a day beyond Python's calendar
    return [read[0]]


def _texts(read: Sequence[Any]) -> list[str]:
    return [*([read[0]["b"]] if read[0] is not None else []), *(read[1] or [])]
