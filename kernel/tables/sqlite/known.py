"""What was found out about one state of a database file: orders, landmarks, groups, facts about columns.

All readers that see the same state share it; it is dropped as a whole when anybody has written.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from kernel.tables.contract import Report
from kernel.tables.sqlite.stop import check_interrupt

#: Bytes of what is kept of one state; the last thing kept may be larger alone.
MOST_BYTES = 160 << 20
#: Seconds between two looks at work that another thread does.
_LOOK_S = 0.02


class _Work:
    """Something that one thread is making, and others wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.part = 0.0


class Known:
    """Facts about one state of the file.

    Attributes:
        plain: (Table, column) → whether all texts in it are ASCII.
        progress: Name of a query → (rows found, part of the table read for that); a guess at its count.
    """

    def __init__(self) -> None:
        self.plain: dict[tuple[str, str], bool] = {}
        self.progress: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._working: dict[str, _Work] = {}

    def find(self, name: str) -> Any:
        """What was kept under that name, or None."""
        with self._lock:
            if name not in self._kept:
                return None
            self._kept.move_to_end(name)
            return self._kept[name][0]

    def keep(self, name: str, value: Any, size: int) -> None:
        """Keep a value of ``size`` bytes; what was used longest ago goes when there is too much."""
        with self._lock:
            self._kept[name] = value, size
            self._kept.move_to_end(name)
            while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > MOST_BYTES:
                self._kept.popitem(last=False)

    def once(self, name: str, make: Callable[[Report], tuple[Any, int]], report: Report = lambda part: None) -> Any:
        """What is kept under that name, made now if there is nothing; threads that want the same wait for the first.

        Args:
            name: What it is.
            make: Makes it, telling how far it is: (value, bytes).
            report: Told the part that is done.
        """
        while True:
            with self._lock:
                if name in self._kept:
                    self._kept.move_to_end(name)
                    return self._kept[name][0]
                others = self._working.get(name)
                if others is None:
                    mine = self._working[name] = _Work()
                    break
            while not others.done.wait(_LOOK_S):
                check_interrupt()
                report(others.part)
        try:
            value, size = make(_both(mine, report))
            self.keep(name, value, size)
            return value
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
