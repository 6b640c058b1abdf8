"""A grid in a window of its own, without the shell, and what is measured on it: frames, waits, memory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from layouts.node import Node
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme

#: Cells in sight, and a column's width in pixels.
ROWS, COLUMNS, WIDTH = 31, 15, 100


class Reporter:
    """Ends the measuring when anything is reported."""

    def report(self, *message: str) -> None:
        """See :class:`widgets.context.Context`."""
        raise RuntimeError(" ".join(map(str, message)))


def open_grid(table: Any, name: str, columns: int = COLUMNS) -> tuple[TableHandle, Grid]:
    """A grid of 31 × 15 cells over a table, painted with its first rows."""
    handle = TableHandle(table, name)
    context = Context(
        scope=Scope(), commands=None, reporter=Reporter(), theme=Theme("light"), tables={name: handle},
        open_table=lambda _handle, _name: handle, read_file=lambda _path: None,
    )  # fmt: skip
    grid = TimedGrid(Node("grid", "rows", {"table": name}), context)
    grid.resize(COLUMNS * WIDTH + grid.verticalScrollBar().sizeHint().width(), 400)
    grid.show()
    wait(lambda: grid.rows.cache.pages and len(grid.columns) >= min(columns, COLUMNS))
    for column in grid.columns:
        column.width = COLUMNS * WIDTH // min(len(grid.columns), COLUMNS)
    grid.resize(grid.width(), ROWS * grid.look.row_height + grid.viewport().y() + grid.horizontalScrollBar().height())
    grid.places.update_bars()
    wait(lambda: is_filled(grid))
    return handle, grid


def is_filled(grid: Grid) -> bool:
    """Whether all rows in sight are here."""
    first = grid.places.first_row()
    return all(grid.row_key(row) is not None for row in range(first, min(first + ROWS + 1, grid.row_count())))


def wait(is_there: Callable[[], object], longest_s: float = 120) -> None:
    """Let the event loop run until it is there."""
    end = time.perf_counter() + longest_s
    while not is_there():
        if time.perf_counter() > end:
            raise TimeoutError("what is measured did not come")
        QApplication.processEvents()
        time.sleep(0.0005)


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of this thread's own work, so that a busy machine does not count."""
    began = time.thread_time()
    act()
    return (time.thread_time() - began) * 1000


class TimedGrid(Grid):
    """Notes what its painting takes, in ms."""

    paints: list[float] = []

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """As always, with a watch."""
        self.paints.append(timed(lambda: super(TimedGrid, self).paintEvent(event)))


class TimedView(QTableView):
    """Qt's table view with the same watch."""

    paints: list[float] = []

    def paintEvent(self, event: Any) -> None:  # Qt's name
        """As always, with a watch."""
        self.paints.append(timed(lambda: super(TimedView, self).paintEvent(event)))


def frame(view: TimedGrid | TimedView) -> float:
    """Milliseconds that painting all of it takes."""
    view.paints.clear()
    view.viewport().repaint()
    return sum(view.paints)


def line(view: TimedGrid | TimedView, scroll: Callable[[], object]) -> float:
    """Milliseconds of scrolling by a line: moving what is painted, and painting what comes in."""
    view.paints.clear()
    moved = timed(scroll)
    wait(lambda: view.paints)
    return moved + view.paints[0]


class Gaps:
    """Longest time between two turns of the event loop, in ms, without that in which other processes had the machine.

    Attributes:
        longest: So far.
        when: What was done then, by the words given to :meth:`begin`.
    """

    def __init__(self) -> None:
        self.longest, self.when, self._now_done = 0.0, "", ""
        self._wait = Waited()
        self._last, self._waited = time.perf_counter(), self._wait()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def begin(self, word: str) -> None:
        """Something else is done from now on."""
        self._now_done = word

    def _tick(self) -> None:
        now, waited = time.perf_counter(), self._wait()
        gap = (now - self._last) * 1000 - (waited - self._waited)
        if gap > self.longest:
            self.longest, self.when = gap, self._now_done
        self._last, self._waited = now, waited

    def stop(self) -> float:
        """The longest gap so far; none is measured any more."""
        self._tick()
        self._timer.stop()
        return self.longest


class Waited:
    """How long this thread has waited for a processor, in ms; 0 where the system does not tell."""

    def __init__(self) -> None:
        path = Path("/proc/thread-self/schedstat")
        self._file = os.open(path, os.O_RDONLY) if path.exists() else -1

    def __call__(self) -> float:
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e6 if self._file >= 0 else 0.0


def run_loop(until: Callable[[], object], longest_s: float = 120) -> None:
    """As :func:`wait`, in Qt's own event loop."""
    end = time.perf_counter() + longest_s
    application = QApplication.instance()
    timer = QTimer()

    def look() -> None:
        if until() or time.perf_counter() > end:
            application.quit()

    timer.timeout.connect(look)
    timer.start(1)
    application.exec()
    if time.perf_counter() > end:
        raise TimeoutError("what is measured did not come")


def memory_mb() -> float:
    """This process' proportional share of memory, in MB."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell a process' memory")


def p95(values: list[float]) -> float:
    """The value that 95 of 100 stay under."""
    return sorted(values)[int(len(values) * 0.95)]
