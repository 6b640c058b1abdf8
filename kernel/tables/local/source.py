"""A source whose tables are scans completed by the engine."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from kernel.nearest import did_you_mean
from kernel.tables.change import TableChange
from kernel.tables.error import SourceError, UnavailableError, UnknownTableError
from kernel.tables.listener import Listeners
from kernel.tables.local.lookup import Lookup
from kernel.tables.local.scan import Scan
from kernel.tables.local.table import LocalTable
from kernel.tables.schema import Schema


class LocalSource:
    """Tables over scans; usable from any thread.

    Args:
        scans: Table name → its scan, in the order of :meth:`table_names`.
    """

    def __init__(self, scans: Mapping[str, Scan]) -> None:
        self.listeners = Listeners()
        self._is_closed = False
        self._lock = threading.Lock()
        self._tables = {name: LocalTable(self, scan) for name, scan in scans.items()}
        self._lookups: dict[tuple[str, tuple[str, ...]], Lookup] = {}
        self._seen = self._polled()

    def table_names(self) -> list[str]:
        """See :class:`kernel.tables.contract.Source`."""
        self.check_open()
        return list(self._tables)

    def table(self, name: str) -> LocalTable:
        """See :class:`kernel.tables.contract.Source`."""
        self.check_open()
        if name not in self._tables:
            raise UnknownTableError(f"there is no table {name}", hint=did_you_mean(name, self._tables))
        return self._tables[name]

    def schema_of(self, name: str) -> Schema | None:
        """The schema of the table of that name, or None."""
        table = self._tables.get(name)
        return table and table.scan.schema

    def lookup(self, table: str, columns: tuple[str, ...]) -> Lookup:
        """What finds rows of a table by those columns, up to date."""
        with self._lock:
            found = self._lookups.get((table, columns))
            if found is None:
                found = self._lookups[table, columns] = Lookup(self, self._tables.get(table), columns)
        found.refresh()
        return found

    def stamps(self) -> tuple[Any, ...]:
        """Something that differs once any table may have changed.

        Raises:
            UnavailableError: what a table reads is gone.
        """
        return tuple(table.scan.stamp() for table in self._tables.values())

    def poll(self) -> bool:
        """Whether anything has changed since the last call; if so the listeners of those tables are told."""
        now = self._polled()
        changed = [name for name in now if now[name] != self._seen[name]]
        self._seen = now
        for name in changed:
            self.listeners.notify(TableChange(name, is_everything=True))
        return bool(changed)

    def _polled(self) -> dict[str, Any]:
        stamps: dict[str, Any] = {}
        for name, table in self._tables.items():
            try:
                stamps[name] = table.scan.stamp()
            except UnavailableError as error:
                stamps[name] = str(error)
        return stamps

    def check_open(self) -> None:
        """Raise SourceError when the source is closed."""
        if self._is_closed:
            raise SourceError("the source is closed")

    def close(self) -> None:
        """See :class:`kernel.tables.contract.Source`."""
        self._is_closed = True
        self.listeners.clear()
        for table in self._tables.values():
            table.scan.close()

    def describe(self, problem: Exception) -> str:
        """A problem with this source in one sentence."""
        return str(problem)
