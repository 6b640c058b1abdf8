"""Work over many rows in short steps: stopped between them, reported, shared by all threads that wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kernel.tables.contract import Report
from kernel.tables.interrupt import current


class Work:
    """Derive and give ``_step``.

    Attributes:
        part: How much is done, from 0.0 to 1.0.
        is_done: Whether there is nothing left to do.
    """

    def __init__(self) -> None:
        self.part = 0.0
        self.is_done = False
        self._lock = threading.Lock()

    def run(self, report: Report | None = None, until: Callable[[], bool] = lambda: False) -> None:
        """Do steps until all is done, or ``until`` says that it is enough.

        Raises:
            InterruptedCallError: nobody waits any more; what was done stays done.
        """
        while not self.is_done and not until():
            check_interrupt()
            with self._lock:
                if not self.is_done and not until():
                    self._step()
            if report is not None:
                report(min(self.part, 1.0))

    def _step(self) -> None:
        """Do 20 ms or so of the work; one that raises can be done again."""
        raise NotImplementedError


def check_interrupt() -> None:
    """Raise InterruptedCallError when nobody waits for this thread's call any more."""
    interrupt = current()
    if interrupt is not None:
        interrupt.check()
