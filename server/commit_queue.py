"""Commits of many clients on their way to their sources: those of one source are written by one thread, many at once.

A thread for each commit would have them all wait for each other, the disk and Python's lock; so the one who writes
takes whoever came meanwhile along, and the event loop hears of all their answers at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple, Protocol

from kernel.tables.change import Committed
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.together import Asked, Outcome
from server.hosted_commit import HostedCommit

#: Most commits that are answered together.
MOST = 64

Place = tuple[str, str]


class Gathering(Protocol):
    """A source that can write commits of several people at once."""

    def commit_together(self, asked: Sequence[Asked]) -> list[Outcome]:
        """Write each of them or nothing of it; raises nothing of theirs."""


class _Waiting(NamedTuple):
    """One commit that waits to be written."""

    begin: Callable[[], HostedCommit]
    interrupt: Interrupt
    future: asyncio.Future[tuple[Committed, ...]]


class CommitQueue:
    """The queues of all sources that write commits together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: A source that is here has a thread that writes.
        self._waiting: dict[Place, list[_Waiting]] = {}

    async def commit(
        self, threads: Executor, place: Place, begin: Callable[[], HostedCommit], interrupt: Interrupt
    ) -> tuple[Committed, ...]:
        """Write one; raises as :meth:`server.hosting.Hosting.commit`. On the loop's thread.

        Args:
            threads: Where there is one to write.
            place: App and source.
            begin: Begins it, on the thread that writes.
            interrupt: Set when nobody waits for it any more.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(begin, interrupt, loop.create_future())
        with self._lock:
            is_first = place not in self._waiting
            self._waiting.setdefault(place, []).append(waiting)
        if is_first:
            try:
                threads.submit(self._work, loop, place)
            except RuntimeError:  # the server is stopping
                with self._lock:
                    del self._waiting[place]
                raise
        return await waiting.future

    def _work(self, loop: asyncio.AbstractEventLoop, place: Place) -> None:
        """Write until nobody waits."""
        while group := self._take(place):
            outcomes = written(group)
            with contextlib.suppress(RuntimeError):  # the loop is closed: there is nobody left to tell
                loop.call_soon_threadsafe(_answer, group, outcomes)

    def _take(self, place: Place) -> list[_Waiting]:
        with self._lock:
            group = self._waiting[place][:MOST]
            if group:
                del self._waiting[place][:MOST]
            else:
                del self._waiting[place]
        return group


def written(group: Sequence[_Waiting]) -> list[Outcome]:
    """What came of each; those that nobody waits for any more are not written."""
    outcomes = [Outcome(None)] * len(group)
    begun: list[tuple[int, HostedCommit]] = []
    for number, one in enumerate(group):
        try:
            with interruptible(one.interrupt):
                one.interrupt.check()
                begun.append((number, one.begin()))
        except Exception as error:  # it is raised where the commit was asked for
            outcomes[number] = Outcome(None, error)
    for source in dict.fromkeys(hosted.source for _, hosted in begun):
        mine = [(number, hosted) for number, hosted in begun if hosted.source is source]
        found = _together(source, [hosted for _, hosted in mine])
        for (number, hosted), outcome in zip(mine, found, strict=True):
            outcomes[number] = _ended(hosted, outcome)
    return outcomes


def _together(source: Gathering, hosted: Sequence[HostedCommit]) -> list[Outcome]:
    try:
        return source.commit_together([one.asked for one in hosted])
    except Exception as error:  # it is raised where each commit was asked for
        return [Outcome(None, error)] * len(hosted)


def _ended(hosted: HostedCommit, outcome: Outcome) -> Outcome:
    try:
        return Outcome(hosted.ended(outcome.result))
    except Exception as error:  # it is raised where the commit was asked for
        return Outcome(None, error)


def _answer(group: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    for one, outcome in zip(group, outcomes, strict=True):
        if one.future.done():  # it was given up
            continue
        if outcome.error is None:
            one.future.set_result(outcome.result())
        else:
            one.future.set_exception(outcome.error)
