"""Orders of PostgreSQL tables that are kept, and estimates."""

from __future__ import annotations

import threading

import pytest

from kernel.tables.change import Insert
from kernel.tables.order import text_key
from kernel.tables.postgres import PostgresSource, memory
from kernel.tables.postgres.pace import Pace
from kernel.tables.query import Query, parse_sort
from tests.kernel.postgres_items import ITEMS, run
from tests.postgres_server import shared_server
from tests.waiting import PATIENCE_S


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


def test_a_statement_that_tells_nothing_is_guessed_at():
    told, is_enough = [], threading.Event()

    def report(part):
        told.append(part)
        if len(told) == 3:
            is_enough.set()

    assert Pace().tell(lambda: is_enough.wait(PATIENCE_S) and "done", 1e6, report) == "done"
    assert told == sorted(told) and told[0] > 0 and told[-1] < 1
    with pytest.raises(ValueError, match="int"):
        Pace().tell(lambda: int("x"), 1.0, report)


@pytest.mark.parametrize("sort", ["n", "name", "-code"])
def test_who_prepares_an_order_hears_how_far_it_is(source, address, sort, monkeypatch):
    run(address, "CREATE TABLE coded AS SELECT md5(id::text) AS code, n, name FROM item; ALTER TABLE coded ADD PRIMARY"
                 " KEY (code)")  # fmt: skip
    costs, told = [], []
    tell = source.pace.tell

    def watched(work, cost, report):
        costs.append(cost)
        return tell(work, cost, report)

    monkeypatch.setattr(source.pace, "tell", watched)
    for name in ("item", "coded"):
        column = "-id" if name == "item" and sort == "-code" else sort
        assert source.table(name).prepare(Query(sort=parse_sort(column)), told.append) == 5000
    assert len(costs) == 2 and min(costs) > 0 and all(0 <= part <= 1 for part in told)


def test_letters_are_found_wherever_they_are(source, address):
    run(address, f"""
        DELETE FROM item;
        INSERT INTO item SELECT i, 'é' || i FROM generate_series(1, 3000) AS i;
        INSERT INTO item VALUES (4000, repeat('ä', 3000) || 'ß'), (4001, 'ŝ]^-\'), (4002, 'Ž%s'), (4003, NULL);
        INSERT INTO item SELECT 5000 + i, 'x' || chr(x'{0x3400:x}'::int + i) FROM generate_series(0, 300) AS i;
    """)
    for count in (3305, 3606):
        block = source.table("item").fetch(Query(sort=parse_sort("name"), columns=("name",)), 0, 9999)
        names = block.columns["name"]
        assert len(names) == count
        assert names == sorted(names, key=lambda name: (name is not None, text_key(name or "")))
        run(address, f"INSERT INTO item SELECT 3 * {count} + i, chr(x'4e00'::int + {count} + i)"
                     " FROM generate_series(0, 300) AS i")  # fmt: skip


def test_orders_where_the_server_counts_no_writes(address, monkeypatch):
    monkeypatch.setattr(memory, "DEAR_S", 0)
    run(address, ITEMS)
    run(address, f"ALTER DATABASE {address.partition('@/')[2].partition('?')[0]} SET track_counts = off")
    source = PostgresSource(address)
    query = Query(sort=parse_sort("-name"))
    assert source.table("item").prepare(query, lambda part: None) == 5000
    run(address, "INSERT INTO item VALUES (9000, 'zz')")
    assert source.table("item").fetch(query, 0, 1).keys == [(9000,)]
    assert source.table("item").prepare(query, lambda part: None) == 5001
    source.close()
