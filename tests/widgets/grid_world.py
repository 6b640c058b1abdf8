"""A small shop in a real SQLite file, and the surroundings that grids and forms need."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from kernel.tables.sqlite import SqliteSource
from layouts.node import Formula, Node
from widgets.context import Context
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme

_SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    placed DATE NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'shipped')),
    is_gift BOOLEAN NOT NULL DEFAULT 0,
    total NUMERIC(10,2) NOT NULL CHECK (total >= 0),
    remark VARCHAR(80)
);
"""


class World:
    """One window's surroundings over a file; ``more`` is SQL to run behind the rows."""

    def __init__(self, directory: Path, rows: int = 300, more: str = "") -> None:
        self.path = directory / "shop.sqlite"
        with sqlite3.connect(self.path) as database:
            database.executescript(_SCHEMA)
            database.executemany("INSERT INTO customers VALUES (?, ?)", [(at, f"Customer {at}") for at in range(1, 51)])
            numbers = range(1, rows + 1)
            orders = [(at, at % 50 + 1, f"2026-01-{at % 28 + 1:02}", "open", at % 2, at, None) for at in numbers]
            database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", orders)
            database.executescript(more)
        self.source = SqliteSource(self.path)
        self.handles: dict[str, TableHandle] = {}
        self.messages: list[tuple[str, ...]] = []
        self.context = Context(
            scope=Scope(), commands=None, reporter=self, theme=Theme("light"), tables={"orders": self.open("orders")},
            open_table=lambda _handle, name: self.open(name), read_file=lambda _path: None,
        )  # fmt: skip

    def open(self, name: str) -> TableHandle:
        """The shared handle of a table."""
        if name not in self.handles:
            self.handles[name] = TableHandle(self.source.table(name), name)
        return self.handles[name]

    def report(self, *message: str) -> None:
        """Reporter's part."""
        self.messages.append(message)

    def stored(self, sql: str) -> Any:
        """The first value of a query, read past the widgets."""
        with sqlite3.connect(self.path) as database:
            row = database.execute(sql).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Stop everything."""
        for handle in self.handles.values():
            handle.dispose()
        self.source.close()


def grid_node(**properties: Any) -> Node:
    """A grid over the orders, called ``list``."""
    return Node("grid", "list", {"table": "orders", **properties})


def formula(text: str) -> Formula:
    """A formula as the loader makes it."""
    from kernel.expression import parse

    return Formula(text, parse(text).names)
