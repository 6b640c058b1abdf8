"""A watch over the import of a plugin: one that does not end is given up, so that the window can be used again.

Python's own code is interrupted wherever it is, by the system's timer. Machine code cannot be: then the watch says on
standard error which plugin it is that hangs.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: Seconds that the import of a plugin may take; set from the option ``plugins.import_limit``.
limit_s = 20.0
#: Seconds between further tries where code swallows the first one.
_AGAIN_S = 0.5


class HangError(BaseException):
    """An import that did not end in time. No Exception, so that ``except Exception`` of the plugin lets it pass."""


@contextmanager
def watched(plugin: str) -> Iterator[None]:
    """Within the block, on the main thread, a :class:`HangError` is raised after :data:`limit_s`."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    seconds = limit_s

    def late(_number: int, _frame: FrameType | None) -> None:
        raise HangError(f"its import did not end within {seconds:g} s")

    def say_who() -> None:
        print(f"espalier: the plugin {plugin} hangs while it is imported", file=sys.stderr, flush=True)

    told = threading.Timer(seconds + 2 * _AGAIN_S, say_who)
    told.daemon = True
    before = signal.signal(signal.SIGALRM, late)
    rest, again = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_S)
    told.start()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, rest, again)
        signal.signal(signal.SIGALRM, before)
        told.cancel()
