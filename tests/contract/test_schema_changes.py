"""Tables that somebody else changes while they are open: what is told, read and refused, the same in every source."""

from __future__ import annotations

import queue
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kernel.tables.change import Insert, TableChange, Update
from kernel.tables.error import ConflictError, TableError, UnknownColumnError
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.tables.sqlite import SqliteSource
from kernel.wire.link import Link
from tests.postgres_server import shared_server
from tests.served import ServerProcess, make_repository

#: Seconds until something must have been heard.
PATIENCE_S = 30
ITEMS = "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10,2), day DATE)"
ROWS = "INSERT INTO items (id, name, price) VALUES (1, 'rake', 34.95), (2, 'hoe', 12.5)"


class Place:
    """The table as we have it, and a way to change it behind our back."""

    def __init__(self, source: Any, alter: Callable[[str], None]) -> None:
        self.source, self._alter = source, alter
        self.table = source.table("items")
        self.heard: queue.SimpleQueue[TableChange] = queue.SimpleQueue()
        self.table.subscribe(self.heard.put)
        self.table.count(Query())

    def alter(self, *statements: str) -> None:
        """Change the database as another program, and wait until that was told."""
        for statement in statements:
            self._alter(statement)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            poll = getattr(self.source, "poll", None)
            if poll is not None:
                poll()
            try:
                if self.heard.get(timeout=0.05).is_everything:
                    return
            except queue.Empty:
                continue
        pytest.fail("nothing was told of the change")

    def columns(self) -> list[str]:
        """The columns as they are now; a change may be told in several messages."""
        return [column.name for column in self.table.schema.columns]


def in_sqlite(path: Path) -> Callable[[str], None]:
    def alter(sql: str) -> None:
        connection = sqlite3.connect(path, timeout=30)
        connection.execute(sql)
        connection.commit()
        connection.close()

    return alter


@pytest.fixture(params=["sqlite", "postgres", "remote"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        alter = in_sqlite(tmp_path / "t.sqlite")
        alter(ITEMS)
        alter(ROWS)
        source: Any = SqliteSource(tmp_path / "t.sqlite")
        yield Place(source, alter)
        source.close()
    elif request.param == "postgres":
        address = shared_server().new_database()

        def run(sql: str) -> None:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(sql)

        run(ITEMS)
        run(ROWS)
        source = PostgresSource(address)
        yield Place(source, run)
        source.close()
    else:
        bare, _ = make_repository(tmp_path)
        server = ServerProcess(bare, "--data", str(tmp_path / "data"), log_path=tmp_path / "server.log")
        link = Link(server.address, name="anna")
        source = RemoteSource(link, "shop", "stock")
        source.table("items").count(Query())
        yield Place(source, in_sqlite(tmp_path / "data" / "shop" / "stock.sqlite"))
        source.close()
        link.close()
        server.stop()


def until(has_come: Callable[[], bool]) -> None:
    """Wait: a change may be told in several messages."""
    end = time.monotonic() + PATIENCE_S
    while not has_come():
        assert time.monotonic() < end, "that never came"
        time.sleep(0.02)


def test_columns_come_go_and_are_called_otherwise(place: Place) -> None:
    old = place.table.fetch(Query(), 0, 9)
    place.alter("ALTER TABLE items ADD COLUMN extra TEXT DEFAULT 'x'", "ALTER TABLE items RENAME COLUMN day TO due",
                "ALTER TABLE items DROP COLUMN price")  # fmt: skip
    until(lambda: place.columns() == ["id", "name", "due", "extra"])
    block = place.table.fetch(Query(), 0, 9)
    assert block.columns == {"id": [1, 2], "name": ["rake", "hoe"], "due": old.columns["day"], "extra": ["x", "x"]}
    for query in (Query(columns=("price",)), Query(filter="day == null"), Query(filter="price > 1")):
        with pytest.raises(UnknownColumnError, match="items has no column"):
            place.table.fetch(query, 0, 9)
    with pytest.raises(UnknownColumnError):
        place.table.commit([Insert({"id": 9, "name": "axe"}), Update((1,), "", {"price": 3})])
    assert place.table.count(Query()) == 2, "nothing is half done"
    place.table.commit([Update((1,), "", {"extra": "mine"})])
    with pytest.raises(ConflictError) as caught:
        place.table.commit([Update((2,), old.versions[1], {"name": "other"}), Update((1,), old.versions[0], {})])
    assert set(caught.value.current.columns) == {"id", "name", "due", "extra"}


def test_a_column_gets_another_type(place: Place) -> None:
    place.alter(
        "CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT, price TEXT)",
        "INSERT INTO fresh SELECT id, name, 'about ' || price FROM items", "DROP TABLE items",
        "ALTER TABLE fresh RENAME TO items",
    )  # fmt: skip
    until(lambda: place.columns() == ["id", "name", "price"])
    assert place.table.schema.columns[2].type in ("text", "longtext")
    assert place.table.fetch(Query(), 0, 9).columns["price"] == ["about 34.95", "about 12.5"] or (
        place.table.fetch(Query(), 0, 9).columns["price"] == ["about 34.95", "about 12.50"]
    )
    place.table.commit([Update((1,), "", {"price": "free"})])


def test_a_table_goes_and_comes_back(place: Place) -> None:
    place.alter("DROP TABLE items")
    for ask in (
        lambda: place.table.fetch(Query(), 0, 9), lambda: place.table.count(Query()),
        lambda: place.table.commit([Insert({"id": 9, "name": "axe"})]),
    ):  # fmt: skip
        with pytest.raises(TableError, match="no table items"):
            ask()
    place.alter("CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT)", "INSERT INTO items VALUES (7, 'back')")
    until(lambda: place.columns() == ["id", "title"])
    until(lambda: place.table.fetch(Query(), 0, 9).columns == {"id": [7], "title": ["back"]})
    place.table.commit([Insert({"id": 8, "title": "more"})])
    assert place.table.count(Query()) == 2
