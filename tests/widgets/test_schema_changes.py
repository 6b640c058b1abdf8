"""A table that gets other columns while it is open: they appear and go, what is typed stays, and it is said once."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from form_desk import Desk  # noqa: E402
from grid_world import World  # noqa: E402

RETYPE = (
    "CREATE TABLE other (id INTEGER PRIMARY KEY, total NUMERIC(10,2), remark DATE);"
    "INSERT INTO other SELECT id, total, remark FROM orders; DROP TABLE orders; ALTER TABLE other RENAME TO orders"
)
NEW = (
    "DROP TABLE orders; CREATE TABLE orders (id INTEGER PRIMARY KEY, remark TEXT, extra TEXT);"
    "INSERT INTO orders VALUES (1, 'one', 'e'), (2, 'two', 'f')"
)
OWN = ["id", "customer_id", "placed", "status", "is_gift", "total"]


@pytest.fixture
def desk(qapp: object, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    desk = Desk(World(tmp_path, rows=20))
    wait_until(lambda: desk.grid.row_count() == 20 and desk.form.row.values, timeout_s=20)
    yield desk
    desk.window.close()
    desk.window.deleteLater()
    desk.world.close()


def alter(desk: Desk, sql: str) -> None:
    """Change the database as another program would."""
    with sqlite3.connect(desk.world.path) as connection:
        connection.executescript(sql)
    connection.close()
    desk.world.source.poll()


def columns(desk: Desk) -> list[str]:
    return [column.path for column in desk.grid.columns]


def fields(desk: Desk) -> dict[str, Any]:
    return {field.column_name: field for field in desk.form.fields}


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("ALTER TABLE orders ADD COLUMN extra TEXT DEFAULT 'x'", [*OWN, "remark", "extra"]),
        ("ALTER TABLE orders RENAME COLUMN remark TO note", [*OWN, "note"]),
        ("ALTER TABLE orders DROP COLUMN remark", OWN),
        (NEW, ["id", "remark", "extra"]),
    ],
)
def test_columns_come_and_go(desk: Desk, wait_until: Callable[..., None], sql: str, shown: list[str]) -> None:
    alter(desk, sql)
    wait_until(lambda: columns(desk) == shown, timeout_s=20)
    wait_until(lambda: sorted(fields(desk)) == sorted(shown), timeout_s=20)
    assert desk.world.messages == [] and desk.grid.handle.error is None
    if "extra" in shown:
        wait_until(lambda: desk.line("extra").text() in ("x", "e"), timeout_s=20)


def test_a_column_of_another_type_gets_another_editor(desk: Desk, wait_until: Callable[..., None]) -> None:
    before = desk.editor("remark")
    alter(desk, RETYPE)
    wait_until(lambda: desk.editor("remark") is not before, timeout_s=20)
    assert desk.editor("remark").subject.column.type == "date"
    wait_until(lambda: desk.editor("remark").isVisibleTo(desk.window), timeout_s=20)


@pytest.mark.parametrize("sql", [
    "ALTER TABLE orders DROP COLUMN remark", "ALTER TABLE orders RENAME COLUMN remark TO note",
])  # fmt: skip
def test_what_is_typed_stays_when_its_column_goes(desk: Desk, wait_until: Callable[..., None], sql: str) -> None:
    desk.type("remark", "typed")
    alter(desk, sql)
    wait_until(lambda: "remark" not in columns(desk), timeout_s=20)
    wait_until(lambda: "no such column" in fields(desk)["remark"].message.text(), timeout_s=20)
    assert desk.line("remark").text() == "typed" and desk.form.row.edits == {"remark": "typed"}
    desk.form.write_row()
    wait_until(lambda: desk.form.row.messages.get(""), timeout_s=20)
    assert "no column remark" in desk.form.row.messages[""]
    assert desk.line("remark").text() == "typed", "nothing is lost by trying"
    QTest.keyClick(desk.line("remark"), Qt.Key.Key_Escape)
    assert desk.form.row.edits == {}
    desk.type("total", "7")
    desk.form.write_row()
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == 7, timeout_s=20)


def test_edits_of_other_columns_are_written(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("total", "8")
    alter(desk, "ALTER TABLE orders DROP COLUMN remark; ALTER TABLE orders ADD COLUMN extra TEXT")
    wait_until(lambda: "extra" in fields(desk) and "remark" not in fields(desk), timeout_s=20)
    assert desk.line("total").text() == "8"
    desk.form.write_row()
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == 8, timeout_s=20)


def test_a_table_that_goes_and_comes_back(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("remark", "typed")
    alter(desk, "DROP TABLE orders")
    wait_until(lambda: desk.grid.handle.state == "error", timeout_s=20)
    assert "no table orders" in str(desk.grid.handle.error) and desk.line("remark").text() == "typed"
    assert desk.grid.row_count() == 20, "the old rows stay in sight"
    alter(desk, NEW.partition(";")[2])
    wait_until(lambda: desk.grid.handle.state == "ready" and desk.grid.row_count() == 2, timeout_s=20)
    wait_until(lambda: columns(desk) == ["id", "remark", "extra"], timeout_s=20)
    assert desk.line("remark").text() == "typed"
