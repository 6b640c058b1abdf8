"""The one thread that writes journals, in the order in which it is asked to; begun when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from plugins.api import at_unload

_threads: list[ThreadPoolExecutor] = []


def write_soon(work: Callable[[], object], failed: Callable[[OSError], None]) -> None:
    """Do ``work`` on the thread; what the disk refuses is told to ``failed``, on any thread."""
    if not _threads:
        _threads.append(ThreadPoolExecutor(1, "journal"))
        at_unload("scintilla", _end)

    def done(found: Future[object]) -> None:
        error = found.exception()
        if isinstance(error, OSError):
            failed(error)
        elif error is not None:
            raise error

    _threads[0].submit(work).add_done_callback(done)


def wait_for_writes() -> None:
    """Return when all that was asked for is written."""
    if _threads:
        _threads[0].submit(lambda: None).result()


def _end() -> None:
    while _threads:
        _threads.pop().shutdown()
