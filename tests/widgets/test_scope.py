"""Names of a window: read through nested values, whatever dots the names have."""

from __future__ import annotations

import pytest

from kernel.tables.schema import Column, Schema
from widgets.filter import LiveFilter, linked_values
from widgets.scope import Scope

ROW = {"id": 3, "Unit Price": 5, "the.key": "k", "a": {"b": 1, "c.d": 2}, "a.b": 9, "current": None, "x.y": {"z": 7}}

#: Name → what the scope answers with ROW published as view.current.
READ = {
    "view.current": ROW,
    "view.current.id": 3,
    "view.current.Unit Price": 5,
    "view.current.the.key": "k",
    "view.current.a.b": 9,
    "view.current.a.c.d": 2,
    "view.current.x.y.z": 7,
    "view.current.current": None,
    "view.current.id.more": None,
    "view.current.nothing": None,
    "other": None,
}


@pytest.mark.parametrize("name", READ)
def test_the_longest_name_wins(name: str) -> None:
    scope = Scope()
    scope.publish("view.current", ROW)
    assert scope.read(name) == READ[name]


def test_an_empty_column_called_current_is_no_missing_row() -> None:
    scope, seen = Scope(), []
    scope.publish("view.current", ROW)
    live = LiveFilter("id != view.current.current", scope, lambda text, parameters: seen.append((text, parameters)))
    live.set_schema(Schema("t", (Column("id", "integer"),), ("id",)))
    assert seen == [("id != view.current.current", {"view.current.current": None})]


#: filter, parameters → the values that a new row takes.
LINKS = [
    ("col('Order ID') == col('view.current.Order ID') and col('Order ID') != null", {"view.current.Order ID": 7},
     {"Order ID": 7}),
    ('col("a and b") == col("view.current.x.y")', {"view.current.x.y": 1}, {"a and b": 1}),
    ("view.current.id == id and (note == p.note or id == 3)", {"view.current.id": 2, "p.note": ""}, {"id": 2}),
    ("id == 3 or note == p.note", {"p.note": "n"}, {}),
    ("not id == p.id", {"p.id": 1}, {}),
    ("id < p.id", {"p.id": 1}, {}),
    ("", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parameters", "values"), LINKS)
def test_a_new_row_takes_what_the_filter_asks(text: str, parameters: dict, values: dict) -> None:
    columns = tuple(Column(name) for name in ("id", "note", "Order ID", "a and b"))
    assert linked_values(Schema("t", columns, ("id",)), [(text, parameters)]) == values
