"""A process of its own: a grid over a SQLite file is opened, jumped through, sorted, filtered and grouped. Prints JSON.

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
from benchmarks.grid.window import Gaps, TimedGrid, is_filled, memory_mb, open_grid, p95, run_loop
from kernel.tables.outline.level import GroupBy
from kernel.tables.sqlite import SqliteSource
from shell.garbage import Collector, keep_all
from widgets.grid.group_action import set_keys

#: Jumps that are timed, and columns of the file.
JUMPS, COLUMNS = 20, 10
#: What is sorted by, what is looked for, and what is grouped by.
SORTED, FILTER, GROUPED = ("name", "price"), "note contains 'garnet 77'", "city"


def jump(grid: TimedGrid, row: int) -> float:
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


class Session:
    """A person's work in a grid, watched for gaps of the event loop."""

    def __init__(self, grid: TimedGrid, seed: int) -> None:
        self.grid, self.gaps, self._chance = grid, Gaps(), random.Random(seed)

    def jumps(self, word: str) -> list[float]:
        """Milliseconds of jumps to any rows."""
        self.gaps.begin(word)
        return [jump(self.grid, self._chance.randrange(self.grid.row_count())) for _ in range(JUMPS)]

    def sort(self, path: str) -> None:
        """Sort by a column, and wait for the whole order."""
        self.gaps.begin(f"sort by {path}")
        self.grid.sort_by(next(at for at, column in enumerate(self.grid.columns) if column.path == path))
        self._wait()

    def filter(self, text: str) -> None:
        """Filter, and wait for the exact count."""
        self.gaps.begin("filter")
        self.grid.rows.set_filter(text, {})
        self._wait()

    def group(self, path: str) -> None:
        """Group by a column, and wait for the groups; none for an empty path."""
        self.gaps.begin("group")
        set_keys(self.grid, (GroupBy(path),) if path else ())
        self._wait()

    def _wait(self) -> None:
        # NOTE: rows are asked for a turn of the event loop later.
        asked: list[bool] = []
        self.grid.rows.go_after(lambda: asked.append(True))
        run_loop(lambda: asked and not self.grid.rows.is_loading and self.grid.rows.preparing.query is None)


def main(path: str, table: str) -> None:
    """Measure, print one line of JSON."""
    application = QApplication(sys.argv[:1])
    Collector(application)
    empty, empty_grid = open_grid(Numbers(0), "numbers")
    before = memory_mb()
    source = SqliteSource(path)
    handle, grid = open_grid(source.table(table), table, COLUMNS)
    run_loop(lambda: grid.rows.cache.is_exact and grid.rows.preparing.query is None)
    keep_all()  # as the shell does when a start is over
    rows, chance = grid.row_count(), random.Random(5)
    session = Session(grid, seed=5)
    jumps = session.jumps("jump")
    for name in SORTED:
        session.sort(name)
    sorted_jumps = session.jumps("jump, sorted")
    session.filter(FILTER)
    session.filter("")
    session.group(GROUPED)
    session.group("")
    gap = session.gaps.stop()
    figures = {
        "rows": rows, "jump": p95(jumps), "sorted_jump": p95(sorted_jumps), "gap": gap, "gap_when": session.gaps.when,
        "offset": sorted(offset(path, table, rows, chance) for _ in range(5))[2], "memory": memory_mb() - before,
    }  # fmt: skip
    print(json.dumps(figures))
    for one in (handle, empty):
        one.dispose()
    source.close()
    grid.close()
    empty_grid.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
