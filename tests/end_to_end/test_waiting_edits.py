"""Edits while the server is away: kept, shown, sent in order when it is back; what it refuses waits for the person."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.cache import Cache
from kernel.outbox.outbox import Outbox
from kernel.tables.change import Delete, Insert, Part, Update
from kernel.tables.error import ConstraintError, UnavailableError
from kernel.tables.query import Query, parse_sort
from kernel.tables.remote import RemoteSource
from kernel.wire.link import Link
from tests.served import ServerProcess, free_port, make_repository
from tests.waiting import PATIENCE_S, wait_for

ALL = Query(sort=parse_sort("id"))


class Place:
    """A served shop whose server goes and comes, and a person whose edits may wait."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, _ = make_repository(folder)
        self.outbox_path = folder / "outbox" / "shop.journal"
        self._port = str(free_port())
        self.server = self._serve()
        self._open: list[Any] = []
        self.source = self.open(is_offline=True)
        self.table = self.source.table("items")
        self.table.fetch(ALL, 0, 50)
        self.table.count(ALL)

    def _serve(self) -> ServerProcess:
        data = str(self.folder / "data")
        return ServerProcess(self.bare, "--data", data, "--port", self._port, log_path=self.folder / "server.log")

    def open(self, *, is_offline: bool) -> RemoteSource:
        link = Link(self.server.address)
        cache = Cache(self.folder / "cache") if is_offline else None
        outbox = (Outbox(self.outbox_path), frozenset({"items"})) if is_offline else None
        source = RemoteSource(link, "shop", "stock", cache, "here", outbox)
        self._open += [link.close, source.close]
        return source

    def leave(self, table: Any = None) -> None:
        """The server goes, and the person's link notices, or that of another table."""
        gone = threading.Event()
        dispose = (table or self.table).on_state(lambda state: gone.set() if state == "offline" else None)
        self.server.kill()
        assert gone.wait(PATIENCE_S)
        dispose()

    def come_back(self, outbox: Outbox) -> None:
        """The server is there again, and everything that can be sent was sent."""
        sent = threading.Event()
        dispose = outbox.on_change(lambda: None if outbox.waiting else sent.set())
        self.server = self._serve()
        assert not outbox.waiting or sent.wait(PATIENCE_S)
        dispose()

    def close(self) -> None:
        while self._open:
            self._open.pop()()
        self.server.stop()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def outbox_of(source: RemoteSource) -> Outbox:
    assert source.edits is not None
    return source.edits.outbox


def test_edits_wait_are_shown_and_are_sent(place: Place) -> None:
    table, heard = place.table, []
    table.subscribe(heard.append)
    place.leave()
    done = table.commit([Insert({"name": "spade"}), Update((1,), "", {"name": "big rake"})])
    new = done.keys[0]
    assert heard[-1] == done.change and done.change.inserted == (new,)
    table.commit([Update(new, "", {"name": "big spade"}), Delete((2,), "")])
    block = table.fetch(ALL, 0, 50)
    assert block.columns["name"] == ["big spade", "big rake"] and table.count(ALL) == 2
    assert table.pending_keys == {new, (1,), (2,)}
    assert [table.locate(ALL, key) for key in (new, (1,), (2,))] == [0, 1, None]
    by_key = table.fetch(Query(keys=((1,), new), columns=("name",)), 0, 9)
    assert by_key.columns["name"] == ["big spade", "big rake"], "rows by key out of what was seen"
    with pytest.raises(ConstraintError, match="must not be empty"):
        table.commit([Insert({"price": None})])
    place.come_back(outbox_of(place.source))
    fresh = place.open(is_offline=False).table("items").fetch(ALL, 0, 50)
    assert (fresh.keys, fresh.columns["name"]) == ([(1,), (3,)], ["big rake", "big spade"])
    wait_for(lambda: any(new in change.deleted and (3,) in change.inserted for change in heard))
    assert table.fetch(ALL, 0, 50).columns["name"] == ["big rake", "big spade"] and not table.pending_keys


def test_another_start_finds_the_edits(place: Place) -> None:
    place.leave()
    place.table.commit([Update((1,), "", {"name": "kept"})])
    place.source.close()
    again = place.open(is_offline=True)
    assert again.table("items").fetch(ALL, 0, 50).columns["name"] == ["kept", "hoe"]
    place.source, place.table = again, again.table("items")
    place.come_back(outbox_of(again))
    fresh = place.open(is_offline=False).table("items")
    assert fresh.fetch(ALL, 0, 50).columns["name"] == ["kept", "hoe"]


def test_a_conflict_comes_back_to_the_person(place: Place) -> None:
    block = place.table.fetch(ALL, 0, 50)
    other = place.open(is_offline=False).table("items")
    other.commit([Update((1,), "", {"name": "theirs"}), Update((2,), "", {"price": None})])
    place.leave()
    place.table.commit([Update((1,), block.versions[0], {"name": "mine"})])
    place.table.commit([Update((2,), block.versions[1], {"name": "my hoe"})])
    outbox = outbox_of(place.source)
    place.come_back(outbox)
    ((entry, refused),) = outbox.refused
    assert refused.current is not None and refused.current.columns["name"] == ["theirs"]
    assert entry.seen == ({"name": "rake"},)
    fresh = place.open(is_offline=False).table("items").fetch(ALL, 0, 50)
    assert fresh.columns["name"] == ["theirs", "my hoe"] and fresh.columns["price"][1] is None
    assert place.table.fetch(ALL, 0, 50).columns["name"] == ["mine", "my hoe"], "the person's edit stays on screen"


def test_tables_without_the_mark_refuse_as_before(place: Place) -> None:
    plain = place.open(is_offline=False)
    plain.table("items").count(ALL)
    place.leave(plain.table("items"))
    with pytest.raises(UnavailableError, match="nothing was saved"):
        plain.commit([Part("items", (Update((1,), "", {"name": "x"}),))])
    assert not place.outbox_path.exists()
