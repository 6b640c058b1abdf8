"""Threads beside the window give Python's lock away sooner while they work, so that the window need not wait for it."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

#: After how long a thread that another one waits for gives Python's lock away, in seconds.
SWITCH_S = 0.0003

_lock = threading.Lock()
_running = 0
_usual_s = sys.getswitchinterval()


@contextlib.contextmanager
def giving_way() -> Iterator[None]:
    """Within the block, on any thread: a paint gives the lock away many times, and waits for it each time.

    NOTE: it helps between steps of Python alone. One long call in C that keeps the lock (sorting a million values,
    decoding a large answer) is parted by whoever makes it.
    """
    global _running
    with _lock:
        _running += 1
        sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if not _running:
                sys.setswitchinterval(_usual_s)
