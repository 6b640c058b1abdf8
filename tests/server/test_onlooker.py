"""Who sees which rows: the same as the database itself says, for one question however many look on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.error import ForbiddenError
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from layouts.grant import Grant
from server.channel import Channel, channel_for
from server.granted import GrantedSource
from server.granted_query import under
from server.identity import Person
from server.onlooker import seen_by
from server.seal import Seal
from server.sight import sight_of

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, region TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, owner, total NUMERIC(10,2),
                     placed DATE, file BLOB);
INSERT INTO customers VALUES (1, 'Äbel', 'north'), (2, 'Bea', NULL);
INSERT INTO orders VALUES (1, 1, 'anna', 10.5, '2026-01-01', x'01'), (2, 2, 'ANNA', NULL, NULL, NULL),
    (3, 1, 'bert', 7, '2026-02-30', zeroblob(3000000)), (4, NULL, NULL, 0, '2026-03-01', x''),
    (5, 9, CAST(x'ff61' AS TEXT), -1, 'never', NULL), (6, 2, 17, 'much', '1900-01-01', x'00');
"""
KEYS = tuple((number,) for number in range(1, 8))
FILTERS = (
    "owner == user.name", "owner != user.name", "owner contains user.name or total > 5", "customer.region == 'north'",
    "customer.name > 'b' and owner == user.name", "placed > date('2026-01-15')", "total == null", "not total",
    "file == null", "user.name == 'anna'", "user.name startswith 'x'", "upper(owner) == upper(user.name)",
    "customer.region == null", "total + 1 > 8 or length(owner) == 4",
)  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SqliteSource]:
    with sqlite3.connect(tmp_path / "shop.sqlite") as connection:
        connection.executescript(SCHEMA)
    connection.close()
    made = SqliteSource(tmp_path / "shop.sqlite")
    yield made
    made.close()


def channel(source: SqliteSource, person: str, rows: str) -> Channel:
    grants = (Grant("*", "*", ("read",), (), rows), Grant("*", "customers", ("read",)))
    who = Person(person, True, "here")
    mine = GrantedSource(source, lambda table: sight_of(grants, who, (), "main", table), Seal(b"secret"))
    return channel_for("table:shop/main/orders", mine.view("orders"))


def test_each_sees_what_the_database_says(source: SqliteSource) -> None:
    channels = [channel(source, person, rows) for person in ("anna", "bert", "") for rows in FILTERS]
    table, seen = source.table("orders"), []
    for one in channels:
        assert one.view is not None
        seen.append(set(table.fetch(under(one.view, Query(columns=(), keys=KEYS)), 0, 99).keys))
    found = seen_by(table, channels, KEYS)
    assert [found[one.name] for one in channels] == seen
    assert any(seen) and len(set(map(frozenset, seen))) > 8, "they differ"


def test_one_question_does_for_all_who_have_the_same_filter(source: SqliteSource) -> None:
    asked: list[Any] = []

    class Counting:
        def fetch(self, query: Query, start: int, stop: int) -> Any:
            asked.append(query)
            return source.table("orders").fetch(query, start, stop)

    channels = [channel(source, f"p{number}", "owner == user.name") for number in range(50)]
    channels.append(channel(source, "p0", "total > 8"))
    found = seen_by(Counting(), channels, KEYS)  # type: ignore[arg-type]
    assert len(asked) == 2 and (1,) in found[channels[-1].name] and (3,) not in found[channels[-1].name]
    assert seen_by(Counting(), channels, ()) == {one.name: set() for one in channels} and len(asked) == 2


def test_a_filter_that_is_wrong_is_refused(source: SqliteSource) -> None:
    with pytest.raises(ForbiddenError, match="nobody is no column"):
        seen_by(source.table("orders"), [channel(source, "anna", "nobody == 1")], KEYS)
