"""A table of any number of rows that are worked out when they are asked for, and what a grid over it needs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from kernel.tables.block import Block
from kernel.tables.contract import Estimate
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema
from layouts.node import Node
from widgets.context import Context
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme

COLUMNS = (Column("id", "integer"), Column("name", "text"), Column("square", "integer"))


class EndlessTable:
    """Row *n* has the key *n*; ``threads`` are those that its methods were called on, ``calls`` what was called."""

    schema = Schema("numbers", COLUMNS, ("id",))

    def __init__(self, count: int) -> None:
        self.rows = count
        self.threads: set[int] = set()
        self.calls: list[str] = []

    def _note(self, name: str) -> None:
        self.threads.add(threading.get_ident())
        self.calls.append(name)

    def count(self, query: Query) -> int:
        self._note("count")
        return self.rows

    def estimate(self, query: Query) -> Estimate:
        self._note("estimate")
        return Estimate(self.rows)

    def prepare(self, query: Query, report: Callable[[float], None]) -> int:
        self._note("prepare")
        return self.rows

    def locate(self, query: Query, key: tuple[Any, ...]) -> int | None:
        self._note("locate")
        return key[0] if 0 <= key[0] < self.rows else None

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        self._note(f"fetch {start}")
        whole = range(start, min(stop, self.rows))
        numbers = list(whole) if query.keys is None else [key[0] for key in query.keys]
        columns = {"id": numbers, "name": [f"Row {at}" for at in numbers], "square": [at * at for at in numbers]}
        return Block(start, columns, [(at,) for at in numbers], [""] * len(numbers))

    def subscribe(self, listener: Callable[..., None]) -> Callable[[], None]:
        self.listener = listener
        return lambda: None


class Surroundings:
    """One window's surroundings over tables by name."""

    def __init__(self, **tables: Any) -> None:
        self.messages: list[tuple[str, ...]] = []
        self.handles = {name: TableHandle(table, name) for name, table in tables.items()}
        self.scope = Scope()
        self.context = Context(
            scope=self.scope, commands=None, reporter=self, theme=Theme("light"), tables=dict(self.handles),
            open_table=lambda _handle, name: self.handles[name], read_file=lambda _path: None,
        )  # fmt: skip

    def report(self, *message: str) -> None:
        """Reporter's part."""
        self.messages.append(message)

    def close(self) -> None:
        """Stop everything."""
        for handle in self.handles.values():
            handle.dispose()


def numbers_node(*shows: Node, **properties: Any) -> Node:
    """A grid over ``numbers``, called ``list``."""
    return Node("grid", "list", {"table": "numbers", **properties}, list(shows))
