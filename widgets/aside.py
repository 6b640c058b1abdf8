"""Long questions to a table (sums, groups, searches) beside its rows: on a thread of their own, and stopped at once.

Each asker has one; the rows that a view shows never wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.tables.error import InterruptedCallError
from kernel.tables.query import Query
from widgets.handle import Cancel, Done, TableHandle, explained
from widgets.handle_worker import Worker

if TYPE_CHECKING:
    from kernel.tables.contract import Report


class Aside:
    """Asks one table. Made and used on the GUI thread, where the answers come too.

    ``done(answer)`` gets the result or the exception, and nothing once the question was cancelled or the asker closed.
    """

    def __init__(self, handle: TableHandle, name: str) -> None:
        self._handle = handle
        self._name = name
        self._worker: Worker | None = None
        self._waiting: dict[object, Cancel] = {}

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._waiting)

    def ask(self, work: Callable[[Any], Any], done: Done) -> Cancel:
        """Run ``work(table)``; the callable that is answered stops it, even in the middle."""
        if self._worker is None:
            self._worker = Worker(f"{self._name} of {self._handle.name}")
            # NOTE: the worker, not this object, so that the handle keeps nothing of a widget alive.
            self._handle.stop_with(self._worker)
        handle, question = self._handle, object()

        def take(answer: Any) -> None:
            self._waiting.pop(question, None)
            if not isinstance(answer, InterruptedCallError):
                done(explained(answer) if isinstance(answer, Exception) else answer)

        drop = self._worker.submit(lambda: work(handle.table()), take)
        self._waiting[question] = drop

        def cancel() -> None:
            self._waiting.pop(question, None)
            drop()

        return cancel

    def fetch(self, query: Query, start: int, stop: int, done: Done) -> Cancel:
        """Rows or groups ``start`` … ``stop - 1``."""
        return self.ask(lambda table: table.fetch(query, start, stop), done)

    def count(self, query: Query, done: Done) -> Cancel:
        """How many rows or groups there are."""
        return self.ask(lambda table: table.count(query), done)

    def prepare(self, query: Query, report: Report, done: Done) -> Cancel:
        """Make every page of the query cheap; ``done`` gets the count, ``report`` is called on the worker's thread."""
        return self.ask(lambda table: table.prepare(query, report), done)

    def cancel(self) -> None:
        """Stop every question that is not answered yet."""
        for drop in self._waiting.values():
            drop()
        self._waiting.clear()

    def close(self) -> None:
        """Stop, and end the thread; asking again begins another."""
        self.cancel()
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
