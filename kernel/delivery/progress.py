"""How far a fetch is: whoever starts one says :func:`following`, what is fetched on this thread is told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import NamedTuple


class Progress(NamedTuple):
    """Bytes of files that are here of those that were missing, and bytes that came for them."""

    done: int
    total: int
    received: int = 0


#: Told how far a fetch is, on the thread that fetches, for every file; must be quick.
Report = Callable[[Progress], None]
_current: ContextVar[Report | None] = ContextVar("fetch report", default=None)


@contextlib.contextmanager
def following(report: Report) -> Iterator[None]:
    """Within the block ``report`` is told of what this thread fetches."""
    token = _current.set(report)
    try:
        yield
    finally:
        _current.reset(token)


def current_report() -> Report | None:
    """Who is told of this thread's fetch, if anybody."""
    return _current.get()
