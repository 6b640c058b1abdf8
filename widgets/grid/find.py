"""Finding in all rows of a grid's query, those that were never read too, off the GUI thread.

Near rows are looked through page by page, so that frequent words are found at once. Where that finds nothing the
source is asked for all hits in order, and the one next to the current row is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal

from kernel.tables.interrupt import current
from kernel.tables.outline.row import path_of
from kernel.tables.query import Query
from widgets import gui_thread
from widgets.aside import Aside
from widgets.grid.find_test import Search, search_for
from widgets.handle_worker import Progress

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Rows that are read at once, and pages that are looked through before the source is asked for all hits.
PAGE, PAGES = 256, 8


class Hit(NamedTuple):
    """A row that was found: its position and key, the first column with a hit, and whether the search went round."""

    row: int
    key: tuple[Any, ...]
    column: int
    has_wrapped: bool = False


class Finder(QObject):
    """One grid's search. ``found`` with a hit or None, ``counted`` with (place of the hit from 1 or 0, how many),
    ``failed`` with the exception, ``began`` when a search goes beyond what is at hand, ``moved`` with the part of all
    rows that was looked through or counted, from 0.0 to 1.0."""

    found = Signal(object)
    counted = Signal(int, int)
    failed = Signal(object)
    began = Signal()
    moved = Signal(float)

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._aside, self._counter = Aside(grid.handle, "find"), Aside(grid.handle, "count hits")
        self.search: Search | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a search is under way."""
        return self._aside.is_busy

    def look_for(self, words: str) -> None:
        """Look for other words; the search under way is given up."""
        self.cancel()
        self.search = search_for(words, self._grid.columns)
        self._grid.viewport().update()

    def go(self, step: int, *, is_here: bool = False) -> None:
        """Find the next (1) or previous (-1) row; with ``is_here`` the current one counts too."""
        grid = self._grid
        if self.search is None:
            return
        if grid.rows.staying:
            # Places in the source are those on screen again before they are gone to.
            grid.rows.reload()
            grid.rows.go_after(lambda: self.go(step, is_here=is_here))
            return
        self.search = search_for(self.search.words, grid.columns) or self.search
        self._aside.cancel()
        start = max(grid.current.row, 0) + (0 if is_here else step)
        rows, search, report = self._rows(), self.search, self._report()
        self.began.emit()
        if grid.outline is None:
            self._aside.ask(lambda table: find_row(table, rows, search, start, step, report), self._take)
            return
        key, beside = grid.current.key, 0 if is_here else step

        def work(table: Any) -> Hit | None:
            # Groups hide rows: they are gone through in their own order, from the current one on.
            is_row = key is not None and path_of(key) is None
            place = table.locate(rows, key) if is_row else None
            return find_row(table, rows, search, 0 if place is None else place + beside, step, report)

        self._aside.ask(work, self._take)

    def count(self, key: tuple[Any, ...] | None) -> None:
        """Count the hits, and which of them the row with that key is."""
        if self.search is None:
            return
        hits, report = hits_of(self._rows(), self.search), self._report()
        self._counter.cancel()

        def work(table: Any) -> tuple[int, int]:
            # Ordered once, the hits tell their number and every place without another look at all rows.
            total = table.prepare(hits, report)
            place = table.locate(hits, key) if key is not None and total else None
            return (0 if place is None else place + 1), total

        self._counter.ask(work, self._take_count)

    def cancel(self) -> None:
        """Give up what is under way."""
        self._aside.cancel()
        self._counter.cancel()

    def close(self) -> None:
        """Give up, and look for nothing."""
        self._aside.close()
        self._counter.close()
        self.search = None
        self._grid.viewport().update()

    def _report(self) -> Progress:
        """Tells how far a work on another thread is."""
        return Progress(self.moved.emit, lambda run: gui_thread.call(run, self))

    def _rows(self) -> Query:
        return self._grid.rows.query()

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.failed.emit(answer)
            return
        self.found.emit(answer)
        self.count(answer.key if answer is not None else None)

    def _take_count(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.failed.emit(answer)
        else:
            self.counted.emit(*answer)


def hits_of(rows: Query, search: Search) -> Query:
    """The rows of a query that have a hit, in its order."""
    text = f"({rows.filter}) and ({search.filter})" if rows.filter else search.filter
    return msgspec.structs.replace(rows, filter=text, columns=search.columns)


def find_row(table: Any, rows: Query, search: Search, start: int, step: int,
             report: Callable[[float], None] = lambda _part: None) -> Hit | None:  # fmt: skip
    """The first row from ``start`` on, or back, that has a hit; past the end it begins at the other one.

    Runs on a worker's thread, and ends with InterruptedCallError when nobody waits any more.
    """
    near = msgspec.structs.replace(rows, columns=search.columns)
    for page in range(PAGES):
        first = start + page * PAGE if step > 0 else start + 1 - (page + 1) * PAGE
        block = table.fetch(near, max(first, 0), max(first + PAGE, 0))
        at = _in_block(block, search, range(len(block)) if step > 0 else range(len(block) - 1, -1, -1))
        if at >= 0:
            return _hit(block, at, search, block.start + at)
        if len(block) < PAGE:
            break
        _check()
    hits = hits_of(rows, search)
    total = table.prepare(hits, report)
    if not total:
        return None
    place = _halve(table, rows, hits, total, start if step > 0 else start + 1)
    index = place if step > 0 else place - 1
    has_wrapped = not 0 <= index < total
    block = table.fetch(hits, index % total, index % total + 1)
    row = table.locate(rows, block.keys[0]) if len(block) else None
    return None if row is None else _hit(block, 0, search, row)._replace(has_wrapped=has_wrapped)


def _halve(table: Any, rows: Query, hits: Query, total: int, row: int) -> int:
    """How many hits stand before a position of the rows."""
    low, high = 0, total
    while low < high:
        _check()
        middle = (low + high) // 2
        block = table.fetch(hits, middle, middle + 1)
        place = table.locate(rows, block.keys[0]) if len(block) else None
        if place is not None and place < row:
            low = middle + 1
        else:
            high = middle
    return low


def _in_block(block: Any, search: Search, order: range) -> int:
    for at in order:
        if search.hit(_reader(block, at)) >= 0:
            return at
    return -1


def _hit(block: Any, at: int, search: Search, row: int) -> Hit:
    return Hit(row, block.keys[at], max(search.hit(_reader(block, at)), 0))


def _reader(block: Any, at: int) -> Callable[[str], Any]:
    columns = block.columns
    return lambda path: columns[path][at] if path in columns else None


def _check() -> None:
    interrupt = current()
    if interrupt is not None:
        interrupt.check()
