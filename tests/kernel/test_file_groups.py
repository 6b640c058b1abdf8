"""Groups of columnar files: left to DuckDB where it answers as memory does, worked out here where it may not."""

from __future__ import annotations

import datetime
from decimal import Decimal

import duckdb
import pytest

from kernel.tables.files.columnar import ColumnarScan
from kernel.tables.local import limit
from kernel.tables.memory import MemorySource
from kernel.tables.query import Aggregate, Query
from kernel.tables.source import open_source

ROWS = """
    SELECT i AS id, i % 7 AS n,
        CASE WHEN i % 11 > 0 THEN ['b', 'É', 'e', 'Z', 'ß', 'straße', ''][i % 7 + 1] END AS word,
        (i % 100 / 4)::DECIMAL(9, 2) AS price, i / 3.0 AS f, DATE '2024-01-01' + (i % 90)::INT AS day,
        TIMESTAMP '2024-01-01 08:00' + INTERVAL (i) HOUR AS "at", i % 3 = 0 AS flag
    FROM range(20000) AS r(i)
"""
FUNCTIONS = ("sum", "average", "minimum", "maximum")


@pytest.fixture
def opened(tmp_path):
    """``opened(sql)``: (the table of a Parquet file of these rows, the same in memory)."""
    sources = []

    def make(sql):
        path = tmp_path / f"t{len(sources)}.parquet"
        duckdb.connect().execute(f"COPY ({sql}) TO '{path}'")
        sources.append(open_source({"kind": "parquet", "path": str(path)}, tmp_path))
        table = sources[-1].table(sources[-1].table_names()[0])
        block = table.fetch(Query(), 0, 30_000)
        rows = [dict(zip(block.columns, row, strict=True)) for row in zip(*block.columns.values(), strict=True)]
        return table, MemorySource([(table.schema, rows)]).table(table.schema.name)

    yield make
    for source in sources:
        source.close()


@pytest.fixture
def unread(monkeypatch):
    """Fails when rows are walked over."""

    def stretches(self, columns, clauses):
        pytest.fail("the rows were read one by one")
        yield

    monkeypatch.setattr(ColumnarScan, "stretches", stretches)


def asked(group="", of=(), filter=""):
    """A query for groups, with their count and some aggregates."""
    keys = tuple(one for one in group.split(",") if one)
    aggregates = (Aggregate("count", "", "rows"), *(Aggregate(*one) for one in of))
    return Query(group=keys, aggregates=aggregates, filter=filter)


@pytest.mark.parametrize("query", [
    asked("word", [("sum", "price"), ("average", "n"), ("count", "word")]),
    asked("flag", [("sum", "f"), ("average", "f")]),
    asked("year(day)", [("minimum", "day"), ("maximum", "at"), ("minimum", "word"), ("maximum", "word")]),
    asked("upper(word),n % 2 == 0", [("maximum", "price")]),
    asked("", [(function, "n") for function in FUNCTIONS]),
    asked("n", filter="n > 2 and word == 'e'"),
    asked("word", [("sum", "id")], filter="n > 2 and word contains 'S'"),
    asked("", [("sum", "f")], filter="length(word) == 1 or flag"),
    asked("", [("sum", "f"), ("minimum", "word")], filter="n > 7"),
])  # fmt: skip
def test_groups_are_left_to_duckdb(opened, unread, query):
    table, memory = opened(ROWS)
    assert repr(table.fetch(query, 0, 99).columns) == repr(memory.fetch(query, 0, 99).columns)


@pytest.mark.parametrize(("value", "functions"), [
    ("CASE i WHEN 0 THEN 1e300 WHEN 1 THEN -1e300 ELSE i / 3 END", FUNCTIONS),
    ("CASE i WHEN 7 THEN 'inf'::DOUBLE WHEN 8 THEN 'nan'::DOUBLE ELSE i / 3 END", FUNCTIONS),
    ("170141183460469231731687303715884105727::HUGEINT - i", FUNCTIONS),
    ("340282366920938463463374607431768211455::UHUGEINT - i::UHUGEINT", FUNCTIONS),
    ("9223372036854775807 - i", FUNCTIONS),
    ("(99999999999999999999999999999999999999::DECIMAL(38, 0) - i)", FUNCTIONS),
    ("['É', 'e', 'E', 'ẞ', 'ss', 'ﬁ', 'z', ' ', NULL][i % 9 + 1]", ("minimum", "maximum")),
    ("CASE WHEN i % 2 = 0 THEN 0.0 ELSE -0.0::DOUBLE END", FUNCTIONS),
    ("CASE WHEN i % 2 = 0 THEN true END", FUNCTIONS),
    ("TIME '08:00' + INTERVAL (i) MINUTE", ("minimum", "maximum")),
    ("CASE i WHEN 7 THEN 'infinity'::DATE ELSE DATE '2024-01-01' + i::INT END", ("minimum", "maximum")),
])  # fmt: skip
def test_values_that_are_not_what_they_seem(opened, value, functions):
    table, memory = opened(f"SELECT i % 2 AS n, {value} AS v FROM range(18) AS r(i)")
    of = [(function, "v") for function in functions]
    for query in (asked("n", of), asked("", of), asked("v")):
        found, wanted = table.fetch(query, 0, 99), memory.fetch(query, 0, 99)
        assert repr(found.columns) == repr(wanted.columns)


def test_more_groups_than_are_held(opened, monkeypatch):
    table, memory = opened(ROWS)
    monkeypatch.setattr(limit, "most_groups", 5000)
    with pytest.raises(Exception, match="more than 5,000 groups"):
        table.fetch(asked("id"), 0, 9)
    assert table.count(asked("id % 100")) == 100  # more groups by its column than are held: they are put together here
    assert table.count(asked("day")) == 90
    assert table.fetch(asked("", [("sum", "price")]), 0, 1).row(0)["sum(price)"] == Decimal("247500.00")
    assert table.fetch(asked("day"), 0, 1).keys == [(datetime.date(2024, 1, 1),)]
