"""Orders of PostgreSQL tables that are kept, and estimates."""

from __future__ import annotations

import pytest

from kernel.tables.change import Insert
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Query, parse_sort
from tests.kernel.postgres_items import ITEMS, run
from tests.postgres_server import shared_server


@pytest.fixture
def address():
    return shared_server().new_database()


@pytest.fixture
def source(address):
    run(address, ITEMS)
    source = PostgresSource(address, lock_s=0.3)
    yield source
    source.close()


def test_orders_are_kept_and_given_up(source, address):
    table = source.table("item")
    query = Query(sort=parse_sort("-name"), columns=("name",))
    assert table.prepare(query, lambda part: None) == 5000
    last = table.fetch(query, 4990, 5000)
    run(address, "DELETE FROM item WHERE name = '" + last.columns["name"][-1] + "'")
    assert len(table.fetch(query, 4990, 5000)) == 9 and table.locate(query, last.keys[-1]) is None
    table.commit([Insert({"id": 5001, "name": "zzz"})])
    assert table.fetch(query, 0, 1).columns["name"] == ["zzz"] and table.locate(query, (5001,)) == 0


def test_estimates(address):
    run(address, "CREATE TABLE big AS SELECT i AS id, i % 10 AS n FROM generate_series(1, 60000) AS i;"
                 " ALTER TABLE big ADD PRIMARY KEY (id); ANALYZE big")  # fmt: skip
    source = PostgresSource(address)
    table = source.table("big")
    assert table.estimate(Query()).count == 60_000 and not table.estimate(Query()).is_exact
    guess = table.estimate(Query(filter="n == 3"))
    assert not guess.is_exact and 4_000 < guess.count < 8_000
    assert table.prepare(Query(filter="n == 3"), lambda part: None) == 6_000
    assert table.estimate(Query(filter="n == 3")).is_exact and table.estimate(Query(filter="n == 3")).count == 6_000
    source.close()
