"""Rows with edits that wait, out of those that are remembered."""

from __future__ import annotations

import pytest

from kernel.outbox.entry import as_temporary
from kernel.outbox.overlay import Overlay, laid_over, unsure_rows
from kernel.tables.block import Block
from kernel.tables.query import Query, parse_sort
from kernel.tables.remote_waiting import waiting_rows
from kernel.tables.schema import Column, Reference, Schema

SCHEMA = Schema("t", (Column("id", "integer"), Column("a")), ("id",))
NEW = {(-1,): {"a": "new one"}, (-2,): {"a": "new two"}, (-3,): {"a": "x"}}
OVERLAY = Overlay({(4,): {"a": "changed"}}, NEW, {(3,)})
#: What is remembered: rows 1 to 5.
BLOCK = Block(0, {"id": [1, 2, 3, 4, 5], "a": list("abcde")}, [(number,) for number in range(1, 6)], ["v"] * 5)
KEYS = [(-1,), (-2,), (-3,), (1,), (2,), (4,), (5,)]
TEXTS = ["new one", "new two", "x", "a", "b", "changed", "e"]


@pytest.mark.parametrize("start", range(9))
@pytest.mark.parametrize("length", range(9))
def test_every_page_is_a_part_of_the_whole(start, length):
    waiting = waiting_rows(OVERLAY, Query(), SCHEMA)
    page = waiting.offline(BLOCK, True, start, start + length)
    assert (page.start, page.keys, page.columns["a"]) == (
        start, KEYS[start : start + length], TEXTS[start : start + length])
    partly = waiting.offline(BLOCK, False, start, start + length)
    assert partly == (page if start + length <= len(KEYS) else None)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (Query(filter="a contains 'new'"), [(-1,), (-2,)]),
        (Query(filter="b == 1"), [(-1,), (-2,), (-3,)]),
        (Query(filter="a =="), [(-1,), (-2,), (-3,)]),
        (Query(filter="a == what", parameters={"what": "x"}), [(-3,)]),
        (Query(keys=((-3,), (9,), (-1,))), [(-1,), (-3,)]),
    ],
)
def test_new_rows_of_a_query(query, wanted):
    assert list(waiting_rows(OVERLAY, query, SCHEMA).new) == wanted


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [("a", [1, 2, 3]), ("-a", [3, 2, 1]), ("-id", [1, 2, 3]), ("b:label, -a", [1, 2, 3]), ("-a, b.c", [3, 2, 1])],
)
def test_new_rows_stand_in_the_order_of_the_query_among_themselves(sort, wanted):
    assert [-key[0] for key in waiting_rows(OVERLAY, Query(sort=parse_sort(sort)), SCHEMA).new] == wanted


def test_rows_without_a_number_stand_in_the_order_of_their_making():
    overlay = Overlay({}, {as_temporary(number): {"a": "x"} for number in (1, 2, 10)}, set())
    rows = waiting_rows(overlay, Query(sort=parse_sort("id")), SCHEMA).new
    assert rows == (as_temporary(1), as_temporary(2), as_temporary(10))
    assert waiting_rows(overlay, Query(sort=parse_sort("-id")), SCHEMA).new == rows[::-1]


def test_rows_of_which_only_the_server_can_tell_are_told_apart():
    assert unsure_rows(OVERLAY, Query(filter="a contains 'new'"), SCHEMA) == set()
    assert unsure_rows(OVERLAY, Query(filter="b.c == 1"), SCHEMA) == {(-1,), (-2,), (-3,)}
    assert unsure_rows(OVERLAY, Query(filter="id == -2"), SCHEMA) == set()
    assert list(waiting_rows(OVERLAY, Query(filter="id == -2"), SCHEMA).new) == [(-2,)]


def test_labels_of_changed_references_come_from_what_is_known():
    lists = Schema("lists", (Column("id", "integer"), Column("name")), ("id",), label=("name",))
    tasks = Schema("tasks", (Column("id", "integer"), Column("list_id", "integer")), ("id",),
                   (Reference("list", "lists", ("list_id",), ("id",)),))  # fmt: skip
    known = {(7,): {"id": 7, "name": "garden"}, (-1,): {"name": "a new list"}}
    overlay = Overlay({(1,): {"list_id": 7}, (2,): {"list_id": 8}}, {(-2,): {"list_id": -1}}, set())
    block = Block(0, {"list:label": ["old"] * 3, "list.name": ["old"] * 3}, [(1,), (2,), (3,)], ["v"] * 3)
    laid = laid_over(block, overlay, tasks, [(-2,)], lookup=lambda table, key: known.get(key, {}),
                     schema_of={"lists": lists}.get)  # fmt: skip
    assert laid.columns == {name: ["a new list", "garden", None, "old"] for name in ("list:label", "list.name")}
