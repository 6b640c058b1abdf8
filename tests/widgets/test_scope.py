"""Names of a window: read through nested values, whatever dots the names have."""

from __future__ import annotations

import pytest

from kernel.tables.schema import Column, Schema
from widgets.filter import LiveFilter
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
