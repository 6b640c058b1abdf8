"""How many rows a query has, told within milliseconds: from the ends of the row numbers and a look at a few rows."""

from __future__ import annotations

from kernel.tables.grouping import is_grouped
from kernel.tables.query import Query
from kernel.tables.sqlite.connection import Reader
from kernel.tables.sqlite.landmark import ends
from kernel.tables.sqlite.plan import Plan

#: Row numbers that are looked through at once; a table of no more is counted.
_LOOK = 10_000
#: Groups to expect where none were counted yet.
_GROUPS = 100


def estimated(reader: Reader, plan: Plan, query: Query) -> int | None:
    """A guess at the count; None when counting takes no longer."""
    if query.keys is not None:
        return None
    if not plan.shape.rowid:
        count = reader.connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {plan.table_sql} LIMIT {_LOOK})").fetchone()[0]
        return None if count < _LOOK else count
    rowid = f"t0.{plan.shape.rowid}"
    found = ends(reader, plan)
    if found is None or found[1] - found[0] < _LOOK:
        return None
    first, last = found
    if is_grouped(query):
        return _GROUPS if query.group else 1
    where, parameters = plan.condition(query)
    glue = f"{where} AND " if where else " WHERE "
    middle = first + (last - first) // 2
    shares = [reader.connection.execute(f"SELECT count(*) {plan.source_sql}{glue}{rowid} BETWEEN ? AND ?",
                                        [*parameters, start, start + _LOOK // 4 - 1]).fetchone()[0]
              for start in (first, middle)]
    return max((last - first + 1) * sum(shares) // (_LOOK // 2), 1)
