"""Looking at a commit from inside its transaction: memory, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Committed, Insert, Part, Update
from kernel.tables.error import TableError
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from tests.contract.sqlite_writer import write_tables
from tests.contract.table_contract import CUSTOMER_ROWS, CUSTOMERS, ORDER_ROWS, ORDERS

TABLES = [(CUSTOMERS, CUSTOMER_ROWS), (ORDERS, ORDER_ROWS)]
PARTS = [Part("customers", (Insert({"id": 9, "name": "new"}), Update((2,), "", {"name": "Anna"})))]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def source(request: Any, tmp_path: Path) -> Any:
    if request.param == "memory":
        return MemorySource(TABLES)
    if request.param == "postgres":
        return postgres_source()
    write_tables(tmp_path / "t.sqlite", TABLES)
    return SqliteSource(tmp_path / "t.sqlite")


def postgres_source() -> Any:
    from kernel.tables.postgres import PostgresSource
    from tests.contract import postgres_writer
    from tests.postgres_server import shared_server

    address = shared_server().new_database()
    postgres_writer.write_tables(address, TABLES)
    return PostgresSource(address)


class Looking:
    """Notes the names as each look finds them, and may refuse."""

    def __init__(self, source: Any, refuses: Callable[[], bool] = lambda: False) -> None:
        self._source, self._refuses = source, refuses
        self.seen: list[list[str]] = []
        self.done: tuple[Committed, ...] = ()

    def before(self) -> None:
        self._look()

    def after(self, done: tuple[Committed, ...]) -> None:
        self.done = done
        self._look()
        if self._refuses():
            raise TableError("refused from inside")

    def _look(self) -> None:
        self.seen.append(self._source.table("customers").fetch(Query(), 0, 9).columns["name"])


def test_both_looks_see_the_transaction(source: Any) -> None:
    check = Looking(source)
    done = source.commit(PARTS, check=check)
    assert check.seen == [["Émile", "anna", "Bert"], ["Émile", "Anna", "Bert", "new"]] and check.done == done
    assert source.table("customers").fetch(Query(), 0, 9).columns["name"] == check.seen[1]


def test_what_the_check_raises_undoes_all(source: Any) -> None:
    heard: list[Any] = []
    source.table("customers").subscribe(heard.append)
    check = Looking(source, refuses=lambda: True)
    with pytest.raises(TableError, match="from inside"):
        source.commit(PARTS, id="a" * 32, check=check)
    assert source.table("customers").fetch(Query(), 0, 9).columns["name"] == check.seen[0] and not heard
    assert source.commit(PARTS, id="a" * 32)[0].keys == ((9,), (2,)), "its id is free"
