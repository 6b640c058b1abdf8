"""The history of a row at a real server: who sees it, and what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ForbiddenError, UnknownTableError
from kernel.tables.row_history import lines_of_audit
from tests.server.test_grants_served import GRANTS, ROLES, Place
from tests.waiting import PATIENCE_S


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def once_allowed(work: Callable[[], Any]) -> Any:
    """What ``work`` answers once the server has taken in what was pushed; until then it is forbidden."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return work()
        except ForbiddenError:
            if time.monotonic() > deadline:
                raise


def test_the_past_of_a_row_is_told_where_there_are_no_grants(place: Place) -> None:
    place.push("", ROLES)
    items = place.source("anna").table("items")
    (key,) = once_allowed(lambda: items.commit([Insert({"name": "spade"})])).keys
    items.commit([Update(key, "", {"name": "fork", "price": None})])
    place.source("bert").table("items").commit([Update(key, "", {"name": "saw"}), Update((1,), "", {"name": "other"})])
    items.commit([Delete(key, "")])
    lines = lines_of_audit(items.history(key), items.schema)
    told = [(line.person, line.column, line.before, line.after) for line in lines]
    assert told == [
        ("anna?", "deleted", "ID: 3, Name: saw", ""),
        ("bert?", "Name", "fork", "saw"),
        ("anna?", "Name", "spade", "fork"),
        ("anna?", "new row", "", "ID: 3, Name: spade"),
    ]
    assert items.history((2,)).keys == [] and lines_of_audit(items.history((2,)), items.schema) == []
    with pytest.raises(UnknownTableError):
        place.source("anna").ask("table.history", {"table": "none", "key": (1,)}, dict)


def test_where_there_are_grants_it_is_for_auditors_who_read_the_table(place: Place) -> None:
    place.push(GRANTS, ROLES.replace('["dora"]', '["dora", "carla"]'))
    carla = place.source("carla").table("items")
    carla.commit([Update((1,), "", {"name": "axe"})])
    block = once_allowed(lambda: carla.history((1,)))
    assert [line.after for line in lines_of_audit(block, carla.schema)] == ["axe"]
    with pytest.raises(ForbiddenError, match="auditors"):
        place.source("anna").table("items").history((1,))
    with pytest.raises(ForbiddenError, match="items"):
        place.source("dora").ask("table.history", {"table": "items", "key": (1,)}, dict)
