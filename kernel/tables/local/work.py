"""Work over many rows in short steps: stopped between them, reported, shared by all threads that wait for it."""

from __future__ import annotations

import contextlib
import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from kernel.tables.contract import Report
from kernel.tables.interrupt import current

#: Seconds between two looks whether anybody still waits.
_LOOK_S = 0.02


class Work:
    """Derive and give ``_step``.

    Attributes:
        part: How much is done, from 0.0 to 1.0.
        is_done: Whether there is nothing left to do.
        spent: Seconds that its steps have taken.
        begun: When it was made, by :func:`time.monotonic`.
    """

    def __init__(self) -> None:
        self.part = 0.0
        self.is_done = False
        self.spent = 0.0
        self.begun = time.monotonic()
        self._lock = threading.Lock()

    def run(self, report: Report | None = None, until: Callable[[], bool] = lambda: False) -> None:
        """Do steps until all is done, or ``until`` says that it is enough.

        Raises:
            InterruptedCallError: nobody waits any more; what was done stays done.
        """
        while not self.is_done and not until():
            check_interrupt()
            if not self._lock.acquire(timeout=_LOOK_S):
                continue  # another thread does a step that may take long, and its sort is done on the side
            try:
                if not self.is_done and not until():
                    start = time.monotonic()
                    self._step()
                    self.spent += time.monotonic() - start
            finally:
                self._lock.release()
            if report is not None:
                report(min(self.part, 1.0))

    def _step(self) -> None:
        """Do 20 ms or so of the work; one that raises can be done again."""
        raise NotImplementedError


@contextlib.contextmanager
def holding(lock: threading.Lock) -> Iterator[None]:
    """Within the block the lock is this thread's.

    Raises:
        InterruptedCallError: nobody waits any more, while another thread has it.
    """
    while not lock.acquire(timeout=_LOOK_S):
        check_interrupt()
    try:
        yield
    finally:
        lock.release()


def check_interrupt() -> None:
    """Raise InterruptedCallError when nobody waits for this thread's call any more."""
    interrupt = current()
    if interrupt is not None:
        interrupt.check()


def on_the_side(work: Any) -> Any:
    """The result of ``work``, done on a thread of its own, for what cannot be stopped itself.

    Raises:
        InterruptedCallError: nobody waits any more; the thread ends by itself and its result is dropped.
    """
    return work() if current() is None else Aside(work).result()


class Aside:
    """Something done once on a thread of its own, for what can neither be stopped nor be done again."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._results: list[Any] = []
        self._problems: list[BaseException] = []

        def run() -> None:
            try:
                self._results.append(work())
            except BaseException as problem:
                self._problems.append(problem)

        self._thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), name="sort", daemon=True)
        self._thread.start()

    def result(self) -> Any:
        """What came of it; may be asked again.

        Raises:
            InterruptedCallError: nobody waits any more; the thread goes on.
        """
        self.wait()
        if self._problems:
            raise self._problems[0]
        return self._results[0]

    def wait(self) -> None:
        """Return once it is done.

        Raises:
            InterruptedCallError: nobody waits any more; the thread goes on.
        """
        while self._thread.is_alive():
            self._thread.join(_LOOK_S)
            check_interrupt()
