"""Long work over tables on a thread of its own: it tells how far it is, and it can be given up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kernel.tables.interrupt import Interrupt, interruptible
from widgets import gui_thread
from widgets.handle_worker import Worker

#: At least so long between two reports of progress, in seconds.
_BETWEEN_S = 0.05

Report = Callable[[float], None]


def _nothing(*_: object) -> None:
    """In the place of what was let go."""


class Job:
    """Starts at once. Made and cancelled on the GUI thread, where ``done`` and ``told`` are called.

    Args:
        name: The thread's name.
        work: Gets a callable that takes the part that is done, 0.0 to 1.0, and ends the work when it was given up.
        done: Gets the result or the exception, InterruptedCallError when it was given up.
        told: Gets the part that is done.
    """

    def __init__(self, name: str, work: Callable[[Report], Any], done: Callable[[Any], None],
                 told: Callable[[float], None] = lambda _part: None) -> None:  # fmt: skip
        self._interrupt = Interrupt()
        self._told, self._done = told, done
        self._last = 0.0
        self.is_running = True
        self._worker = Worker(name)
        self._worker.submit(lambda: self._run(work), self._finish, is_write=True)

    def cancel(self) -> None:
        """Give it up; nothing is written then, unless it was written already."""
        self._interrupt.set()

    def drop(self) -> None:
        """Give it up, and call nobody any more."""
        self.cancel()
        self.is_running = False
        self._worker.stop()

    def _run(self, work: Callable[[Report], Any]) -> Any:
        with interruptible(self._interrupt):
            return work(self._report)

    def _report(self, part: float) -> None:
        self._interrupt.check()
        now = time.monotonic()
        if now - self._last >= _BETWEEN_S:
            self._last = now
            gui_thread.hand(lambda: self._told(part) if self.is_running else None)

    def _finish(self, answer: Any) -> None:
        self.is_running = False
        self._worker.stop()
        # NOTE: a thread of the source may keep the report for a moment, but nothing of the asker's.
        done, self._done, self._told = self._done, _nothing, _nothing
        done(answer)
