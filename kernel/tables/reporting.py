"""Telling how far a long commit is: whoever starts it says :func:`reporting`, the sources of this thread tell.

``Table.commit`` has no argument for it, as most commits are over before anybody could look.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from kernel.tables.contract import Report
from kernel.tables.error import InterruptedCallError

_current: ContextVar[Report | None] = ContextVar("report", default=None)


@contextlib.contextmanager
def reporting(report: Report | None, start: float = 0.0, stop: float = 1.0) -> Iterator[None]:
    """Within the block what this thread tells goes to ``report``, its 0 … 1 as ``start`` … ``stop``; None: nowhere."""
    def tell(part: float) -> None:
        assert report is not None
        # Who gave up is heard where the work may end; what was written is never reported as given up.
        with contextlib.suppress(InterruptedCallError):
            report(start + (stop - start) * part)

    token = _current.set(tell if report is not None else None)
    try:
        yield
    finally:
        _current.reset(token)


def current_report() -> Report | None:
    """What this thread tells, if anybody listens."""
    return _current.get()


def stretch(start: float, stop: float) -> contextlib.AbstractContextManager[None]:
    """Within the block what is told is that part of the work around it."""
    return reporting(_current.get(), start, stop)


def tell(part: float) -> None:
    """Say which part of the work is done, from 0.0 to 1.0; costs nearly nothing when nobody listens."""
    report = _current.get()
    if report is not None:
        report(part)
