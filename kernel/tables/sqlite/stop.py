"""Stopping what a connection does when nobody waits for this thread's call any more."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator

from kernel.tables.interrupt import current

#: Steps of SQLite's machine between looks whether a call was given up (20 ms or so). An interrupt is heard at once;
#: the look is for the one that comes just between two statements.
LOOK_STEPS = 1_000_000


@contextlib.contextmanager
def stoppable(connection: sqlite3.Connection) -> Iterator[None]:
    """Within the block, stop what the connection does when nobody waits for this thread's call any more.

    Raises:
        InterruptedCallError: nobody does already.
    """
    interrupt = current()
    if interrupt is None:
        yield
        return
    connection.set_progress_handler(lambda: interrupt.is_set, LOOK_STEPS)
    try:
        with interrupt.stopping(connection.interrupt):
            yield
    finally:
        connection.set_progress_handler(None, 0)


@contextlib.contextmanager
def watched(connection: sqlite3.Connection, heard: Callable[[int], None]) -> Iterator[None]:
    """Within the block (inside one of :func:`stoppable`) ``heard`` is told how often SQLite made ``LOOK_STEPS``."""
    interrupt = current()
    looks = 0

    def look() -> bool:
        nonlocal looks
        looks += 1
        heard(looks)
        return interrupt is not None and interrupt.is_set

    connection.set_progress_handler(look, LOOK_STEPS)
    try:
        yield
    finally:
        if interrupt is None:
            connection.set_progress_handler(None, 0)
        else:
            connection.set_progress_handler(lambda: interrupt.is_set, LOOK_STEPS)


def check_interrupt() -> None:
    """Raise InterruptedCallError when nobody waits for this thread's call any more."""
    interrupt = current()
    if interrupt is not None:
        interrupt.check()
