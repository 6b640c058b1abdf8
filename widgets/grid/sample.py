"""Whether nearly every row of a column has a value of its own, by a look at some rows.

Grouping millions of different values costs minutes and tells nothing; who would group asks here first. Runs on a
worker's thread.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kernel.tables.query import Query

#: Up to so many rows everything is grouped; rows that are looked at in each place; the share from which it is "nearly".
SMALL, LOOK, SHARE = 200_000, 500, 0.7
#: Where in all rows is looked.
_PLACES = (0.0, 0.25, 0.5, 0.75)


def are_nearly_unique(table: Any, rows: Query, path: str) -> bool:
    """Whether the values of a path differ in nearly all rows of a long query; False for formulas and short queries."""
    if table.schema.column(path) is None:
        return False
    plain = msgspec.structs.replace(rows, sort=(), group=(), aggregates=(), columns=(path,))
    count = table.estimate(plain).count
    if count <= SMALL:
        return False
    values: list[Any] = []
    # Under a filter a place far off costs a look at all rows before it.
    for place in _PLACES[:1] if rows.filter else _PLACES:
        start = int(count * place)
        values += table.fetch(plain, start, start + LOOK).columns[path]
    return len(set(values)) > SHARE * len(values)
