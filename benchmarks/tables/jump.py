"""A page at a random position of the table's own order."""

from __future__ import annotations

import random

from benchmarks.result import Result, interleave
from benchmarks.tables.data import TABLE, row_count
from benchmarks.tables.desk import PAGE, SEED, opened, page_time, silent, timed, usual
from kernel.tables.query import Query

ROUNDS = 5
GOAL_MS = 2


def measure() -> list[Result]:
    """Milliseconds of a jump beside OFFSET, once the table is prepared, and of preparing it."""
    with opened() as table, usual() as connection:
        prepared = timed(lambda: table.prepare(Query(), silent))
        places = random.Random(SEED)

        def offset() -> float:
            start = places.randrange(max(row_count() - PAGE, 1))
            return timed(lambda: connection.execute(
                f"SELECT * FROM {TABLE} ORDER BY id LIMIT {PAGE} OFFSET {start}").fetchall())

        medians = interleave(ROUNDS, {"ours": lambda: page_time(table, Query(), row_count(), 20), "offset": offset})
    return [
        Result("jump, any position", "ms", medians["ours"], None, GOAL_MS, True),
        Result("jump, any position", "ms", medians["ours"], medians["offset"], 1, True, "SQLite OFFSET"),
        Result("jump, made ready", "ms", prepared, None, 1000, True),
    ]
