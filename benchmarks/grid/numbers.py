"""A table of any number of rows of fifteen columns of mixed types, worked out when they are asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.contract import Estimate
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema

_WORDS = ("amber", "basalt", "cedar tree", "delta", "Müller & Söhne", "flint stone", "a longer text that is cut off")
_DAY = datetime.date(2010, 1, 1)
_MOMENT = datetime.datetime(2010, 1, 1)

#: Column → type and how its value is made of the row's number.
COLUMNS: dict[str, tuple[str, Callable[[int], Any]]] = {
    "id": ("integer", lambda at: at),
    "name": ("text", lambda at: f"{_WORDS[at * 31 % 7]} {at % 1000}"),
    "placed": ("date", lambda at: _DAY + datetime.timedelta(at * 7 % 5000)),
    "total": ("decimal", lambda at: Decimal(at * 7919 % 10_000_000) / 100),
    "quantity": ("integer", lambda at: at * 13 % 1000),
    "city": ("text", lambda at: _WORDS[at * 17 % 7]),
    "is_open": ("boolean", lambda at: at % 3 == 0),
    "weight": ("real", lambda at: at % 4096 / 8),
    "changed": ("datetime", lambda at: _MOMENT + datetime.timedelta(minutes=at % 5_000_000)),
    "note": ("text", lambda at: None if at % 4 == 0 else f"note {at % 100_000}"),
    **{f"number_{at}": ("integer", lambda row, at=at: row * (at + 3) % 100_003) for at in range(5)},
}


class Numbers:
    """A :class:`kernel.tables.contract.Table` that is only read."""

    schema = Schema("numbers", tuple(Column(name, kind) for name, (kind, _) in COLUMNS.items()), ("id",))

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def count(self, query: Query) -> int:
        """All of them."""
        return self.rows

    def estimate(self, query: Query) -> Estimate:
        """All of them."""
        return Estimate(self.rows)

    def prepare(self, query: Query, report: Callable[[float], None]) -> int:
        """They are in order."""
        return self.rows

    def locate(self, query: Query, key: tuple[Any, ...]) -> int | None:
        """A row's key is its place."""
        return key[0]

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """Rows by place or key."""
        whole = range(start, min(stop, self.rows))
        numbers = list(whole) if query.keys is None else [key[0] for key in query.keys]
        columns = {name: [make(at) for at in numbers] for name, (_, make) in COLUMNS.items()}
        return Block(start, columns, [(at,) for at in numbers], [""] * len(numbers))

    def subscribe(self, listener: Callable[..., None]) -> Disposer:
        """Nothing changes."""
        return lambda: None
