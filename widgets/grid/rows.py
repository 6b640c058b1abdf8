"""The rows of a grid: one query over a handle, its pages, and how they follow changes by others.

A new query, or rows that came and went, are read whole (count, where the current row now is, the visible page) before
they replace what is shown. Changed rows are patched where they stand; under a filter or a sort they may have come,
gone or moved, so that all is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from kernel.tables.change import Key, TableChange
from kernel.tables.query import Query, Sort
from widgets.grid.cache import PAGE, RowCache
from widgets.handle import TableHandle


class Rows(QObject):
    """Signals: ``asked`` when other rows are to be shown, ``reloaded`` with key → new position,
    ``arrived(first, last)``, ``patched(keys)``, ``failed(error)``."""

    asked = Signal()
    reloaded = Signal(object)
    arrived = Signal(int, int)
    patched = Signal(object)
    failed = Signal(object)

    def __init__(self, handle: TableHandle, parent: QObject) -> None:
        super().__init__(parent)
        self.handle = handle
        self.cache = RowCache()
        self.columns: tuple[str, ...] = ()
        self.filter_text = ""
        self.parameters: dict[str, Any] = {}
        self.sort: tuple[Sort, ...] = ()
        self.is_loading = True
        #: Whether other rows were asked for than those that are shown.
        self.is_old = False
        self._generation = 0
        #: Whether rows are being read anew, and whether there were changes meanwhile.
        self._is_reading = self._is_stale = False
        self._cancels: list[Callable[[], None]] = []
        #: Answers the keys whose place must be found again, and the first row to show.
        self.anchors: Callable[[], tuple[list[Key], int]] = lambda: ([], 0)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._reload)
        handle.changed.connect(self._hear)
        handle.base_changed.connect(self._take_base)

    def query(self) -> Query:
        """The whole query of the rows shown."""
        own = Query(filter=self.filter_text, parameters=self.parameters, sort=self.sort, columns=self.columns)
        return self.handle.merge(own)

    def set_filter(self, text: str, parameters: dict[str, Any]) -> None:
        """Show other rows."""
        self.filter_text, self.parameters = text, parameters
        self.asked.emit()
        self.reload()

    def _take_base(self) -> None:
        self.asked.emit()
        self.reload()

    def reload(self) -> None:
        """Read everything again, once per turn of the event loop."""
        self._later.start()

    def need(self, first: int, last: int) -> None:
        """Ask for the pages of rows ``first`` … ``last`` and their neighbours."""
        if self.cache.count is None or self._generation == 0:
            return
        pages = range(max(first // PAGE, 0), max(last, first) // PAGE + 1)
        around = [*pages, pages.stop, pages.start - 1]
        for number in [number for number in self.cache.asked if number not in around]:
            self.cache.asked.pop(number)()
        for number in around:
            is_wanted = 0 <= number * PAGE < self.cache.count
            if is_wanted and number not in self.cache.pages and number not in self.cache.asked:
                self._ask(number)

    def refresh(self, keys: list[Key], done: Callable[[Any], None] | None = None) -> None:
        """Read these rows again and patch them; ``done`` gets the block or the exception once, after that."""
        waiting = [done] if done is not None else []

        def take(answer: Any) -> None:
            self._take_patch(answer)
            if waiting:
                waiting.pop()(answer)

        self.handle.fetch(Query(keys=tuple(keys), columns=self.columns), 0, len(keys), take)

    def _ask(self, number: int) -> None:
        cache = self.cache

        def take(answer: Any) -> None:
            cache.asked.pop(number, None)
            if cache is not self.cache:
                return
            if isinstance(answer, Exception):
                self.failed.emit(answer)
                return
            cache.put(number, answer)
            self.arrived.emit(number * PAGE, number * PAGE + PAGE)

        cache.asked[number] = self.handle.fetch(self.query(), number * PAGE, (number + 1) * PAGE, take)

    def _reload(self) -> None:
        schema = self.handle.schema
        if schema is None or (schema.columns and not self.columns):
            return
        for cancel in self._cancels:
            cancel()
        self.cache.forget()
        self._generation += 1
        self._cancels = []
        self.is_loading = self._is_reading = True
        self._is_stale = False
        query = self.query()
        keys, first = self.anchors()
        fresh = RowCache()
        found: dict[Key, int | None] = {}

        def take_count(answer: Any) -> None:
            if self._is_error(answer):
                return
            fresh.count = answer
            locate(list(keys) if answer else [])

        def locate(left: list[Key]) -> None:
            if not left:
                fetch()
                return
            key = left.pop(0)

            def take(answer: Any) -> None:
                found[key] = None if isinstance(answer, Exception) else answer
                locate(left)

            self._cancels.append(self.handle.locate(query, key, take))

        def fetch() -> None:
            place = next((found[key] for key in keys if found.get(key) is not None), None)
            row = min(place if place is not None else first if keys else 0, max((fresh.count or 0) - 1, 0))
            number = row // PAGE

            def take(answer: Any) -> None:
                if self._is_error(answer):
                    return
                if self._later.isActive():
                    # Asked again meanwhile, perhaps for another current row: that answer will fit, this one not.
                    return
                fresh.put(number, answer)
                self.cache.forget()
                self.cache, self.is_loading = fresh, False
                self.reloaded.emit(found)
                self._end_reading()

            self._cancels.append(self.handle.fetch(query, number * PAGE, (number + 1) * PAGE, take))

        self._cancels.append(self.handle.count(query, take_count))

    def _is_error(self, answer: Any) -> bool:
        if isinstance(answer, Exception):
            self.is_loading = False
            self.failed.emit(answer)
            self._end_reading()
            return True
        return False

    def _end_reading(self) -> None:
        self._is_reading = False
        if self._is_stale:
            self.reload()

    def _follow(self) -> None:
        """Reload for a change; a reading under way ends first, so that steady changes do not keep rows from coming."""
        self._is_stale = True
        if not self._is_reading:
            self.reload()

    def _hear(self, change: TableChange) -> None:
        if change.is_everything or change.inserted or change.deleted:
            self._follow()
            return
        query = self.query()
        if change.has_changed_references or (change.updated and (query.filter or query.sort)):
            self._follow()
        here = self.cache.keys()
        if touched := [key for key in change.updated if key in here]:
            self.refresh(touched)

    def _take_patch(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.failed.emit(answer)
            return
        self.cache.patch(answer)
        self.patched.emit(answer.keys)
