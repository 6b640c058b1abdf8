"""Commits that wait for one source: written together by one thread, each with an answer of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kernel.tables.change import Committed, TableChange
from kernel.tables.error import ConstraintError, ForbiddenError, InterruptedCallError
from kernel.tables.interrupt import Interrupt
from kernel.tables.together import Outcome
from server import commit_queue
from server.commit_queue import CommitQueue
from tests.waiting import PATIENCE_S

PLACE = ("shop", "stock")


def done(key: int) -> tuple[Committed, ...]:
    return (Committed(((key,),), TableChange("items", inserted=((key,),))),)


class Source:
    """Writes when it is let; what it was asked for is a number, and an odd one is refused."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.threads: set[str] = set()
        self.let, self.began = threading.Event(), threading.Event()

    def commit_together(self, asked: Sequence[int]) -> list[Outcome]:
        self.groups.append(list(asked))
        self.threads.add(threading.current_thread().name)
        self.began.set()
        assert self.let.wait(PATIENCE_S)
        return [Outcome(None, ConstraintError(f"{key}")) if key % 2 else Outcome(done(key)) for key in asked]


class Hosted:
    """One commit; its end is called once."""

    def __init__(self, source: Source, asked: int) -> None:
        self.source, self.asked, self.ends = source, asked, 0

    def ended(self, written: Callable[[], Any]) -> Any:
        self.ends += 1
        return written()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as made:
        yield made


async def begun(source: Source) -> None:
    assert await asyncio.to_thread(source.began.wait, PATIENCE_S)


def test_who_comes_while_one_is_written_is_written_together(threads: ThreadPoolExecutor) -> None:
    source, queue = Source(), CommitQueue()
    hosted = [Hosted(source, number) for number in range(5)]

    async def run() -> list[Any]:
        first = asyncio.create_task(queue.commit(threads, PLACE, lambda: hosted[0], Interrupt()))
        await begun(source)
        others = [asyncio.create_task(queue.commit(threads, PLACE, lambda one=one: one, Interrupt()))
                  for one in hosted[1:]]  # fmt: skip
        await asyncio.sleep(0)  # each has taken its place
        source.let.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    answers = asyncio.run(run())
    assert source.groups == [[0], [1, 2, 3, 4]] and len(source.threads) == 1
    assert answers[0] == done(0) and answers[2] == done(2) and answers[4] == done(4)
    assert [str(answers[number]) for number in (1, 3)] == ["1", "3"]
    assert [one.ends for one in hosted] == [1] * 5


def test_a_group_has_an_end(threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_queue, "MOST", 2)
    source, queue = Source(), CommitQueue()
    source.let.set()

    async def run() -> list[Any]:
        return await asyncio.gather(*(queue.commit(threads, PLACE, lambda n=n: Hosted(source, n), Interrupt())
                                      for n in range(0, 10, 2)))  # fmt: skip

    assert asyncio.run(run()) == [done(number) for number in range(0, 10, 2)]
    assert max(map(len, source.groups)) == 2 and sum(source.groups, []) == [0, 2, 4, 6, 8]


def test_one_that_is_refused_or_given_up_is_not_written(threads: ThreadPoolExecutor) -> None:
    source, queue = Source(), CommitQueue()
    given_up = Interrupt()

    def refused() -> Hosted:
        raise ForbiddenError("not you")

    async def run() -> list[Any]:
        first = asyncio.create_task(queue.commit(threads, PLACE, lambda: Hosted(source, 0), Interrupt()))
        await begun(source)
        rest = [asyncio.create_task(queue.commit(threads, PLACE, *one)) for one in (
            (refused, Interrupt()), (lambda: Hosted(source, 2), given_up), (lambda: Hosted(source, 4), Interrupt()),
        )]  # fmt: skip
        await asyncio.sleep(0)
        given_up.set()
        source.let.set()
        return await asyncio.gather(first, *rest, return_exceptions=True)

    first, refusal, interrupted, last = asyncio.run(run())
    assert isinstance(refusal, ForbiddenError) and isinstance(interrupted, InterruptedCallError)
    assert (first, last) == (done(0), done(4)) and source.groups == [[0], [4]]


def test_a_source_that_fails_tells_everybody_and_the_next_are_written(threads: ThreadPoolExecutor) -> None:
    class Broken(Source):
        def commit_together(self, asked: Sequence[int]) -> list[Outcome]:
            raise OSError("gone")

    queue, source = CommitQueue(), Source()
    source.let.set()

    async def run() -> Any:
        with pytest.raises(OSError, match="gone"):
            await queue.commit(threads, PLACE, lambda: Hosted(Broken(), 0), Interrupt())
        return await queue.commit(threads, PLACE, lambda: Hosted(source, 2), Interrupt())

    assert asyncio.run(run()) == done(2)


def test_a_server_that_stops_takes_none() -> None:
    queue, stopped = CommitQueue(), ThreadPoolExecutor(1)
    stopped.shutdown()

    async def run() -> None:
        for _ in range(2):
            with pytest.raises(RuntimeError):
                await queue.commit(stopped, PLACE, lambda: Hosted(Source(), 0), Interrupt())

    asyncio.run(run())
