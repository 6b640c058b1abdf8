"""A process of its own: a grid over a SQLite file is opened, jumped through and sorted. Prints JSON.

Called with the file and the table's name.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
from contextlib import closing

from PySide6.QtWidgets import QApplication

from benchmarks.grid.numbers import Numbers
from benchmarks.grid.window import Gaps, is_filled, memory_mb, open_grid, p95, run_loop
from kernel.tables.sqlite import SqliteSource
from shell.garbage import Collector

#: Jumps that are timed, and columns of the file.
JUMPS, COLUMNS = 40, 10


def jump(grid: object, row: int) -> float:
    """Milliseconds until the rows there are painted."""
    began = time.perf_counter()
    grid.places.move_to(row * grid.look.row_height)
    run_loop(lambda: is_filled(grid))
    grid.viewport().repaint()
    return (time.perf_counter() - began) * 1000


def offset(path: str, table: str, rows: int, chance: random.Random) -> float:
    """Milliseconds of SQLite's own way to a random page."""
    with closing(sqlite3.connect(path)) as connection:
        began = time.perf_counter()
        query = f"SELECT * FROM {table} ORDER BY id LIMIT 128 OFFSET {chance.randrange(rows)}"
        connection.execute(query).fetchall()
        return (time.perf_counter() - began) * 1000


def main(path: str, table: str) -> None:
    """Measure, print one line of JSON."""
    application = QApplication(sys.argv[:1])
    Collector(application)
    empty, empty_grid = open_grid(Numbers(0), "numbers")
    before = memory_mb()
    chance, gaps, source = random.Random(5), Gaps(), SqliteSource(path)
    handle, grid = open_grid(source.table(table), table, COLUMNS)
    run_loop(lambda: grid.rows.cache.is_exact and grid.rows.preparing.query is None)
    rows = grid.row_count()
    jumps = [jump(grid, chance.randrange(rows)) for _ in range(JUMPS)]
    offsets = [offset(path, table, rows, chance) for _ in range(5)]
    gaps = Gaps()
    for _ in range(10):
        jump(grid, chance.randrange(rows))
    name = next(index for index, column in enumerate(grid.columns) if column.path == "name")
    began = time.perf_counter()
    grid.sort_by(name)
    run_loop(lambda: not grid.rows.is_loading)
    first = time.perf_counter() - began
    run_loop(lambda: grid.rows.preparing.query is None)
    ordered = time.perf_counter() - began
    sorted_jumps = [jump(grid, chance.randrange(rows)) for _ in range(JUMPS)]
    figures = {
        "rows": rows, "jump": p95(jumps), "offset": sorted(offsets)[2], "gap": gaps.stop(), "sort_first_s": first,
        "sort_all_s": ordered, "sorted_jump": p95(sorted_jumps), "memory": memory_mb() - before,
    }  # fmt: skip
    print(json.dumps(figures))
    for one in (handle, empty):
        one.dispose()
    source.close()
    grid.close()
    empty_grid.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
