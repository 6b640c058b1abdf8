"""One at a time: what several processes are about to fetch, one of them fetches, and the others find it here."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator

from kernel.cache.durable import make_directory
from kernel.tables.interrupt import current

#: Seconds between two looks, and without any progress of whoever has the turn before nobody waits for it any more.
LOOK_S, STUCK_S = 0.02, 30.0


@contextlib.contextmanager
def turn(path: str, progress: Callable[[], object]) -> Iterator[None]:
    """Hold the lock ``path`` within the block, waiting for others.

    Where no lock can be made, and behind a process that is stuck, the block is run without one: then a thing is
    fetched twice, which harms nothing.

    Args:
        path: The lock's file.
        progress: What becomes another thing while whoever has the turn gets on.

    Raises:
        InterruptedCallError: the call was given up.
    """
    import fcntl

    try:
        make_directory(os.path.dirname(path))
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        yield
        return
    try:
        seen, since = progress(), time.monotonic()
        while not _is_taken(fcntl.flock, handle, fcntl.LOCK_EX | fcntl.LOCK_NB):
            interrupt = current()
            if interrupt is not None:
                interrupt.check()
            if time.monotonic() - since > STUCK_S:
                now = progress()
                if now == seen:
                    break
                seen, since = now, time.monotonic()
            time.sleep(LOOK_S)
        yield
    finally:
        os.close(handle)


def _is_taken(lock: Callable[[int, int], None], handle: int, how: int) -> bool:
    try:
        lock(handle, how)
    except BlockingIOError:
        return False
    return True
