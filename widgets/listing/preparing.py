"""Ordering and counting a grid's rows behind what is shown, with progress, until every page is cheap."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from kernel.tables.query import Query
    from widgets.listing.rows import Rows

#: After this time a work is told of, in ms; most are done before.
TOLD_AFTER_MS = 300


class Preparing(QObject):
    """At most one work at a time; a newer one stops the older one.

    Attributes:
        query: What is being prepared, or None.
        share: The part that is done, from 0.0 to 1.0; None while there is nothing to tell.
    """

    moved = Signal()

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._rows = rows
        self.query: Query | None = None
        self.share: float | None = None
        self._known = 0.0
        self._cancel: Callable[[], None] | None = None
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TOLD_AFTER_MS)
        self._telling.timeout.connect(self._tell)

    def ask(self, query: Query, done: Callable[[Any], None]) -> Callable[[], None]:
        """Prepare the query; ``done`` gets its exact count or the exception. Answers a cancel callable."""
        self.stop()
        self.query, self._known = query, 0.0
        self._telling.start()
        is_wanted = [True]

        def report(share: float) -> None:
            if is_wanted:
                self._known = share
                if self.share is not None:
                    self._tell()

        def take(answer: Any) -> None:
            if is_wanted:
                is_wanted.clear()
                self._end()
                done(answer)

        cancel = self._rows.reader.prepare(query, report, take)

        def give_up() -> None:
            if is_wanted:
                is_wanted.clear()
                cancel()
                if isValid(self):  # else the view is gone, and nobody looks
                    self._end()

        self._cancel = give_up
        return give_up

    def stop(self) -> bool:
        """Stop the work under way; False when there is none."""
        if self._cancel is None:
            return False
        self._cancel()
        return True

    def _tell(self) -> None:
        self.share = min(max(self._known, 0.0), 1.0)
        self.moved.emit()

    def _end(self) -> None:
        self._cancel, self.query, was_told = None, None, self.share is not None
        self.share = None
        self._telling.stop()
        if was_told:
            self.moved.emit()
