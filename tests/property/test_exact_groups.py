"""What SQL adds up by itself is what one pass over the rows gives, to the last digit; else it is not left to SQL."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.query import Aggregate, Query
from kernel.tables.sqlite import SqliteSource
from kernel.tables.sqlite.group import group_by_parts, group_by_sql, group_here
from kernel.tables.sqlite.plan import Plan
from tests.large_ways import few_rows_count_as_many

WHOLE = st.one_of(st.integers(-5, 5), st.sampled_from([2**63 - 1, -(2**63), 2**32, -(2**32) - 1]))
MONEY = st.one_of(st.integers(-10**6, 10**6), st.integers(-10**12, 10**12).map(lambda cents: cents / 100))
ODD = st.sampled_from([0.005, 1e300, 1.0000001, "abc", b"x", 10**13 + 0.01, -(2**63), 2**63 - 1, -0.0])
KEYS = st.sampled_from([None, "a", "A", "", 1, 1.5, b"a", "Ä"])
AGGREGATES = tuple(
    Aggregate(function, column, f"{function} {column}")
    for function in ("count", "sum", "average", "minimum", "maximum") for column in ("n", "money")
)


def _rows(whole, money):
    return st.lists(st.tuples(KEYS, st.one_of(st.none(), whole), st.one_of(st.none(), money)), max_size=9)


def _all_ways(rows, group):
    """The groups by SQL, by numpy or by parts, and row by row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT COLLATE NOCASE, n INT,"
                               " money DECIMAL(9,2))")
            connection.executemany("INSERT INTO t (k, n, money) VALUES (?, ?, ?)", rows)
        connection.close()
        source = SqliteSource(path)
        query = Query(group=group, aggregates=AGGREGATES)
        try:
            with source.connections.reader() as reader:
                shapes = source.shapes(reader.connection)

                def plan_of(other):
                    return Plan(other.connection, shapes.need("t"), shapes.find, source.encoding, {})

                with few_rows_count_as_many():
                    by_parts = group_by_parts(reader, plan_of, query, source.connections, lambda part: None)
                by_sql = group_by_sql(reader, plan_of(reader), query)
                return by_sql, by_parts, group_here(reader, plan_of(reader), query)
        finally:
            source.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_rows(WHOLE, MONEY), st.sampled_from([(), ("k",), ("n",), ("lower(k)",), ("k", "money"), ("1",)]))
def test_sane_numbers_are_left_to_sql(rows, group):
    by_sql, by_parts, here = _all_ways(rows, group)
    assert repr(by_sql) == repr(here) or (group == ("1",) and by_sql is None)
    assert by_parts is None or repr(by_parts) == repr(here)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_rows(st.one_of(WHOLE, ODD), st.one_of(MONEY, ODD)), st.sampled_from([(), ("k",)]))
def test_odd_numbers_are_the_same_or_not_left_to_sql(rows, group):
    by_sql, by_parts, here = _all_ways(rows, group)
    assert by_sql is None or by_sql == here
    assert by_parts is None or by_parts == here
