"""One reading of a view's rows: from the question to the moment when the new rows replace those that are shown.

Other rows (a new sort or filter) begin with their first page, which waits for nothing. The same rows, read again
because somebody changed them, come with the places of the rows where the person is, so that nothing moves; where
finding a place would mean ordering millions of rows, they are ordered first, behind what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key
from widgets.listing.cache import PAGE, RowCache

if TYPE_CHECKING:
    from kernel.tables.block import Block
    from kernel.tables.query import Query
    from widgets.listing.rows import Rows

#: Up to so many rows a place in any order is found in a moment.
SMALL = 50_000
#: How long an estimate may take after the first page before that is shown without one, in ms; where the current row
#: may be found again, so that the person can stay at it, longer.
_GRACE_ALONE_MS, _GRACE_MS = 40, 1000
#: Rows of an order that are read without the whole order being known.
NEAR = 2_000


class Reading:
    """Made by :class:`widgets.listing.rows.Rows`, which hears ``take_reading`` or ``fail_reading`` at the end.

    Args:
        rows: The rows.
        query: What is read.
        keys: Rows whose places are wanted, the current one first.
        first: The first row in sight.
        is_other: Whether other rows are read than those that are shown.

    Attributes:
        fresh: The rows that were read.
        places: Key → its place, None when it is gone; what is not in it was not looked for.
        is_prepared: Whether every page of the query is cheap by now.
        begins_anew: Whether the rows are others and so many that the person starts at their first one.
        wish: Where the person went meanwhile, to be there when the rows have come (:meth:`Rows.wish`).
    """

    def __init__(self, rows: Rows, query: Query, keys: list[Key], first: int, is_other: bool) -> None:
        self._rows, self.query, self._keys, self._first, self.is_other = rows, query, keys, first, is_other
        self.fresh = RowCache()
        self.places: dict[Key, int | None] = {}
        self.is_prepared = self.begins_anew = False
        self.is_over = False
        self.wish: int | None = None
        self._block: Block | None = None
        #: What replaced the rows on screen, once it did.
        self._shown: Block | None = None
        self._has_gone_on = False
        self._cancels: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Ask."""
        if self.is_other or not self._keys:
            self._fetch(0, self._take_top)
            if self.query.sort and self._rows.has_one_work:
                self._prepare_beside()
        self._cancels.append(self._rows.reader.estimate(self.query, self._take_estimate))

    def cancel(self) -> None:
        """Stop what is under way; nothing is heard of it any more."""
        self.is_over = True
        for cancel in self._cancels:
            cancel()

    @property
    def is_ordered(self) -> bool:
        """Whether a page far from the start takes more than counting rows."""
        return bool(self.query.sort or self.query.filter or self._rows.outline is not None)

    # -- answers --------------------------------------------------------------------------------------------------

    def _take_top(self, answer: Any) -> None:
        if self._has_failed(answer):
            return
        # NOTE: what a table remembers comes first, and what it answers then.
        if self._shown is not None:
            if answer != self._shown:
                self._rows.reload()
            return
        self._block = answer
        if len(answer) < PAGE:
            self.fresh.set_count(len(answer), True)
        if self.fresh.count is None:
            self._wait_for_estimate()
        self._meet()

    def _wait_for_estimate(self) -> None:
        """Rows that are there are shown soon, even when nothing is said of their number; before a window's first paint
        at once, since nobody is asked until then."""
        if self._rows.handle.is_held and not self._keys:
            self.go_without_estimate()
        else:
            self._rows.grace.start(_GRACE_MS if self._keys else _GRACE_ALONE_MS)

    def go_without_estimate(self) -> None:
        """The estimate takes long: show the rows that are there."""
        if self._block is not None and self.fresh.count is None and not self.is_over:
            self.fresh.set_count(len(self._block), False)
            self._meet()

    def _take_estimate(self, answer: Any) -> None:
        if self._has_failed(answer):
            return
        if self._block is not None and len(self._block) < PAGE:
            return
        self.fresh.set_count(answer.count, answer.is_exact)
        if self._shown is not None:
            self._rows.pages.take_estimate(self, answer.count, answer.is_exact)
        elif not self._has_gone_on:
            self._meet()

    def _meet(self) -> None:
        """Go on when what is needed is there."""
        count, block = self.fresh.count, self._block
        if count is None or (block is None and (self.is_other or not self._keys)):
            return
        self._has_gone_on = True
        is_small = self.fresh.is_exact and count <= SMALL
        if block is not None and len(block) == count:
            self.places = {key: block.keys.index(key) if key in block.keys else None for key in self._keys}
            self._finish(0, block)
        elif block is not None and (not self._keys or not is_small):
            self.begins_anew = bool(self._keys)
            self.fresh.set_count(max(count, len(block)), self.fresh.is_exact)
            self._finish(0, block)
        elif is_small or not self.is_ordered:
            self._locate(list(self._keys))
        else:
            self._prepare()

    def _prepare(self) -> None:
        def take(answer: Any) -> None:
            if not self._has_failed(answer):
                self.fresh.set_count(answer, True)
                self.is_prepared = True
                self._locate(list(self._keys))

        self._cancels.append(self._rows.preparing.ask(self.query, take))

    def _prepare_beside(self) -> None:
        """Tell from the beginning how far the order is for which the first page waits as well."""

        def take(answer: Any) -> None:
            # What is wrong with the order the page tells.
            if self.is_over or isinstance(answer, Exception):
                return
            self.is_prepared = True
            self.fresh.set_count(answer, True)
            if self._shown is not None:
                self._rows.pages.take_estimate(self, answer, True)
            elif not self._has_gone_on:
                self._meet()

        self._cancels.append(self._rows.preparing.ask(self.query, take))

    def _locate(self, left: list[Key]) -> None:
        if not left or not self.fresh.count:
            self.places |= dict.fromkeys(left)  # where there are no rows no key has a place
            self._fetch_there()
            return
        key = left.pop(0)

        def take(answer: Any) -> None:
            # A place that cannot be told is one that is not known; the rows are read all the same.
            self.places[key] = None if isinstance(answer, Exception) else answer
            self._locate(left)

        self._cancels.append(self._rows.reader.locate(self.query, key, take))

    def _fetch_there(self) -> None:
        """The page where the person is."""
        place = next((self.places[key] for key in self._keys if self.places.get(key) is not None), None)
        row = self._first if place is None else place
        number = max(min(row, (self.fresh.count or 0) - 1), 0) // PAGE
        if number == 0 and self._block is not None:
            self._finish(0, self._block)
            return

        def take(answer: Any) -> None:
            if not self._has_failed(answer):
                self._finish(number, answer)

        self._fetch(number, take)

    def _fetch(self, number: int, take: Callable[[Any], None]) -> None:
        self._cancels.append(self._rows.reader.fetch(self.query, number * PAGE, (number + 1) * PAGE, take))

    def _has_failed(self, answer: Any) -> bool:
        if self.is_over:
            return True
        if isinstance(answer, Exception):
            self.cancel()
            self._rows.fail_reading(self, answer)
            return True
        return False

    def _finish(self, number: int, block: Block) -> None:
        if block == self._shown:
            return
        self._shown = block
        fresh = RowCache()
        fresh.set_count(self.fresh.count or 0, self.fresh.is_exact)
        fresh.put(number, block)
        self._rows.take_reading(self, fresh)
