"""The whole order desk without a mouse: two desktops, a source server, and nothing but keys.

From the list of apps to an order: searched, edited, given lines, decided against somebody else's edit, exported; then
its layout, written beside the app, published and seen on the other desktop. What came of it is read from the database,
the file and the repository.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desktop import Desktop, has_display_tools, wait_for

from tests.served import ROOT, ServerProcess, commit, git, in_app

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")

SEED = """INSERT INTO categories (id, name) VALUES (1, 'Hand tools');
INSERT INTO products (id, name, sku, category_id, price) VALUES
    (1, 'Ashdown trowel', 'HA-1', 1, 12.95), (2, 'Belmont rake', 'HA-2', 1, 34.95),
    (3, 'Calder dibber', 'HA-3', 1, 8.5);
INSERT INTO customers (id, name, email, city) VALUES
    (1, 'Amelia Hughes', 'amelia@example.org', 'Bristol'), (2, 'Clara Wood', 'clara@example.org', 'York');
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 24)
INSERT INTO orders (id, customer_id, placed, due) SELECT n, 1 + n % 2, '2026-01-02', '2026-01-09' FROM number;
INSERT INTO order_lines (order_id, product_id, quantity, price) SELECT id, 1, 2, 12.95 FROM orders;
"""
NUMBER = 17


class Shed:
    """A source server with the order desk of a small shop, and a clone of its repository to write the app in."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work, self.data = folder / "apps.git", folder / "work", folder / "data"
        folder.mkdir()
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.bare))
        git(folder, "clone", "-q", str(self.bare), str(self.work))
        git(self.work, "checkout", "-q", "-b", "main")
        app = ROOT / "resources" / "apps" / "orders"
        paths = [path for path in app.rglob("*.*") if path.suffix != ".pyc"]
        files = {path.relative_to(app).as_posix(): path.read_text() for path in paths}
        commit(self.work, in_app("orders", {**files, "seed.sql": SEED}), "Add the order desk")
        git(self.work, "push", "-q", "origin", "main")
        options = ("--host", "127.0.0.1", "--data", str(self.data))
        self.server = ServerProcess(self.bare, *options, log_path=folder / "log")

    @property
    def app(self) -> Path:
        """The order desk's folder in the clone."""
        return self.work / "apps" / "orders"

    def order(self, columns: str) -> tuple[Any, ...]:
        """Columns of the order that all of this is about, as the database has them."""
        return self._rows(f"SELECT {columns} FROM orders WHERE id = {NUMBER}")[0]

    def lines(self) -> list[tuple[Any, ...]]:
        """Its lines: product, quantity, price."""
        return self._rows(f"SELECT product_id, quantity, price FROM order_lines WHERE order_id = {NUMBER} ORDER BY id")

    def published(self, file: str) -> str:
        """A file of the order desk as the repository has it now."""
        return git(self.bare, "show", f"main:apps/orders/{file}")

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        (file,) = self.data.rglob("desk.sqlite")
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


@pytest.fixture
def shed(tmp_path: Path) -> Iterator[Shed]:
    made = Shed(tmp_path / "shed")
    with made.server:
        yield made


@pytest.fixture
def desktops(desktop: Desktop, shed: Shed, tmp_path: Path) -> Iterator[tuple[Desktop, Desktop]]:
    """Anna's and Bert's, who know the server."""
    other = Desktop(tmp_path / "other")
    for each in (desktop, other):
        known = f'[server]\nembedded = false\n[servers]\nshed = "{shed.server.address}"\n'
        (each.base / "config" / "config.toml").write_text(known)
    yield desktop, other
    other.close()
    assert not other.complaints()


def agree(desktop: Desktop) -> None:
    """Answer what an app with scripts asks at first."""
    desktop.until_shown("Open Order desk?")
    desktop.keys("Tab", "Return")
    desktop.until_shown("24 orders")


def find_order(desktop: Desktop) -> None:
    """Search the order; it is the only one in the list then, and chosen."""
    desktop.keys("slash")
    desktop.text(str(NUMBER))
    wait_for(lambda: f"| > {NUMBER} |" in (tree := desktop.tree()) and f"|   {NUMBER + 7} |" not in tree)


def go_to_notes(desktop: Desktop) -> None:
    """From the tabs into the form, and there to the last field."""
    desktop.keys("F6", *["Tab"] * 8)
    desktop.until_shown("“Notes” focus")


def test_an_order_from_the_list_of_apps_to_a_published_layout(desktops: tuple[Desktop, Desktop], shed: Shed) -> None:
    anna, bert = desktops
    anna.open("home", title="")
    bert.open("orders@shed", title="Order desk")
    anna.text("order")
    anna.until_current("apps_view")
    anna.keys("Return")
    anna.window("Order desk")
    for each in desktops:
        agree(each)
        find_order(each)

    anna.keys("F6", "F6", "F6", "Tab", "Tab", "Down", "ctrl+s")  # rows, tabs, form: the third field
    wait_for(lambda: shed.order("priority") == ("high",))

    anna.keys("ctrl+Tab", "ctrl+n")
    anna.text("Cal\t5\t8.5")  # what is chosen comes from the server, and nobody waits for it
    anna.keys("ctrl+n")
    anna.text("Bel\t3\t34.95")
    anna.keys("Return")
    wait_for(lambda: shed.lines() == [(1, 2, 12.95), (3, 5, 8.5), (2, 3, 34.95)])
    assert shed.order("round(total, 2)") == (173.25,)
    anna.until_shown("= 'Total 173.25'")

    anna.keys("ctrl+shift+Tab")
    go_to_notes(anna)
    anna.text("Ring first")
    bert.keys("F6", "F6")
    go_to_notes(bert)
    bert.text("Leave at the gate")
    bert.keys("ctrl+s")
    anna.until_shown("Notes is now “Leave at the gate”")
    assert shed.order("notes, priority") == ("Leave at the gate", "high")
    anna.keys("ctrl+s", "Tab", "Return")  # to the answers, and from theirs to mine
    wait_for(lambda: shed.order("notes") == ("Ring first",))
    bert.until_shown("“Notes” = 'Ring first'")

    anna.focus("orders_view")
    anna.keys("ctrl+k", "ctrl+e")
    anna.until_shown("'Export Orders'")
    anna.focus("“File”", "Tab")
    anna.keys("ctrl+a")
    exported = anna.home / "shown.csv"
    anna.text(str(exported))
    anna.keys("Return")
    anna.until_shown("1 row was exported")
    head, row = csv.reader(exported.open())
    assert dict(zip(head, row, strict=True)).items() >= {"No.": "17", "Priority": "high", "Total": "173.25"}.items()

    anna.keys("ctrl+p")
    anna.text("open an app")
    anna.keys("Return")
    anna.until_shown("Open an app   ›")
    anna.text(str(shed.app))
    anna.keys("Return")
    anna.second_window("Order desk")
    anna.until_shown("24 orders")
    anna.focus("orders_view")
    anna.keys("ctrl+k", "e")
    anna.until_shown("= 'main.kdl'")
    anna.keys("ctrl+f")
    anna.text('label="Customer"')
    anna.keys("Return", "Escape")
    anna.text('label="Buyer"')
    anna.keys("ctrl+s")
    anna.until_shown("| No. | Buyer |")
    assert 'label="Buyer"' in (shed.app / "main.kdl").read_text() and "Buyer" not in shed.published("main.kdl")
    anna.keys("alt+x")
    anna.text("app.publish server=shed")
    anna.keys("Return")
    bert.until_shown("| No. | Buyer |")
    assert shed.published("main.kdl") == (shed.app / "main.kdl").read_text()
    bert.until_shown("“Notes” = 'Ring first' focus")  # where he was
