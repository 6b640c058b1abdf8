"""The home table, which answers once it is known whether there are apps: until then a list shows that it loads."""

from __future__ import annotations

import threading
import time
from typing import Any

from kernel.tables.block import Block
from kernel.tables.contract import Estimate, Report
from kernel.tables.interrupt import current
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query

#: Seconds that a question waits at most: a server that is away may take longer to be given up.
PATIENCE_S = 5.0
_LOOK_S = 0.05


class WaitingTable:
    """A source of one table in memory, and that table; see :class:`kernel.tables.contract.Table`.

    Args:
        source: Has the table.
        name: The table's name.
        is_known: Set once its rows are those that there are.
    """

    def __init__(self, source: MemorySource, name: str, is_known: threading.Event) -> None:
        self._source, self._table, self._is_known = source, source.table(name), is_known
        self._until = 0.0

    def table(self, name: str) -> WaitingTable:
        """See :class:`kernel.tables.contract.Source`."""
        self._source.table(name)
        return self

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        self._wait()
        return self._table.count(query)

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`."""
        self._wait()
        return self._table.estimate(query)

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        self._wait()
        return self._table.prepare(query, report)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :class:`kernel.tables.contract.Table`."""
        self._wait()
        return self._table.fetch(query, start, stop)

    def __getattr__(self, name: str) -> Any:
        """Everything else of the table and its source needs no rows."""
        return getattr(self._table if hasattr(self._table, name) else self._source, name)

    def _wait(self) -> None:
        self._until = self._until or time.monotonic() + PATIENCE_S
        while not self._is_known.is_set() and time.monotonic() < self._until:
            interrupt = current()
            if interrupt is not None:
                interrupt.check()
            self._is_known.wait(_LOOK_S)
