"""Commits of many rows go to the server in pieces and are written as one: with progress, once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.tables import remote_upload
from kernel.tables.change import Delete, Insert, Part, Update
from kernel.tables.error import ConstraintError, InterruptedCallError
from kernel.tables.history import commit_recorded
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.tables.remote_commit import new_id
from kernel.tables.reporting import reporting
from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from server.upload import Uploads
from tests.served import ServerProcess, make_repository

#: Rows of a commit; more than one slice, and not a whole number of them.
COUNT = 2 * remote_upload.SLICE + 500


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder: Path = tmp_path_factory.mktemp("served")
    with ServerProcess(make_repository(folder)[0], log_path=folder / "log") as server:
        yield server
        assert "Traceback" not in server.log()


@pytest.fixture
def source(server: ServerProcess) -> Iterator[RemoteSource]:
    with Link(server.address) as link:
        source = RemoteSource(link, "shop", "stock")
        yield source
        left = [Delete(key, "") for key in source.table("items").fetch(Query(), 0, 10_000).keys]
        source.table("items").commit(left)


def rows(count: int = COUNT) -> list[Insert]:
    return [Insert({"name": f"row {number}", "price": Decimal(number) / 100}) for number in range(count)]


def test_many_rows_are_written_undone_and_redone(source: RemoteSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_upload, "PIECE", 1_000)
    items, before = source.table("items"), source.table("items").count(Query())
    told: list[float] = []
    with reporting(told.append):
        done, step = commit_recorded(items, rows())
    assert told == sorted(told) and len(told) > 5 and told[-1] == 1.0
    assert len(set(done.keys)) == COUNT and items.count(Query()) == before + COUNT
    found = items.fetch(Query(keys=done.keys[1_999:2_001]), 0, 2)
    assert found.columns["name"] == ["row 1999", "row 2000"]
    assert step is not None
    _, forth = commit_recorded(items, step.changes)
    assert items.count(Query()) == before and forth is not None
    again, _ = commit_recorded(items, forth.changes)
    assert items.count(Query()) == before + COUNT and again.keys == done.keys
    block = items.fetch(Query(keys=done.keys), 0, COUNT)
    changed = [Update(key, version, {"name": "new"}) for key, version in zip(block.keys, block.versions, strict=True)]
    assert items.commit(changed).change.updated == tuple(block.keys)


def test_several_tables_slices_and_empty_parts_come_as_they_were_sent() -> None:
    parts = [Part("a", tuple(rows())), Part("b", ()), Part("a", (Delete((1,), "v"), Update((2,), "", {"x": None})))]
    sent: list[bytes] = []
    for number, part in remote_upload._slices(parts):
        pieces = [data for data, _ in remote_upload._cut(number, part, 777)]
        assert max(map(len, pieces)) <= 777
        sent.append(b"".join(pieces))
    assert remote_upload.joined(sent) == parts
    with pytest.raises(ValueError, match="not in order"):
        remote_upload.joined(sent[-1:])


def test_the_wrong_row_is_named_and_nothing_is_written(source: RemoteSource) -> None:
    items = source.table("items")
    before = items.fetch(Query(), 0, 10)
    with pytest.raises(ConstraintError, match="must not be empty") as caught:
        items.commit([*rows(), Insert({"name": None}), *rows(3)])
    assert (caught.value.index, caught.value.column) == (COUNT, "name")
    assert items.fetch(Query(), 0, 10) == before


def test_it_is_written_once(source: RemoteSource) -> None:
    id, before = new_id(), source.table("items").count(Query())
    parts = [Part("items", tuple(rows()))]
    done = source.commit(parts, id=id)
    assert source.commit(parts, id=id) == done
    assert source.table("items").count(Query()) == before + COUNT


@pytest.mark.parametrize("when", [0.05, 0.3])
def test_what_is_given_up_is_not_written(source: RemoteSource, when: float) -> None:
    """While it is sent, and while it is written."""
    items, interrupt = source.table("items"), Interrupt()
    before = items.count(Query())

    def hear(part: float) -> None:
        if part >= when:
            interrupt.set()

    with interruptible(interrupt), reporting(hear), pytest.raises(InterruptedCallError):
        items.commit([*rows(20_000)])
    assert items.count(Query()) == before


class Sent:
    """A connection that sends pieces."""

    def __init__(self, uploads: Uploads, sessions: list[Any]) -> None:
        self.data: dict[str, Any] = {}
        self.server = SimpleNamespace(sessions=sessions)
        self.uploads = uploads
        sessions.append(self)

    def add(self, sequence: int, size: int = 100, id: str = "a") -> None:
        args = SimpleNamespace(id=id, sequence=sequence, data=b"x" * size, is_whole=True)
        self.uploads.add(SimpleNamespace(session=self), args)


def test_pieces_are_bounded_and_in_order() -> None:
    sessions: list[Any] = []
    uploads = Uploads(lambda *_: (), limit=1_000)
    one, two, three = (Sent(uploads, sessions) for _ in range(3))
    one.add(0)
    with pytest.raises(RemoteError, match="does not follow"):
        one.add(2)
    one.add(1, 900)
    with pytest.raises(RemoteError, match="at most 1,000 bytes") as caught:
        one.add(2, 1)
    assert caught.value.code == "too_large" and not one.data["uploads"]
    one.add(0, 1_000)
    two.add(0, 1_000)
    with pytest.raises(RemoteError, match="busy") as caught:
        three.add(0, 1)
    assert caught.value.code == "locked"
    sessions.remove(two)  # what a connection has sent goes with it
    three.add(0, 1_000)
    one.uploads.drop(SimpleNamespace(session=one), SimpleNamespace(id="a"))
    assert not one.data["uploads"]
