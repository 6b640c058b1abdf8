"""What was found out about one state of a database file: orders, landmarks, groups, facts about columns.

All readers that see the same state share it. It is dropped when anybody has written; after a commit of our own that
only wrote some columns, what does not follow from them is kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from kernel.tables.contract import Report
from kernel.tables.sqlite.stop import check_interrupt

#: Bytes of what is kept of one state; the last thing kept may be larger alone.
MOST_BYTES = 88 << 20
#: (Table, column).
Used = tuple[str, str]
#: Seconds between two looks at work that another thread does.
_LOOK_S = 0.02


class _Work:
    """Something that one thread is making, and others wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.part = 0.0


class Kept(NamedTuple):
    """Something that is kept.

    Attributes:
        value: It.
        size: Its bytes.
        used: The columns that it follows from; None: whatever is written may undo it.
        until: When it does not hold any more, by :func:`time.monotonic`; None: while the state of the file does.
    """

    value: Any
    size: int
    used: frozenset[Used] | None = None
    until: float | None = None


class Known:
    """Facts about one state of the file.

    Attributes:
        plain: (Table, column) → whether all texts in it are ASCII.
    """

    def __init__(self) -> None:
        self.plain: dict[tuple[str, str], bool] = {}
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._working: dict[str, _Work] = {}

    def find(self, name: str) -> Any:
        """What was kept under that name, or None."""
        with self._lock:
            kept = self._held(name)
            return None if kept is None else kept.value

    def _held(self, name: str) -> Kept | None:
        """What is kept and holds; the lock is this thread's."""
        kept = self._kept.get(name)
        if kept is not None and kept.until is not None and time.monotonic() > kept.until:
            del self._kept[name]
            return None
        if kept is not None:
            self._kept.move_to_end(name)
        return kept

    def keep(self, name: str, kept: Kept) -> None:
        """Keep a value; what was used longest ago goes when there is too much."""
        with self._lock:
            self._kept[name] = kept
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and sum(kept.size for kept in self._kept.values()) > MOST_BYTES:
                self._kept.popitem(last=False)

    def without(self, written: Collection[Used]) -> Known:
        """What still holds after these columns of some rows were written."""
        rest = Known()
        with self._lock:
            rest._kept.update((name, kept) for name, kept in self._kept.items()
                              if kept.used is not None and kept.used.isdisjoint(written))
        rest.plain = {column: is_plain for column, is_plain in list(self.plain.items()) if column not in written}
        return rest

    def once(self, name: str, make: Callable[[Report], Kept], report: Report = lambda part: None) -> Any:
        """What is kept under that name, made now if there is nothing; threads that want the same wait for the first.

        Args:
            name: What it is.
            make: Makes it, telling how far it is.
            report: Told the part that is done.
        """
        while True:
            with self._lock:
                held = self._held(name)
                if held is not None:
                    return held.value
                others = self._working.get(name)
                if others is None:
                    mine = self._working[name] = _Work()
                    break
            while not others.done.wait(_LOOK_S):
                check_interrupt()
                report(others.part)
        try:
            kept = make(_both(mine, report))
            self.keep(name, kept)
            return kept.value
        finally:
            with self._lock:
                del self._working[name]
            mine.done.set()


def _both(work: _Work, report: Report) -> Report:
    """Reports to whom it concerns and to those that wait; never falls, never leaves 0 … 1."""

    def told(part: float) -> None:
        part = min(max(part, work.part), 1.0)
        if part > work.part:
            work.part = part
            report(part)

    return told
