"""What a source remembers of queries: orders and groups, as long as nothing that they were read from has changed.

Whether a transaction has ended is told exactly by the server's snapshot; of which table it was, only by counters that
lag some seconds behind. So what was read fast is read again after any transaction, and what took long is kept until the
counters of its tables move: its pages show the rows as they are, only their order may be some seconds old.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple

from kernel.tables.postgres import catalogue
from kernel.tables.postgres.connection import Connection

#: Orders and groups remembered.
MOST_REMEMBERED = 8
#: Seconds of reading from which on something is kept while other tables change.
DEAR_S = 0.1

Writes = tuple[Any, ...]


class Stamp(NamedTuple):
    """The state of some tables: the server's snapshot, and the counters of their writes."""

    snapshot: str
    writes: Writes


class Entry(NamedTuple):
    """A value, the state that it was read in, of which tables, and the seconds that it took."""

    value: Any
    stamp: Stamp
    tables: frozenset[int]
    seconds: float

    def holds(self, now: Stamp) -> bool:
        """Whether it is worth keeping in the state that its tables are in now."""
        return now == self.stamp or (now.writes == self.stamp.writes and self.seconds >= DEAR_S)


class Memory:
    """Remembered values by name; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[Any, Entry] = OrderedDict()
        self._era = 0

    def find(self, connection: Connection, name: Any) -> Any:
        """The remembered value, None when there is none that still holds."""
        with self._lock:
            entry = self._entries.get(name)
        if entry is None:
            return None
        now = read_stamp(connection, entry.tables)
        is_same = entry.holds(now)
        with self._lock:
            if is_same and name in self._entries:
                self._entries.move_to_end(name)
            elif not is_same:
                self._entries.pop(name, None)
        return entry.value if is_same else None

    def begin(self, connection: Connection, tables: Iterable[int]) -> tuple[int, Stamp, float]:
        """What :meth:`keep` wants; taken before the value is read."""
        return self._era, read_stamp(connection, tables), time.monotonic()

    def keep(self, name: Any, value: Any, tables: Iterable[int], begun: tuple[int, Stamp, float]) -> None:
        """Remember a value, unless its tables were written meanwhile through this source."""
        era, stamp, start = begun
        with self._lock:
            if era != self._era:
                return
            self._entries[name] = Entry(value, stamp, frozenset(tables), time.monotonic() - start)
            while len(self._entries) > MOST_REMEMBERED:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._era += 1
            self._entries.clear()


def read_stamp(connection: Connection, tables: Iterable[int]) -> Stamp:
    """The state of some tables now."""
    sql = (f"SELECT ({catalogue.SNAPSHOT}), (SELECT array_agg(w::text) FROM ({catalogue.WRITES}) AS w),"
           f" {catalogue.HAS_COUNTERS}")
    snapshot, writes, has_counters = connection.execute(sql, [sorted(tables)]).fetchone() or ("", (), True)
    return Stamp(snapshot, tuple(writes or ()) if has_counters else (snapshot,))
