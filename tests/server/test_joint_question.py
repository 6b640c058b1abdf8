"""Questions that many ask at once: one at a time, each answer of a moment after the asking."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.tables.change import Insert
from kernel.tables.error import InterruptedCallError, TableError
from kernel.tables.interrupt import Interrupt
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from server.joint_question import JointQuestions
from tests.served import ServerProcess, make_repository
from tests.waiting import PATIENCE_S

KEY = b"what"


class Work:
    """Answers with how often it was asked, once it is let."""

    def __init__(self) -> None:
        self.count = 0
        self.began, self.let = threading.Semaphore(0), threading.Semaphore(0)
        self.error: Exception | None = None
        self.interrupts: list[Interrupt] = []

    def __call__(self, interrupt: Interrupt) -> int:
        self.count += 1
        mine = self.count
        self.interrupts.append(interrupt)
        self.began.release()
        assert self.let.acquire(timeout=PATIENCE_S)
        interrupt.check()
        if self.error is not None:
            raise self.error
        return mine


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as made:
        yield made


async def begun(work: Work) -> None:
    assert await asyncio.to_thread(work.began.acquire, timeout=PATIENCE_S)


def asker(threads: ThreadPoolExecutor, work: Work) -> Any:
    """Asks, as a call does."""
    session = SimpleNamespace(loop=asyncio.get_running_loop(), server=SimpleNamespace(threads=threads))
    questions = JointQuestions()
    return lambda key=KEY: asyncio.create_task(questions.ask(SimpleNamespace(session=session), key, work))  # type: ignore[arg-type]


def test_who_comes_meanwhile_shares_the_next_answer(threads: ThreadPoolExecutor) -> None:
    work = Work()

    async def run() -> list[Any]:
        ask = asker(threads, work)
        first = ask()
        await begun(work)
        others = [ask() for _ in range(5)]
        another = ask(b"something else")
        await begun(work)  # it waits for nobody
        work.let.release(3)
        return [await first, *await asyncio.gather(*others), await another, await first]

    first, *others, another, again = asyncio.run(run())
    assert first == again == 1 and set(others) == {3} and another == 2 and work.count == 3


def test_everybody_hears_why_there_is_no_answer_and_the_next_are_asked_anew(threads: ThreadPoolExecutor) -> None:
    work = Work()

    async def run() -> tuple[list[Any], int]:
        ask = asker(threads, work)
        first = ask()
        await begun(work)
        others = [ask(), ask()]
        await asyncio.sleep(0)
        work.error = TableError("gone")
        work.let.release(2)
        failed = await asyncio.gather(first, *others, return_exceptions=True)
        work.error = None
        work.let.release()
        return failed, await ask()

    failed, last = asyncio.run(run())
    assert [str(error) for error in failed] == ["gone"] * 3 and last == 3


def test_it_is_given_up_when_nobody_waits_any_more(threads: ThreadPoolExecutor) -> None:
    work = Work()

    async def run() -> Any:
        ask = asker(threads, work)
        one = ask()
        await begun(work)
        two, three = ask(), ask()
        await asyncio.sleep(0)
        one.cancel()
        two.cancel()
        await asyncio.wait([one, two])
        assert work.interrupts[0].is_set
        work.let.release(2)
        return await three

    assert asyncio.run(run()) == 2 and not work.interrupts[1].is_set


def test_who_asks_after_all_others_gave_up_is_answered(threads: ThreadPoolExecutor) -> None:
    work = Work()

    async def run() -> Any:
        ask = asker(threads, work)
        first = ask()
        await begun(work)
        waiting = ask()
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        last = ask()
        await asyncio.sleep(0)
        work.let.release(2)
        return await first, await last

    assert asyncio.run(run()) == (1, 2)


def test_clients_of_a_server_who_ask_at_once_have_whole_answers(tmp_path: Path) -> None:
    bare, _ = make_repository(tmp_path)
    with ServerProcess(bare, "--data", str(tmp_path / "data"), log_path=tmp_path / "log") as server:
        links = [Link(server.address) for _ in range(4)]
        tables = [RemoteSource(link, "shop", "stock").table("items") for link in links]
        with ThreadPoolExecutor(16) as asking:
            found = list(asking.map(lambda number: tables[number % 4].fetch(Query(), 0, 9), range(64)))
        assert all(block.columns["name"] == ["rake", "hoe"] for block in found)
        tables[0].commit([Insert({"name": "axe"})])
        assert [table.count(Query()) for table in tables] == [3] * 4, "asked after it was written"
        for link in links:
            link.close()
        server.stop()
        assert "Traceback" not in server.log()


def test_what_was_given_up_is_told_as_such(threads: ThreadPoolExecutor) -> None:
    work = Work()

    async def run() -> None:
        ask = asker(threads, work)
        first = ask()
        await begun(work)
        work.interrupts[0].set()
        work.let.release()
        with pytest.raises(InterruptedCallError):
            await first

    asyncio.run(run())
