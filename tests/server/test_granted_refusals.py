"""What a refusal tells: nothing of rows and columns that a person may not read, and the whole of the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Change, Delete, Insert, Part, Update
from kernel.tables.error import ConstraintError, ForbiddenError, TableError, UnknownColumnError
from kernel.tables.query import Query
from kernel.tables.source import open_source
from layouts.grant import Grant
from server.granted import GrantedSource
from server.identity import Person
from server.seal import Seal
from server.sight import sight_of

SCHEMA = """
CREATE TABLE regions (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, region TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, owner TEXT, code TEXT UNIQUE, part INTEGER, place INTEGER, limit_ INTEGER DEFAULT 5,
    secret TEXT NOT NULL DEFAULT 's', customer_id INTEGER REFERENCES customers, region_id INTEGER REFERENCES regions,
    UNIQUE (part, place), CHECK (part < limit_), CHECK (part <> 4), UNIQUE (secret, place)
);
INSERT INTO regions VALUES (1, 'north');
INSERT INTO customers VALUES (1, 'Abel', 'north'), (2, 'Bea', 'south');
INSERT INTO orders (id, owner, code, part, place, secret, customer_id) VALUES
    (1, 'anna', 'a1', 1, 1, 'x', 1), (2, 'anna', 'a2', 2, 2, 'y', 2), (3, 'bert', 'b3', 3, 3, 'z', 2);
"""
SEEN = ("id", "owner", "code", "part", "place", "customer_id", "region_id")
GRANTS = (
    Grant("anna", "orders", ("read", "edit", "add"), SEEN, "owner == user.name"),
    Grant("anna", "customers", ("read",), (), "region == 'north'"),
    Grant("carla", "*", ("read", "edit", "add", "delete")),
)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Any]:
    with sqlite3.connect(tmp_path / "desk.sqlite") as connection:
        connection.executescript(SCHEMA)
    connection.close()
    source = open_source({"kind": "sqlite", "path": "desk.sqlite"}, tmp_path)
    yield source
    source.close()


def refused(whole: Any, who: str, *changes: Change) -> TableError:
    """What the person is told of changes of orders, after which everything is as before."""
    source = GrantedSource(whole, lambda table: sight_of(GRANTS, Person(who, False, ""), (), "main", table), Seal(b"s"))
    before = whole.table("orders").fetch(Query(), 0, 99)
    with pytest.raises(TableError) as caught:
        source.commit([Part("orders", changes)])
    assert whole.table("orders").fetch(Query(), 0, 99) == before
    return caught.value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Insert({"owner": "anna", "code": "b3"}), "you may not give a row of orders this code"),
        (Update((1,), "", {"code": "b3"}), "you may not give a row of orders this code"),
        (Insert({"owner": "anna", "id": 3}), "you may not give a row of orders this id"),
        (Insert({"owner": "anna", "part": 3, "place": 3}), "you may not give a row of orders this part and place"),
        (Update((1,), "", {"place": 3, "part": 3}), "you may not give a row of orders this part and place"),
    ],
)
def test_a_value_of_a_row_out_of_sight_is_refused_as_any_other(whole: Any, change: Change, said: str) -> None:
    error = refused(whole, "anna", change)
    assert isinstance(error, ForbiddenError) and error.message == said
    assert "already a row" in refused(whole, "carla", change).message


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ((Insert({"owner": "anna", "code": "a1"}),), "Code"),
        ((Insert({"owner": "anna", "part": 2, "place": 2}),), "Part and Place"),
        ((Update((1,), "", {"place": 2, "part": 2}),), "Part and Place"),
        ((Insert({"owner": "anna", "code": "n"}), Insert({"owner": "anna", "code": "n"})), "Code"),
    ],
)
def test_a_value_of_a_row_in_sight_is_told(whole: Any, changes: tuple[Change, ...], named: str) -> None:
    error = refused(whole, "anna", *changes)
    assert isinstance(error, ConstraintError) and error.message == f"There is already a row with that {named}"


@pytest.mark.parametrize("change", [
    Update((1,), "", {"place": 2, "part": 0}), Insert({"owner": "anna", "part": 5}),
])  # fmt: skip
def test_a_rule_about_a_hidden_column_is_not_told(whole: Any, change: Change) -> None:
    whole.table("orders").commit([Update((1,), "", {"secret": "y"})])
    error = refused(whole, "anna", change)
    said = f"{error} {error.hint} {getattr(error, 'column', '')}".lower()
    assert "secret" not in said and "limit" not in said and "5" not in said
    assert "secret" in (told := refused(whole, "carla", change).message.lower()) or "limit" in told


def test_a_rule_about_columns_in_sight_is_told(whole: Any) -> None:
    assert refused(whole, "anna", Update((1,), "", {"part": 4})).message == "Part must not be 4"
    error = refused(whole, "anna", Update((1,), "", {"part": "x"}))
    assert error.message == "Part must be a whole number"


def test_a_reference_to_a_row_out_of_sight_is_one_to_nothing(whole: Any) -> None:
    for change in (Update((1,), "", {"customer_id": 2}), Insert({"owner": "anna", "customer_id": 2})):
        hidden = refused(whole, "anna", change)
        values = change.values | {"customer_id": 99}  # type: ignore[union-attr]
        missing = refused(whole, "anna", Insert(values) if isinstance(change, Insert) else Update((1,), "", values))
        assert (type(hidden), hidden.message.replace("2", "99")) == (type(missing), missing.message)
        assert hidden.column == missing.column == "customer_id"  # type: ignore[attr-defined]
    for number in (1, 99):
        error = refused(whole, "anna", Update((1,), "", {"region_id": number}))
        assert isinstance(error, ForbiddenError) and error.message == "you may not choose a row by region_id"


def test_a_reference_that_stays_as_it_is_may_be_written(whole: Any) -> None:
    source = GrantedSource(
        whole, lambda table: sight_of(GRANTS, Person("anna", False, ""), (), "main", table), Seal(b"s")
    )
    source.commit([Part("orders", (
        Update((2,), "", {"customer_id": 2, "code": "new"}), Update((1,), "", {"customer_id": None}),
        Insert({"owner": "anna", "customer_id": 1}),
    ))])  # fmt: skip
    assert whole.table("orders").fetch(Query(), 0, 9).columns["customer_id"] == [None, 2, 2, 1]


def test_a_guess_at_a_count_is_not_made_with_values_out_of_sight(whole: Any) -> None:
    asked = []
    table = GrantedSource(
        whole, lambda name: sight_of(GRANTS, Person("anna", False, ""), (), "main", name), Seal(b"s")
    ).table("orders")

    class Guessing:
        def estimate(self, query: Query) -> Any:
            from kernel.tables.contract import Estimate

            asked.append(query.filter)
            return Estimate(7, is_exact=False)

    table._table = Guessing()
    assert table.estimate(Query(filter="code == 'b3'")).count == 7
    assert "b3" not in asked[-1] and "owner == user.name" in asked[-1]


def test_no_change_of_a_hidden_column_is_told_from_one_of_none(whole: Any) -> None:
    for name in ("secret", "nothing"):
        error = refused(whole, "anna", Update((1,), "", {name: "x"}))
        assert isinstance(error, UnknownColumnError) and error.message == f"orders has no column {name}"
    assert isinstance(refused(whole, "anna", Delete((1,), "")), ForbiddenError)
