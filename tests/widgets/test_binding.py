"""Bindings: tracking, row names, aggregates over a real table, numbers as people write them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Insert
from kernel.tables.sqlite import SqliteSource
from layouts.node import Formula, Template
from widgets.binding import bind, evaluate
from widgets.context import Context
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.text import text_of


@pytest.fixture
def context(qapp: object, tmp_path: Path) -> Iterator[Context]:
    path = tmp_path / "desk.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table orders (id integer primary key, total integer)")
        connection.executemany("insert into orders (total) values (?)", [(1000,), (2500,)])
    connection.close()
    source = SqliteSource(path)
    handle = TableHandle(source.table("orders"), "orders")
    made = Context(
        scope=Scope(), commands=None, reporter=None, theme=None,
        tables={"orders": handle}, open_table=None, read_file=None,
    )  # fmt: skip
    yield made
    made.disposers()
    handle.dispose()
    source.close()


def test_a_formula_is_tracked_until_disposed(context: Context) -> None:
    seen: list[Any] = []
    dispose = bind(Formula("a.b + 1", ("a.b",)), context, seen.append)
    context.scope.publish("a.b", 1)
    context.scope.publish("a.b", 4)
    dispose()
    context.scope.publish("a.b", 9)
    assert seen == [None, 2, 5]


def test_row_names_go_before_the_window(context: Context) -> None:
    context.scope.publish("price", 100)
    assert evaluate(Formula("price * 2", ("price",)), context, {"price": 3}) == 6


def test_aggregates_follow_the_table(context: Context, wait_until: Callable[..., None]) -> None:
    seen: list[str] = []
    parts = (Formula("orders.count", ("orders.count",)), " of ", Formula("orders.sum(total)", ("orders.sum(total)",)))
    dispose = bind(Template(parts), context, seen.append)
    wait_until(lambda: seen and seen[-1] == "2 of 3,500")
    context.tables["orders"].commit([Insert({"total": 500})], lambda answer: None)
    wait_until(lambda: seen[-1] == "3 of 4,000")
    context.tables["orders"].set_base("total > 600", {})
    wait_until(lambda: seen[-1] == "2 of 3,500")
    dispose()


def test_a_count_that_is_not_known_leaves_no_words_behind(context: Context, wait_until: Callable[..., None]) -> None:
    seen: list[str] = []
    count = Formula("orders.count", ("orders.count",))
    dispose = bind(Template((count, " orders")), context, seen.append)
    wait_until(lambda: seen[-1] == "2 orders")
    context.tables["orders"].set_base("price > 600", {})
    wait_until(lambda: seen[-1] == "")
    dispose()
    assert " orders" not in seen


def test_identifiers_are_not_grouped_but_amounts_are(qapp: object) -> None:
    assert text_of(50000) == "50000"
    assert text_of(50000, is_grouped=True) == "50,000"
    assert text_of(Decimal("-1234567890123456789.50")) == "-1,234,567,890,123,456,789.50"
    assert (text_of(None), text_of(True), text_of("x")) == ("", "yes", "x")
    assert (text_of(b""), text_of(b"1"), text_of(bytes(5000))) == ("0 bytes", "1 byte", "5,000 bytes")
