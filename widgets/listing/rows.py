"""The rows of a view: one query over a handle, its pages, and how they follow changes by others.

Other rows are read (``reading``) before they replace what is shown, and ordered and counted behind it (``preparing``).
Changed rows are patched where they stand; where they may have come, gone or moved, all is read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from kernel.tables.change import Key, TableChange
from kernel.tables.query import Query, Sort
from widgets.handle import TableHandle
from widgets.listing.cache import RowCache
from widgets.listing.paging import Paging
from widgets.listing.preparing import Preparing
from widgets.listing.reading import SMALL, Reading

#: When rows that were asked for are not there after this time, those that are shown are greyed, in ms.
_OLD_AFTER_MS = 120
#: After changes by others, rows whose reading takes long are read again after so many times that, in ms at most.
_PATIENCE, _LONGEST_WAIT_MS = 2, 10_000
#: A reading shorter than this is done again at once, in seconds.
_QUICK_S = 0.1
#: The wish for the last row, whichever that will be.
LAST = -1


class Rows(QObject):
    """Signals: ``asked`` when other rows are to be shown, ``reloaded`` with key → new position or None when they
    begin anew, ``counted`` when the number of rows is known better, ``arrived(first, last)``, ``patched(keys)``,
    ``failed(error)``, ``aged`` when what is shown is no longer what was asked for, or is again, ``stayed`` when other
    rows stay where they do not belong, ``left(rows, written)`` when rows that were written left the filter.

    Attributes:
        cache: The rows that are here.
        is_loading: Whether no reading has ended yet, or one is under way.
        is_old: Whether other rows were asked for than those that are shown, a while ago.
        pages: Brings those that come into sight.
        preparing: Orders and counts them.
        staying: The rows that stay where they stand although they were edited (``staying.Staying``); empty for none.
    """

    asked = Signal()
    reloaded = Signal(object)
    counted = Signal()
    arrived = Signal(int, int)
    patched = Signal(object)
    failed = Signal(object)
    aged = Signal()
    stayed = Signal()
    left = Signal(int, int)

    def __init__(self, handle: TableHandle, parent: QObject) -> None:
        super().__init__(parent)
        self.handle = handle
        #: Whom rows are asked for by place: the handle, or the reader of an outline.
        self.reader: Any = handle
        self.outline: Any = None
        self.cache = RowCache()
        self.columns: tuple[str, ...] = ()
        self.filter_text = ""
        self.parameters: dict[str, Any] = {}
        self.sort: tuple[Sort, ...] = ()
        #: Further columns of the query, by name.
        self.computed: dict[str, str] = {}
        self.is_loading = True
        self.is_old = False
        self.preparing = Preparing(self)
        self.pages = Paging(self)
        self.staying: Any = ()
        #: A condition, with its values, beside the filter: what passes it is shown too. None for nothing.
        self._kept: tuple[str, dict[str, Any]] | None = None
        self._reading: Reading | None = None
        #: What the rows on screen are: filter, parameters, sort, outline; None before there are any.
        self._shown: tuple[Any, ...] | None = None
        self._is_stale = False
        #: Called when the rows that are asked for have come.
        self._after: list[Callable[[], None]] = []
        self._began = self._took_s = 0.0
        #: Answers the keys whose place must be found again, and the first row to show.
        self.anchors: Callable[[], tuple[list[Key], int]] = lambda: ([], 0)
        self._later = self._timer(0, self._reload)
        self._following = self._timer(0, self._reload)
        #: Until rows are shown although nothing is known of their number.
        self.grace = self._timer(0, self._end_grace)
        self._aging = self._timer(_OLD_AFTER_MS, lambda: self._set_old(True))
        handle.changed.connect(self._hear)
        handle.base_changed.connect(self._take_base)
        self.destroyed.connect(lambda: self._take_back())

    def _timer(self, interval_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(act)
        return timer

    def _take_back(self) -> None:
        """Stop what is asked, for the view is gone; nothing of Qt may be touched here any more."""
        if self._reading is not None:
            self._reading.cancel()
        self.preparing.stop()
        for cancel in self.cache.asked.values():
            cancel()

    def if_there(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        """``take`` for the answer to a question that nobody takes back; not called when the view is gone by then."""
        return lambda answer: take(answer) if isValid(self) else None

    @property
    def has_one_work(self) -> bool:
        """Whether a page of another order waits for the whole order, so that preparing it beside costs nothing."""
        return self.outline is None and self.handle.has_one_work

    def wish(self, row: int | None) -> None:
        """Where the person wants to be in the rows that were asked for; ``LAST``, or None for nowhere in particular.

        Nothing is noted while those that are shown are the ones that were asked for.
        """
        if self._reading is not None and self.is_loading and self._reading.is_other and self._shown is not None:
            self._reading.wish = row

    def take_wish(self) -> int | None:
        """The row that was wished for in the rows that have come, once."""
        row, count = self._reading.wish if self._reading is not None else None, self.cache.count or 0
        if row is None or not count:
            return None
        self._reading.wish = None
        return count - 1 if row == LAST else min(row, count - 1)

    @property
    def are_the_same(self) -> bool:
        """Whether the rows that have come are those that were shown, read again."""
        return self._reading is not None and not self._reading.is_other

    def query(self) -> Query:
        """The whole query of the rows shown."""
        text, parameters = self.filter_text, self.parameters
        if self._kept is not None and text:
            text, parameters = f"({text}) or ({self._kept[0]})", {**parameters, **self._kept[1]}
        own = Query(filter=text, parameters=parameters, sort=self.sort, columns=self.columns, computed=self.computed)
        return self.handle.merge(own)

    def set_filter(self, text: str, parameters: dict[str, Any]) -> None:
        """Show other rows."""
        self.filter_text, self.parameters, self._kept = text, parameters, None
        self.asked.emit()
        self.reload()

    def keep(self, condition: tuple[str, dict[str, Any]]) -> None:
        """Show what passes a condition beside what passes the filter, until the filter is another."""
        self._kept = condition
        self.reload()

    @property
    def has_kept(self) -> bool:
        """Whether more is shown than passes the filter."""
        return self._kept is not None

    def put_in_order(self) -> None:
        """Read all again, and show only rows that belong here."""
        self._kept = None
        self.reload()

    def _take_base(self) -> None:
        self.asked.emit()
        self.reload()

    def take_outline(self, outline: Any) -> None:
        """Read rows by another reader from now on; None: by the table's own."""
        for cancel in self.cache.asked.values():
            cancel()
        self.outline, self.reader = outline, outline.reader if outline is not None else self.handle
        self.reload()

    def seen(self) -> Callable[[Any], Any]:
        """Table → what rows are read from by place, for threads that may wait."""
        return self.reader.seen() if self.outline is not None else lambda table: table

    def opener(self) -> Callable[[], Any]:
        """Opens what rows are read from by place, for threads that may wait."""
        see, handle = self.seen(), self.handle
        if self.staying:
            from widgets.listing.staying import standing

            see = standing(self)
        return lambda: see(handle.table())

    @property
    def is_awaited(self) -> bool:
        """Whether rows were asked for that have not come."""
        return self.is_loading or self._later.isActive()

    @property
    def is_showing(self) -> bool:
        """Whether rows are shown, be they old."""
        return self._shown is not None

    def is_reading(self, reading: Reading) -> bool:
        """Whether a reading is the last one that was begun."""
        return reading is self._reading

    def go_after(self, act: Callable[[], None]) -> None:
        """Do something when the rows that are asked for have come; now, when none are."""
        if self.is_awaited:
            self._after.append(act)
        else:
            act()

    def reload(self) -> None:
        """Read everything again, once per turn of the event loop."""
        self._later.start()

    # -- readings -------------------------------------------------------------------------------------------------

    def parts(self, query: Query | None = None) -> tuple[Any, ...]:
        """What decides which rows there are, and in which order."""
        query = query or self.query()
        return query.filter, query.parameters, query.sort, self.outline.shape if self.outline is not None else ()

    def _reload(self) -> None:
        schema = self.handle.schema
        if schema is None or (schema.columns and not self.columns):
            return
        if self._reading is not None:
            self._reading.cancel()
        for timer in (self._later, self._following, self.grace):
            timer.stop()
        self.preparing.stop()
        self.cache.forget()
        self.is_loading, self._is_stale, self._began = True, False, time.monotonic()
        keys, first = self.anchors()
        is_other = self._shown is None or self.parts() != self._shown
        if is_other and self._shown is not None:
            self._aging.start()
        self._reading = Reading(self, self.query(), keys, first, is_other)
        self._reading.begin()

    def take_reading(self, reading: Reading, fresh: RowCache) -> None:
        """The reading has come to its rows."""
        # Asked again, perhaps for another current row: that answer will fit, this one will not.
        if reading is not self._reading or self._later.isActive():
            return
        if not reading.begins_anew and not self._knows_place(reading, fresh):
            self.reload()
            return
        self.cache.forget()
        self.cache, self.is_loading = fresh, False
        self._shown = self.parts(reading.query)
        self._took_s = time.monotonic() - self._began
        self._set_old(False)
        if self.staying:
            self.staying.forget()
            self.stayed.emit()
        self.reloaded.emit(None if reading.begins_anew else reading.places)
        after, self._after = self._after, []
        for act in after:
            act()
        # Of few rows every page is cheap anyway.
        is_prepared = reading.is_prepared or self.preparing.query is reading.query
        if not is_prepared and (not fresh.is_exact or (fresh.count or 0) > SMALL):
            self._prepare(reading.query)
        self._end_reading()

    def _knows_place(self, reading: Reading, fresh: RowCache) -> bool:
        """Whether the current row's place is known; the person may have gone to another one meanwhile."""
        for key in self.anchors()[0][:1]:
            if key not in reading.places and not reading.is_other:
                reading.places[key] = fresh.row_of(key)
                return reading.places[key] is not None
        return True

    def _end_grace(self) -> None:
        if self._reading is not None:
            self._reading.go_without_estimate()

    def fail_reading(self, reading: Reading, error: Exception) -> None:
        """The reading came to nothing."""
        if reading is self._reading:
            self.is_loading = False
            self._set_old(False)
            self.failed.emit(error)
            self._end_reading()

    def _prepare(self, query: Query) -> None:
        cache, began = self.cache, time.monotonic()

        def take(answer: Any) -> None:
            # Rows that came or went meanwhile are counted again with the next reading.
            if cache is not self.cache or self._is_stale:
                return
            if isinstance(answer, Exception):
                self.failed.emit(answer)
                return
            self._took_s += time.monotonic() - began
            self.pages.take_count(answer, True)
            self.counted.emit()

        self.preparing.ask(query, take)

    def _end_reading(self) -> None:
        if self._is_stale:
            self._follow()

    def _set_old(self, is_old: bool) -> None:
        self._aging.stop()
        if is_old != self.is_old:
            self.is_old = is_old
            self.aged.emit()

    def give_up(self) -> bool:
        """Stop waiting for other rows, and stay with those shown; else stop ordering them. False = nothing to stop."""
        if self._reading is not None and self.is_loading and self._shown is not None and self._reading.is_other:
            self._reading.cancel()
            self._later.stop()
            self.sort = self._shown[2]
            self.is_loading = False
            self._set_old(False)
            self.aged.emit()
            return True
        return self.preparing.stop()

    # -- changes by others ----------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Read again for a change; a reading under way ends first, so that steady changes do not keep rows from coming.

        What takes long is not read again at once: until then rows are patched where they stand.
        """
        self._is_stale = True
        if self.is_loading or self._following.isActive() or any(key in self.staying for key in self.anchors()[0][:1]):
            return
        wait = min(int(self._took_s * _PATIENCE * 1000), _LONGEST_WAIT_MS) if self._took_s > _QUICK_S else 0
        self._following.start(wait)

    def go_on(self) -> None:
        """The person is at another row: what waited for them to leave one that stays is read now."""
        if self.staying and self._is_stale:
            self._follow()

    def stay(self, gone: list[Key], moved: list[Key], passing: list[Key], stood: dict[Key, list[Any]]) -> None:
        """Rows that were edited here stay where they stand; ``stood`` has the sort values of those places."""
        if not self.staying and not gone and not moved:
            return
        from widgets.listing.staying import Staying

        self.staying = self.staying or Staying()
        self.staying.stood.update({key: stood[key] for key in (*gone, *moved) if key in stood})
        if self.staying.take(gone, moved, passing):
            self.stayed.emit()

    def take_own(self, keys: list[Key], done: Callable[[Any], None]) -> None:
        """Rows were edited here: read them again, and note those that stand elsewhere by now."""
        query = self.query()
        if self.outline is None and (query.filter or query.sort):
            from widgets.listing.patch import patch_in_order

            patch_in_order(self, query, keys, set(keys), self._follow, lambda: self.pages.refresh(keys, done))
        else:
            self.pages.refresh(keys, done)

    def _hear(self, change: TableChange) -> None:
        if change.is_everything or change.inserted or change.deleted:
            self._follow()
            return
        query = self.query()
        here = self.cache.keys()
        touched = [key for key in change.updated if key in here]
        if self.outline is not None:
            # What a row says decides where it stands.
            self._follow()
            if touched:
                self.pages.refresh(touched)
            self._tell_left(query, change)
            return
        if change.has_changed_references or ((query.filter or query.sort) and len(touched) < len(change.updated)):
            self._follow()
            if len(change.updated) > 1:
                self._tell_left(query, change)
        elif touched and (query.filter or query.sort):
            from widgets.listing.patch import patch_in_order

            patch_in_order(self, query, touched, set(self.handle.own), self._follow)
            return
        if touched:
            self.pages.refresh(touched)

    def _tell_left(self, query: Query, change: TableChange) -> None:
        """Rows that were written here may have left the filter without staying where they stood."""
        if change.updated and self.handle.own.issuperset(change.updated):
            from widgets.listing.staying import tell_left

            tell_left(self, query, change.updated)
