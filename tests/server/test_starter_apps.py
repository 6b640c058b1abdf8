"""The starter apps: their data are what they promise, their layouts hold, their scripts do what they say."""

from __future__ import annotations

import datetime
import hashlib
import importlib.util
import sqlite3
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kernel.tables.change import Update
from kernel.tables.error import ConstraintError
from kernel.tables.query import Query
from kernel.tables.source import open_source
from kernel.tables.sqlite import SqliteSource
from layouts.app_manifest import read_app
from server.starter import starter_files

ORDERS = starter_files()["orders"]


def create(path: Path) -> sqlite3.Connection:
    """The order desk's database, made as a source makes it."""
    description = read_app(lambda name: ORDERS.get(name)).sources["desk"]
    open_source({**description, "path": path.name}, path.parent, read_file=ORDERS.__getitem__).close()
    return sqlite3.connect(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("orders")


@pytest.fixture(scope="module")
def desk(folder: Path) -> sqlite3.Connection:
    return create(folder / "desk.sqlite")


def one(desk: sqlite3.Connection, sql: str) -> Any:
    return desk.execute(sql).fetchone()[0]


def test_every_starter_app_is_whole() -> None:
    for name, files in starter_files().items():
        description = read_app(files.get)
        assert description.name == name and description.layout in files and description.doc


def test_the_desk_has_the_promised_size(desk: sqlite3.Connection) -> None:
    assert one(desk, "SELECT count(*) FROM customers") >= 2_000
    assert one(desk, "SELECT count(*) FROM products") == 500
    assert one(desk, "SELECT count(*) FROM orders") == 50_000
    lines = desk.execute("SELECT min(n), max(n), count(*) FROM (SELECT count(*) n FROM order_lines GROUP BY order_id)")
    assert lines.fetchone() == (1, 6, 50_000)


def test_the_desk_is_consistent(desk: sqlite3.Connection) -> None:
    assert desk.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one(desk, "PRAGMA integrity_check") == "ok"
    sums = "SELECT round(sum(quantity * price), 2) FROM order_lines WHERE order_id = orders.id"
    assert one(desk, f"SELECT count(*) FROM orders WHERE total IS NOT ({sums})") == 0
    assert one(desk, "SELECT count(*) FROM orders WHERE shipped < placed OR due < placed") == 0
    too_early = "SELECT count(*) FROM orders JOIN customers c ON c.id = customer_id WHERE placed < since"
    assert one(desk, too_early) == 0
    ages = "SELECT count(*) FROM orders WHERE status = 'open' AND placed"
    assert one(desk, f"{ages} > '2026-10-25'") > one(desk, f"{ages} BETWEEN '2026-09-01' AND '2026-09-07'")


def test_spring_sells_more_than_winter(desk: sqlite3.Connection) -> None:
    months = dict(desk.execute("SELECT strftime('%m', placed), count(*) FROM orders GROUP BY 1"))
    assert months["05"] > 2 * months["01"] and months["12"] > months["11"]


def test_the_data_are_the_same_every_time_and_made_quickly(desk: sqlite3.Connection, folder: Path) -> None:
    began = time.process_time()
    again = create(folder / "again.sqlite")
    assert time.process_time() - began < 4

    def fingerprint(connection: sqlite3.Connection) -> str:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()

    assert fingerprint(again) == fingerprint(desk)
    again.close()


def test_totals_follow_the_lines(folder: Path) -> None:
    desk = create(folder / "edited.sqlite")
    before = one(desk, "SELECT total FROM orders WHERE id = 7")
    desk.execute("INSERT INTO order_lines (order_id, product_id, quantity, price) VALUES (7, 1, 2, 5.25)")
    assert one(desk, "SELECT total FROM orders WHERE id = 7") == pytest.approx(before + 10.5)
    desk.execute("UPDATE order_lines SET order_id = 8 WHERE id = last_insert_rowid()")
    assert one(desk, "SELECT total FROM orders WHERE id = 7") == pytest.approx(before)
    desk.execute("DELETE FROM order_lines WHERE order_id = 8")
    assert one(desk, "SELECT total FROM orders WHERE id = 8") == 0
    desk.close()


class DeskApp:
    """What a script is given (:class:`shell.script_app.ScriptApp`), over a real database."""

    def __init__(self, source: SqliteSource) -> None:
        self.source = source
        self.row: dict[str, Any] | None = None
        self.said: list[str] = []

    def table(self, name: str) -> Any:
        return self.source.table(name)

    def key(self, view: str) -> tuple[Any, ...] | None:
        assert view == "orders_view"
        return self.row and (self.row["id"],)

    def report(self, level: str, text: str) -> None:
        self.said.append(f"{level}: {text}")


@pytest.fixture
def shipping(tmp_path: Path) -> ModuleType:
    path = tmp_path / "shipping.py"
    path.write_bytes(ORDERS["desk/shipping.py"])
    spec = importlib.util.spec_from_file_location("shipping", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_shipping_marks_the_order_once(shipping: ModuleType, folder: Path) -> None:
    create(folder / "shipped.sqlite").close()
    app = DeskApp(SqliteSource(folder / "shipped.sqlite"))
    orders = app.table("orders")
    with pytest.raises(ConstraintError, match="no current order"):
        shipping.ship(app)
    block = orders.fetch(Query(filter="status == 'open'"), 0, 1)
    app.row = block.row(0)
    shipping.ship(app)
    shipped = orders.fetch(Query(keys=(block.keys[0],)), 0, 1).row(0)
    assert shipped["status"] == "shipped" and shipped["shipped"] == datetime.date.today()
    assert app.said == [f"success: Order {app.row['id']} is on its way."]
    with pytest.raises(ConstraintError, match="shipped already"):
        shipping.cancel(app)
    with pytest.raises(ConstraintError):
        orders.commit([Update(block.keys[0], "", {"shipped": None})])
    app.source.close()
