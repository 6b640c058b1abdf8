"""Asks for the rows of an outlined list as a handle asks for those of a table, on a thread of its own.

Groups of many rows take long: nothing else that the window asks of the table waits for them, and a newer question
stops an older one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.tables.change import Key
from kernel.tables.contract import Table
from kernel.tables.outline.outlined import Outlined
from kernel.tables.query import Query
from widgets.aside import Aside
from widgets.handle import Cancel, Done, TableHandle

#: Puts what the person wants to see (keys, what is open) into the list.
Apply = Callable[[Outlined], None]


class OutlineReader:
    """In the place of a :class:`TableHandle` where rows are read by place.

    Args:
        handle: The table's.
        make: Table → the list over it; called once, on the thread.
        wanted: Answers what puts the present state into the list; called on the GUI thread.
    """

    def __init__(self, handle: TableHandle, make: Callable[[Table], Outlined], wanted: Callable[[], Apply]) -> None:
        self.handle = handle
        self._make, self._wanted = make, wanted
        self._aside = Aside(handle, "groups")
        self._view: Outlined | None = None

    def forget(self) -> None:
        """Rows changed."""
        if self._view is not None:
            self._view.forget()

    def close(self) -> None:
        """Stop asking."""
        self._aside.close()

    def seen(self) -> Callable[[Table], Outlined]:
        """Table → the list as it is wanted now, for threads that may wait."""
        apply = self._wanted()

        def see(table: Table) -> Outlined:
            if self._view is None:
                self._view = self._make(table)
            apply(self._view)
            return self._view

        return see

    def ask(self, work: Callable[[Any], Any], done: Done) -> Cancel:
        """Run ``work(list)`` on the thread."""
        see = self.seen()
        return self._aside.ask(lambda table: work(see(table)), done)

    def fetch(self, query: Query, start: int, stop: int, done: Done, *, is_idle: bool = False) -> Cancel:
        """As :meth:`TableHandle.fetch`."""
        return self.ask(lambda view: view.fetch(query, start, stop), done)

    def estimate(self, query: Query, done: Done) -> Cancel:
        """As :meth:`TableHandle.estimate`."""
        return self.ask(lambda view: view.estimate(query), done)

    def prepare(self, query: Query, report: Callable[[float], None], done: Done) -> Cancel:
        """As :meth:`TableHandle.prepare`."""
        return self.ask(lambda view: view.prepare(query, lambda _part: None), done)

    def locate(self, query: Query, key: Key, done: Done) -> Cancel:
        """As :meth:`TableHandle.locate`."""
        return self.ask(lambda view: view.locate(query, key), done)
