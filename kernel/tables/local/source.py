"""A source whose tables are scans completed by the engine."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from kernel.nearest import did_you_mean
from kernel.tables.change import Committed, Part, TableChange
from kernel.tables.contract import Check
from kernel.tables.error import SourceError, TableError, UnknownTableError
from kernel.tables.listener import Listeners
from kernel.tables.local.lookup import Lookup
from kernel.tables.local.scan import Scan
from kernel.tables.local.table import LocalTable
from kernel.tables.schema import Schema
from kernel.words import mark

#: Commits remembered by their ids.
_MOST_ANSWERS = 1000


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
        self._answers: OrderedDict[str, tuple[tuple[Part, ...], tuple[Committed, ...]]] = OrderedDict()
        self._seen = self._polled()

    def table_names(self) -> list[str]:
        """See :class:`kernel.tables.contract.Source`."""
        self.check_open()
        return list(self._tables)

    def table(self, name: str) -> LocalTable:
        """See :class:`kernel.tables.contract.Source`."""
        self.check_open()
        if name not in self._tables:
            raise UnknownTableError(mark(f"there is no table {name}"), hint=did_you_mean(name, self._tables))
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

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """See :class:`kernel.tables.contract.Source`; one table at a time, for scans have no transaction in common.

        What was committed is remembered by its id while the process runs.
        """
        with self._lock:
            known = self._answers.get(id) if id else None
        if known is not None:
            if known[0] != tuple(parts):
                raise TableError(mark("a commit of that id has made other changes"))
            return known[1]
        for part in parts:
            self.table(part.table).check_editable()
        if len(parts) > 1 or check is not None:
            raise TableError(mark("tables of this source are written one at a time, and by their own app alone"))
        done = tuple(self.table(part.table).commit(part.changes) for part in parts)
        with self._lock:
            self._answers[id] = tuple(parts), done
            while len(self._answers) > _MOST_ANSWERS:
                self._answers.popitem(last=False)
        return done

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

    def announced(self, change: TableChange) -> None:
        """Tell of a change that a table's own code announces, which the next :meth:`poll` need not tell again."""
        if not self._is_closed:
            self._seen = {**self._seen, change.table: self._polled().get(change.table)}
            self.tell(change)

    def tell(self, change: TableChange) -> None:
        """Tell of a change, also those whose references lead to its table."""
        for one in (change, *self.listeners.referring(change, self.schema_of)):
            self.listeners.notify(one)

    def _polled(self) -> dict[str, Any]:
        stamps: dict[str, Any] = {}
        for name, table in self._tables.items():
            try:
                stamps[name] = table.scan.stamp()
            except TableError as error:
                stamps[name] = str(error)
        return stamps

    def check_open(self) -> None:
        """Raise SourceError when the source is closed."""
        if self._is_closed:
            raise SourceError(mark("the source is closed"))

    def close(self) -> None:
        """See :class:`kernel.tables.contract.Source`."""
        self._is_closed = True
        self.listeners.clear()
        for table in self._tables.values():
            table.scan.close()

    def describe(self, problem: Exception) -> str:
        """A problem with this source in one sentence."""
        return str(problem)
