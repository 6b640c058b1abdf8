"""Commits over a server that is killed: each is written once, and its answer is the first one."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kernel.tables.change import Committed, Insert, Part, Update
from kernel.tables.error import TableError, UnavailableError
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.tables.remote_commit import commit, new_id
from kernel.wire.link import Link
from tests.served import ServerProcess, free_port, make_repository
from tests.waiting import PATIENCE_S

KILLS = 6

Answer = TypeVar("Answer")


class Place:
    """A served shop whose server can be killed and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bare, _ = make_repository(folder)
        self.database = folder / "data" / "shop" / "stock.sqlite"
        self._port = str(free_port())
        self.server = self._serve()
        self.link = Link(self.server.address)
        self._online = threading.Event()
        self.link.on_state(lambda state: self._online.set() if state == "online" else self._online.clear())
        self.source = RemoteSource(self.link, "shop", "stock")

    def _serve(self) -> ServerProcess:
        data = str(self._folder / "data")
        return ServerProcess(self._bare, "--data", data, "--port", self._port, log_path=self._folder / "server.log")

    def kill_and_serve(self) -> None:
        """End the server in the middle of everything; another takes its place."""
        self.server.kill()
        self.server = self._serve()

    def commit(self, parts: list[Part], id: str) -> tuple[Committed, ...]:
        """The answer, however often it has to be asked for."""
        return self.ask(lambda: commit(self.source.ask, parts, id))

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """The answer, when the server is there again."""
        while True:
            try:
                return question()
            except UnavailableError:
                assert self._online.wait(PATIENCE_S)

    def close(self) -> None:
        self.source.close()
        self.link.close()
        self.server.stop()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def parts_of(number: int) -> list[Part]:
    """One insert, so that doing it twice shows."""
    return [Part("items", (Insert({"name": f"item {number}"}),))]


def test_a_resend_after_the_server_was_killed_gets_the_first_answer(place: Place) -> None:
    first = place.source.commit(parts_of(1), id="1" * 32)
    place.kill_and_serve()
    assert place.commit(parts_of(1), "1" * 32) == first
    assert place.source.table("items").count(Query(filter="name == 'item 1'")) == 1
    with pytest.raises(TableError, match="other changes"):
        place.source.commit(parts_of(2), id="1" * 32)


def test_commits_are_done_once_however_often_the_server_is_killed(place: Place) -> None:
    chance = random.Random(1)
    answers: list[tuple[Committed, ...]] = []
    problems: list[Exception] = []

    def write() -> None:
        try:
            for number in range(60):
                answers.append(place.commit(parts_of(number), new_id()))
        except Exception as error:  # told by the test's own thread
            problems.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(KILLS):
        wanted = len(answers) + chance.randrange(1, 6)
        while len(answers) < wanted and writer.is_alive():
            threading.Event().wait(chance.random() / 500)
        place.kill_and_serve()
    writer.join(PATIENCE_S)
    assert not writer.is_alive() and not problems
    query = Query(filter="name startswith 'item '")
    # All may have been written before the last kill.
    rows = place.ask(lambda: place.source.table("items").fetch(query, 0, 1000))
    assert sorted(rows.columns["name"]) == sorted(f"item {number}" for number in range(60))
    by_key: dict[Any, str] = dict(zip(rows.keys, rows.columns["name"], strict=True))
    assert [by_key[answer[0].keys[0]] for answer in answers] == [f"item {number}" for number in range(60)]


def test_the_ledger_is_no_table_of_the_app(place: Place) -> None:
    place.source.table("items").commit([Update((1,), "", {"name": "spade"})])
    assert place.source.table_names() == ["items"]
    with sqlite3.connect(place.database) as connection:
        assert connection.execute("SELECT count(*) FROM espalier_ledger").fetchone() == (1,)
    connection.close()
