"""Rows with edits that wait, out of those that are remembered."""

from __future__ import annotations

import pytest

from kernel.outbox.overlay import Overlay
from kernel.tables.block import Block
from kernel.tables.query import Query
from kernel.tables.remote_waiting import waiting_rows
from kernel.tables.schema import Column, Schema

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
