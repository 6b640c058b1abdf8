"""Stopping a table call that nobody waits for any more: a flag that the sources of this thread look at.

Whoever starts the call says :func:`interruptible`; a source hands what can stop its work to :func:`stoppable`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from kernel.tables.error import InterruptedCallError
from kernel.words import mark


class Interrupt:
    """Set once, from any thread, when nobody waits any more.

    Attributes:
        is_set: Whether that has happened.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []

    def set(self) -> None:
        """Stop what is under way, and whatever is begun later."""
        with self._lock:  # what is stopped has not been given to another call
            self.is_set = True
            for stop in self._stops:
                stop()

    @contextlib.contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Within the block :meth:`set` calls ``stop``, which must be quick; after the block it never does.

        Raises:
            InterruptedCallError: it was set before.
        """
        with self._lock:
            self.check()
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    def check(self) -> None:
        """Raise InterruptedCallError when it was set."""
        if self.is_set:
            raise InterruptedCallError(mark("the call was given up before it was done"))


_current: ContextVar[Interrupt | None] = ContextVar("interrupt", default=None)


def current() -> Interrupt | None:
    """What stops the call that this thread is in, if anything does."""
    return _current.get()


@contextlib.contextmanager
def interruptible(interrupt: Interrupt | None) -> Iterator[None]:
    """Within the block table calls of this thread are stopped by ``interrupt``; by nothing when None."""
    token = _current.set(interrupt)
    try:
        yield
    finally:
        _current.reset(token)
