"""What grouped and tree tables share: they pass for a table where rows are read by place, and read one at a time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence

from kernel.disposer import Disposer
from kernel.tables.change import Change, Committed
from kernel.tables.contract import Estimate, Listener, Report, Table
from kernel.tables.interrupt import current
from kernel.tables.query import Query
from kernel.tables.schema import Schema

#: How long another thread's reading is waited for before a look whether anybody waits here, in seconds.
_LOOK_S = 0.03


class Outlined:
    """A list made of a table's rows; used from any thread.

    Attributes:
        table: The table itself.
        age: Grows when what is known of it is old.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.age = 0
        self._lock = threading.Lock()

    @property
    def schema(self) -> Schema:
        """The table's."""
        return self.table.schema

    def forget(self) -> None:
        """Rows changed: everything is read anew, at the next question."""
        self.age += 1

    def size(self, query: Query) -> int:
        """Rows of the list."""
        raise NotImplementedError

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self.size(query)

    def estimate(self, query: Query) -> Estimate:
        """The count: nothing can be shown before it is known."""
        return Estimate(self.size(query))

    def prepare(self, query: Query, report: Report) -> int:
        """The count."""
        return self.size(query)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.contract.Table`."""
        return self.table.commit(changes)

    def subscribe(self, listener: Listener) -> Disposer:
        """See :class:`kernel.tables.contract.Table`."""
        return self.table.subscribe(listener)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Within the block no other thread reads; who waits for it in vain stops."""
        while not self._lock.acquire(timeout=_LOOK_S):
            check()
        try:
            yield
        finally:
            self._lock.release()


def check() -> None:
    """Stop when nobody waits any more."""
    interrupt = current()
    if interrupt is not None:
        interrupt.check()
