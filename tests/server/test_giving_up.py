"""Calls of remote tables stop at the server once nobody waits for them here; a commit then is not written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Committed, Part, TableChange, Update
from kernel.tables.error import InterruptedCallError, LockedError, TableError, UnavailableError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query, parse_sort
from kernel.tables.remote import RemoteSource
from kernel.tables.remote_commit import commit as commit_remote
from kernel.wire.link import Link
from tests.served import SHOP, ServerProcess, commit, git, in_app
from tests.server.test_deadline import SCHEMA, SEED
from tests.waiting import PATIENCE_S

#: Renaming the first item never ends by itself.
SLOW = """CREATE TRIGGER slow AFTER UPDATE OF name ON items WHEN new.id = 1 BEGIN
    SELECT count(*) FROM endless;
END;
"""
ENDLESS = Query(filter="upper(name) + upper(name) != 'x'")
#: More than the server has threads.
MANY = 12

CALLS: dict[str, Callable[[Any], Any]] = {
    "count": lambda table: table.count(ENDLESS),
    "fetch": lambda table: table.fetch(Query(sort=parse_sort("name")), 0, 10),
    "prepare": lambda table: table.prepare(ENDLESS, lambda _part: None),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    folder = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    commit(folder, in_app("shop", SHOP | {"schema.sql": SCHEMA + SLOW, "seed.sql": SEED}))
    with ServerProcess(folder, log_path=tmp_path / "log") as server:
        yield server


@pytest.fixture
def source(server: ServerProcess) -> Iterator[RemoteSource]:
    with Link(server.address) as link:
        source = RemoteSource(link, "shop", "stock")
        assert source.table("items").count(Query()) == 2
        yield source
    assert "Traceback" not in server.log()


def given_up(work: Callable[[], Any], has_begun: Callable[[], object] = lambda: None) -> Exception | None:
    """What work ends with whose asker gives up once it is under way."""
    interrupt, answers = Interrupt(), []

    def run() -> None:
        with interruptible(interrupt):
            try:
                work()
                answers.append(None)
            except Exception as error:  # handed to the test
                answers.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    has_begun()
    interrupt.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive(), "it went on"
    return answers[0]


@pytest.mark.parametrize("name", CALLS)
def test_calls_that_are_given_up_leave_the_server_to_others(source: RemoteSource, name: str) -> None:
    endless, items = source.table("endless"), source.table("items")
    assert endless.schema.columns
    with ThreadPoolExecutor(MANY) as threads:
        begun = lambda: source.table_names()  # noqa: E731 - answered after what was sent before it
        answers = list(threads.map(lambda _: given_up(lambda: CALLS[name](endless), begun), range(MANY)))
    assert all(isinstance(answer, InterruptedCallError) for answer in answers), answers
    assert items.count(Query()) == 2


def test_a_commit_that_is_given_up_is_not_written(source: RemoteSource) -> None:
    items = source.table("items")
    slow = lambda: items.commit([Update((1,), "", {"name": "spade"})])  # noqa: E731
    assert isinstance(given_up(slow, source.table_names), InterruptedCallError)
    assert items.fetch(Query(sort=()), 0, 2).columns["name"] == ["rake", "hoe"]
    items.commit([Update((2,), "", {"name": "fork"})])
    assert items.fetch(Query(sort=()), 0, 2).columns["name"] == ["rake", "fork"]


def test_a_call_that_was_given_up_before_asks_nothing(source: RemoteSource) -> None:
    interrupt = Interrupt()
    interrupt.set()
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        source.table("items").count(Query())


DONE = (Committed(((1,),), TableChange("items", updated=((1,),))),)
PARTS = [Part("items", (Update((1,), "", {"name": "x"}),))]


def answering(*answers: Any) -> tuple[Callable[..., Any], list[tuple[str, int]]]:
    """A server that answers so, one after the other; and what it was asked: id and number of parts."""
    asked: list[tuple[str, int]] = []

    def ask(_command: str, args: dict[str, Any], _type: Any, _timeout_s: float) -> Any:
        answer = answers[len(asked)]
        asked.append((args["id"], len(args["parts"])))
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask, asked


def test_a_commit_that_was_written_before_it_was_given_up_tells_so() -> None:
    ask, asked = answering(InterruptedCallError("given up"), TableError("wrote other changes"), DONE)
    assert commit_remote(ask, PARTS, "a" * 32) == DONE
    assert asked == [("a" * 32, 1), ("a" * 32, 0), ("a" * 32, 1)]


@pytest.mark.parametrize("trouble", [LockedError("busy"), UnavailableError("away")])
def test_what_became_of_a_commit_is_not_guessed(trouble: Exception) -> None:
    ask, asked = answering(InterruptedCallError("given up"), trouble)
    with pytest.raises(UnavailableError, match="not known"):
        commit_remote(ask, PARTS)
    assert len(asked) == 2
