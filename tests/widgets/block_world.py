"""The same small shop in memory and in a SQLite file, with a grid over its orders and a history of edits."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from grid_world import World, grid_node

from kernel.tables.memory import MemorySource
from kernel.tables.query import Query, Sort
from kernel.tables.schema import Column, Reference, Schema
from layouts.node import Formula
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.history import History
from widgets.scope import Scope
from widgets.theme import Theme

CUSTOMERS = Schema("customers", (Column("id", "integer", is_key=True, is_required=True), Column("name")), ("id",),
                   label=("name",))  # fmt: skip
ORDERS = Schema(
    "orders",
    (
        Column("id", "integer", is_key=True),
        Column("customer_id", "integer", is_required=True),
        Column("placed", "date", is_required=True),
        Column("status", is_required=True, choices=("open", "shipped")),
        Column("is_gift", "boolean", is_required=True, has_default=True),
        Column("total", "decimal", is_required=True, format="#,##0.00"),
        Column("remark", max_length=80),
    ),
    ("id",),
    references=(Reference("customer", "customers", ("customer_id",), ("id",)),),
)
ID, CUSTOMER, PLACED, STATUS, GIFT, TOTAL, REMARK = range(7)


class MemoryWorld:
    """As :class:`grid_world.World`, in memory."""

    def __init__(self, rows: int) -> None:
        orders = [
            {"id": at, "customer_id": at % 50 + 1, "placed": datetime.date(2026, 1, at % 28 + 1), "status": "open",
             "is_gift": bool(at % 2), "total": Decimal(at), "remark": None}
            for at in range(1, rows + 1)
        ]  # fmt: skip
        customers = [{"id": at, "name": f"Customer {at}"} for at in range(1, 51)]
        self.source: Any = MemorySource([(CUSTOMERS, customers), (ORDERS, orders)])
        self.handles: dict[str, TableHandle] = {}
        self.messages: list[tuple[str, ...]] = []
        self.context = Context(
            scope=Scope(), commands=None, reporter=self, theme=Theme("light"), tables={"orders": self.open("orders")},
            open_table=lambda _handle, name: self.open(name), read_file=lambda _path: None,
        )  # fmt: skip

    open, report, close = World.open, World.report, World.close


class Shop:
    """A world of either kind with its grid."""

    def __init__(self, kind: str, directory: Path, wait: Any, rows: int = 30, filter_: Formula | None = None) -> None:
        self.world: Any = World(directory, rows) if kind == "sqlite" else MemoryWorld(rows)
        self.wait = wait
        self.history = History(self.world.context.scope)
        self.world.handles["orders"].open_history = lambda: self.history
        self.grid = Grid(grid_node(**({"filter": filter_} if filter_ else {})), self.world.context)
        self.grid.resize(1000, 500)
        self.grid.show()
        self.grid.activateWindow()
        self.grid.setFocus()
        wait(lambda: self.grid.rows.cache.count is not None)

    @property
    def table(self) -> Any:
        return self.world.source.table("orders")

    def column(self, name: str) -> list[Any]:
        """The stored values of a column in the order of the ids."""
        return self.table.fetch(Query(sort=(Sort("id"),), columns=(name,)), 0, 100_000).columns[name]

    def row(self, number: int) -> dict[str, Any]:
        """The stored row with that id."""
        return self.table.fetch(Query(keys=((number,),)), 0, 1).row(0)

    def select(self, top: int, left: int, bottom: int, right: int) -> None:
        """Select a range, the current cell at its end."""
        self.grid.go(top, left)
        self.grid.go(bottom, right, is_extending=True)

    def settle(self) -> None:
        """Until no work is under way and the rows are shown."""
        self.wait(lambda: not self.grid.block.work.is_busy and not self.grid.handle.is_busy)

    def said(self) -> str:
        """What is said beside the current cell."""
        return self.grid.editing.notice.text

    def close(self) -> None:
        self.grid.close()
        self.world.close()
