"""Remote tables over a real server process: the table contract, what is remembered, two clients at once."""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.cache import Cache
from kernel.tables.change import Insert, TableChange, Update
from kernel.tables.error import ConstraintError, UnavailableError, UnknownTableError
from kernel.tables.query import Query, parse_sort
from kernel.tables.remote import RemoteSource
from kernel.tables.remote_memory import MAX_QUERIES, Memory
from kernel.wire.link import Link
from tests.contract.sqlite_writer import write_tables
from tests.contract.table_contract import TableContract
from tests.served import ServerProcess, commit, free_port, git, in_app, make_repository
from tests.waiting import PATIENCE_S


class Place:
    """A repository, its data directory, and whatever was started over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.work = make_repository(folder)
        self.data = folder / "data"
        self.database = self.data / "shop" / "stock.sqlite"
        self._open: list[Any] = []

    def serve(self, *options: str) -> ServerProcess:
        """A server over the repository."""
        server = ServerProcess(self.bare, "--data", str(self.data), *options, log_path=self.folder / "server.log")
        self._open.append(server.stop)
        return server

    def source(self, address: str, cache: Cache | None = None, name: str = "stock") -> RemoteSource:
        """The shop's source of that name over a link of its own."""
        link = Link(address)
        source = RemoteSource(link, "shop", name, cache, server="here")
        self._open += [link.close, source.close]
        return source

    def close(self) -> None:
        """End everything, newest first."""
        while self._open:
            self._open.pop()()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "served")
    yield place
    place.close()


class Files:
    """One server of an app with many sources: each database is written when it is wanted, and opened then."""

    MOST = 100

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder)
        sources = [f'[sources.stock{number}]\nkind = "sqlite"\npath = "stock{number}.sqlite"\n'
                   for number in range(self.MOST)]  # fmt: skip
        commit(self.place.work, in_app("shop", {"app.toml": 'name = "shop"\n' + "\n".join(sources)}))
        git(self.place.work, "push", "-q", "origin", "main")
        self.place.data.mkdir()
        self._address = self.place.serve().address
        self._numbers = iter(range(self.MOST))

    def make(self, tables: Any) -> RemoteSource:
        """A source of these tables, which no other test has."""
        name = f"stock{next(self._numbers)}"
        folder = self.place.data / "shop"
        folder.mkdir(exist_ok=True)
        write_tables(folder / f"{name}.sqlite", tables)
        return self.place.source(self._address, name=name)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    files = Files(tmp_path_factory.mktemp("files"))
    yield files
    files.place.close()


class TestRemote(TableContract):
    """SQLite files behind a server."""

    @pytest.fixture
    def tables(self, files: Files) -> Callable[[Any], RemoteSource]:
        return files.make


def changes_of(source: RemoteSource, table: str = "items") -> queue.SimpleQueue[TableChange]:
    """What is heard of a table from now on."""
    heard: queue.SimpleQueue[TableChange] = queue.SimpleQueue()
    source.table(table).subscribe(heard.put)
    source.table(table).count(Query())  # answered after the subscription holds
    return heard


def test_two_clients_see_each_others_edits(place: Place) -> None:
    address = place.serve().address
    one, other = place.source(address), place.source(address)
    heard = changes_of(other)
    key = one.table("items").commit([Insert({"name": "spade", "price": Decimal("42.10")})]).keys[0]
    assert heard.get(timeout=PATIENCE_S).inserted == (key,)
    block = other.table("items").fetch(Query(keys=(key,)), 0, 1)
    assert block.columns["price"] == [Decimal("42.10")]
    other.table("items").commit([Update(key, block.versions[0], {"name": "big spade"})])
    assert heard.get(timeout=PATIENCE_S).updated == (key,)
    assert one.table("items").fetch(Query(keys=(key,)), 0, 1).columns["name"] == ["big spade"]


def test_another_program_writing_the_file_is_heard(place: Place) -> None:
    source = place.source(place.serve().address)
    heard = changes_of(source)
    with sqlite3.connect(place.database) as connection:
        connection.execute("UPDATE items SET name = 'fork' WHERE id = 1")
    connection.close()
    assert heard.get(timeout=PATIENCE_S).is_everything
    assert source.table("items").fetch(Query(), 0, 1).columns["name"] == ["fork"]


def test_one_subscription_serves_all_listeners_and_ends_with_the_last(place: Place) -> None:
    source = place.source(place.serve().address)
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()
    table = source.table("items")
    first = table.subscribe(lambda change: heard.put("first"))
    second = table.subscribe(lambda change: heard.put("second"))
    table.commit([Insert({"name": "a"})])
    assert sorted([heard.get(timeout=PATIENCE_S), heard.get(timeout=PATIENCE_S)]) == ["first", "second"]
    first()
    first()
    table.commit([Insert({"name": "b"})])
    assert heard.get(timeout=PATIENCE_S) == "second"
    second()
    table.commit([Insert({"name": "c"})])
    third = table.subscribe(lambda change: heard.put("third"))
    table.commit([Insert({"name": "d"})])
    assert heard.get(timeout=PATIENCE_S) == "third"
    third()


def test_errors_arrive_as_a_near_table_raises_them(place: Place) -> None:
    source = place.source(place.serve().address)
    with pytest.raises(ConstraintError) as caught:
        source.table("items").commit([Insert({"name": None})])
    assert caught.value.column == "name"
    with pytest.raises(UnknownTableError, match="items"):
        source.table("item")


def test_rows_are_remembered_and_shown_offline(place: Place, tmp_path: Path) -> None:
    server = place.serve()
    cache = Cache(tmp_path / "cache")
    query = Query(sort=parse_sort("name"))
    seen = place.source(server.address, cache)
    assert seen.table_names() == ["items"]
    table = seen.table("items")
    fresh = table.fetch(query, 0, 100)
    assert table.count(query) == 2 and fresh.columns["name"] == ["hoe", "rake"]
    seen.close()
    server.stop()

    offline = place.source(server.address, Cache(tmp_path / "cache"))
    table = offline.table("items")
    assert table.remembered_schema() == table.schema
    assert table.remembered_count(query) == 2
    assert table.remembered(query, 0, 1).columns == {path: values[:1] for path, values in fresh.columns.items()}
    assert table.fetch(query, 0, 100) == fresh and table.count(query) == 2 and offline.table_names() == ["items"]
    assert table.remembered(Query(filter="price > 1"), 0, 10) is None
    with pytest.raises(UnavailableError, match="saved"):
        table.commit([Insert({"name": "lost"})])
    with pytest.raises(UnavailableError):
        table.fetch(Query(filter="price > 1"), 0, 10)


def test_reconnecting_tells_that_everything_may_have_changed(place: Place) -> None:
    port = str(free_port())
    server = place.serve("--port", port)
    source = place.source(server.address)
    heard = changes_of(source)
    server.kill()
    with sqlite3.connect(place.database) as connection:
        connection.execute("INSERT INTO items (name) VALUES ('while away')")
    connection.close()
    place.serve("--port", port)
    assert heard.get(timeout=PATIENCE_S).is_everything
    assert source.table("items").count(Query()) == 3


class Store:
    """Records in a dict."""

    def __init__(self) -> None:
        self.records: dict[str, bytes] = {}

    def read_record(self, name: str) -> bytes | None:
        return self.records.get(name)

    def write_record(self, name: str, content: bytes) -> None:
        self.records[name] = content


def test_memory_is_bounded_and_the_oldest_query_goes_first() -> None:
    memory = Memory(Store(), "here")
    for number in range(MAX_QUERIES + 1):
        memory.remember_count("items", Query(filter=f"id == {number}"), number)
    assert memory.count("items", Query(filter="id == 0")) is None
    assert memory.count("items", Query(filter=f"id == {MAX_QUERIES}")) == MAX_QUERIES


def test_damaged_records_are_as_good_as_none() -> None:
    store = Store()
    memory = Memory(store, "here")
    memory.remember_count("items", Query(), 7)
    memory.flush()
    assert Memory(store, "here").count("items", Query()) == 7
    store.records = {name: content[:-1] for name, content in store.records.items()}
    assert Memory(store, "here").count("items", Query()) is None


def test_a_store_that_cannot_write_loses_only_the_memory() -> None:
    from kernel.cache.error import CacheError

    class Full(Store):
        def write_record(self, name: str, content: bytes) -> None:
            raise CacheError("the disk is full")

    memory = Memory(Full(), "here")
    memory.remember_count("items", Query(), 7)
    memory.flush()
    assert memory.count("items", Query()) == 7 and "full" in memory.problem
