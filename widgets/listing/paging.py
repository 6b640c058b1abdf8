"""The pages of a view's rows: asked for as they come into sight, read again where rows have changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key
from kernel.tables.query import Query
from widgets.listing.cache import PAGE, RowCache
from widgets.listing.reading import NEAR, Reading

if TYPE_CHECKING:
    from widgets.listing.rows import Rows


class Paging:
    """Fills the cache of :class:`widgets.listing.rows.Rows`, and learns the number of rows from what comes."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def need(self, first: int, last: int) -> None:
        """Ask for the pages of rows ``first`` … ``last`` and their neighbours."""
        cache = self._rows.cache
        if cache.count is None or not self._rows.is_showing:
            return
        pages = range(max(first // PAGE, 0), max(last, first) // PAGE + 1)
        around = [*pages, pages.stop, pages.start - 1]
        for number in [number for number in cache.asked if number not in around]:
            cache.asked.pop(number)()
        for number in around:
            is_wanted = 0 <= number * PAGE < cache.count and not self._must_wait(number)
            if is_wanted and number not in cache.pages and number not in cache.asked:
                self._ask(number)

    def _must_wait(self, number: int) -> bool:
        """Whether a page far from the start waits until the order is there."""
        query = self._rows.preparing.query
        return query is not None and number * PAGE >= NEAR and bool(query.sort or query.filter or query.group)

    def _ask(self, number: int) -> None:
        if self._rows.staying:
            # Beside rows that stay a page would miss some and show others twice.
            self._rows.reload()
            return
        cache = self._rows.cache

        def take(answer: Any) -> None:
            cache.asked.pop(number, None)
            if cache is not self._rows.cache:
                return
            if isinstance(answer, Exception):
                self._rows.failed.emit(answer)
                return
            cache.put(number, answer)
            self._learn_count(number, len(answer))
            self._rows.arrived.emit(number * PAGE, number * PAGE + PAGE)

        cache.asked[number] = self._rows.reader.fetch(self._rows.query(), number * PAGE, (number + 1) * PAGE, take)

    def _learn_count(self, number: int, count: int) -> None:
        """A page tells more of a count that was estimated: its end, or that there is more."""
        cache, end = self._rows.cache, number * PAGE + count
        if cache.is_exact:
            return
        if 0 < count < PAGE:
            self.take_count(end, True)
        elif count and end >= (cache.count or 0):
            self.take_count(end, False)
            take = self._rows.if_there(lambda answer: self._take_estimate(cache, answer))
            self._rows.reader.estimate(self._rows.query(), take)

    def _take_estimate(self, cache: RowCache, answer: Any) -> None:
        if cache is self._rows.cache and not isinstance(answer, Exception) and not cache.is_exact:
            self.take_count(max(answer.count, cache.count or 0), answer.is_exact)

    def take_estimate(self, reading: Reading, count: int, is_exact: bool) -> None:
        """The number of rows that a reading brought, which is shown already."""
        if self._rows.is_reading(reading) and not self._rows.cache.is_exact:
            self.take_count(count, is_exact)

    def take_count(self, count: int, is_exact: bool) -> None:
        """The number of rows, as it is known by now."""
        if (count, is_exact) != (self._rows.cache.count, self._rows.cache.is_exact):
            self._rows.cache.set_count(count, is_exact)
            self._rows.counted.emit()

    def refresh(self, keys: list[Key], done: Callable[[Any], None] | None = None) -> None:
        """Read these rows again and patch them; ``done`` gets the block or the exception once, after that."""
        waiting = [done] if done is not None else []

        def take(answer: Any) -> None:
            self.take_patch(answer)
            if waiting:
                waiting.pop()(answer)

        query = Query(keys=tuple(keys), columns=self._rows.columns)
        self._rows.handle.fetch(query, 0, len(keys), self._rows.if_there(take))

    def take_patch(self, answer: Any) -> None:
        """Newer values of rows that are here, or why there are none."""
        if isinstance(answer, Exception):
            self._rows.failed.emit(answer)
            return
        self._rows.cache.patch(answer)
        self._rows.patched.emit(answer.keys)
