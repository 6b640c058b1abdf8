"""What a new row holds from the beginning, by the filters of its view."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from kernel.tables.schema import Column, Schema
from widgets.listing.given import linked_values

SCHEMA = Schema(
    "t",
    (
        Column("id", "integer", is_key=True), Column("note"), Column("Order ID", "integer"), Column("a and b"),
        Column("is_done", "boolean"), Column("day", "date"), Column("total", "decimal"),
        Column("sum", is_generated=True), Column("state", choices=("open", "sent")),
    ),
    ("id",),
)  # fmt: skip

#: filter, parameters → the values that a new row takes.
LINKS = [
    ("col('Order ID') == col('view.current.Order ID') and col('Order ID') != null", {"view.current.Order ID": 7},
     {"Order ID": 7}),
    ('col("a and b") == col("view.current.x.y")', {"view.current.x.y": 1}, {"a and b": 1}),
    ("view.current.id == id and (note == p.note or id == 3)", {"view.current.id": 2, "p.note": ""}, {"id": 2}),
    ("(note == a.current.note) and id > 3", {"a.current.note": "n"}, {"note": "n"}),
    ("id == 3 or note == p.note", {"p.note": "n"}, {}),
    ("not id == p.id", {"p.id": 1}, {}),
    ("id < p.id", {"p.id": 1}, {}),
    ("note == 'x' and id == 3", {}, {"note": "x"}),
    ("state in ['sent']", {}, {"state": "sent"}),
    ("state in chosen.values", {"chosen.values": ["open"]}, {"state": "open"}),
    ("state in chosen.values", {"chosen.values": ["open", "sent"]}, {}),
    ("state == 'lost'", {}, {}),
    ("is_done", {}, {"is_done": True}),
    ("not is_done and day == date('2026-01-02')", {}, {"is_done": False, "day": datetime.date(2026, 1, 2)}),
    ("true == is_done", {}, {"is_done": True}),
    ("-3 == total", {}, {"total": Decimal(-3)}),
    ("sum == 'x' and note == null and note contains 'y'", {}, {}),
    ("false", {}, {}),
    ("", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parameters", "values"), LINKS)
def test_a_new_row_takes_what_the_filter_asks(text: str, parameters: dict, values: dict) -> None:
    assert linked_values(SCHEMA, [(text, parameters)]) == values
