"""Every query answers the same on SQLite as in memory, whatever the values."""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.contract import Estimate
from kernel.tables.memory import MemorySource
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.schema import Column, Reference, Schema
from kernel.tables.sqlite import SqliteSource
from tests.contract.sqlite_writer import write_tables
from tests.large_ways import few_rows_are_mirrored, few_rows_count_as_many

SCHEMA = Schema(
    "t",
    (
        Column("id", "integer", is_key=True),
        Column("parent", "integer"),
        Column("name", "text"),
        Column("size", "integer"),
        Column("price", "decimal"),
        Column("weight", "real"),
        Column("is_on", "boolean"),
        Column("day", "date"),
        Column("at", "datetime"),
        Column("clock", "time"),
    ),
    ("id",),
    (Reference("parent", "t", ("parent",), ("id",)),),
    ("name",),
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "a",
            "A",
            "ab",
            "Äb",
            "äB",
            "straße",
            "STRASSE",
            "K",
            "k",
            "%",
            "_",
            "a\\b",
            "10",
            "2024-01-05",
            "ſ",
            "İ",
            "a b",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
INTEGERS = st.one_of(st.integers(-3, 12), st.sampled_from([2**53 + 1, 2**63 - 1, -(2**63)]))
DECIMALS = st.decimals(-1000, 1000, places=2)
FLOATS = st.one_of(
    st.sampled_from([0.0, 0.1, -2.5, 1e300, 12.0]),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0),
)
DATES = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 30))
MOMENTS = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond if moment.second % 5 == 0 else 0)
)
TIMES = st.times().map(lambda time: time.replace(microsecond=0))


def _maybe(strategy):
    return st.one_of(st.none(), strategy)


ROW = st.fixed_dictionaries(
    {
        "parent": _maybe(st.integers(1, 6)),
        "name": _maybe(TEXTS),
        "size": _maybe(INTEGERS),
        "price": _maybe(DECIMALS),
        "weight": _maybe(FLOATS),
        "is_on": _maybe(st.booleans()),
        "day": _maybe(DATES),
        "at": _maybe(MOMENTS),
        "clock": _maybe(TIMES),
    }
)
NAMES = [*(column.name for column in SCHEMA.columns), "made", "parent.name", "parent.parent.size"]
NAMES.append('col("parent:label")')
ANY = st.one_of(st.none(), TEXTS, INTEGERS, DECIMALS, FLOATS, st.booleans(), DATES, MOMENTS, TIMES)
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "contains", "startswith", "endswith", "matches", "in"]
LEAF = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(["p.one", "p.two"]),
    st.sampled_from(["null", "true", "1", "0.1", "'a'", "'B'", "date('2024-01-05')", "'2024-01-05'"]),
)


def _wider(inner):
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(" ".join).map("({})".format),
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(" ".join).map("({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join).map("({})".format),
        inner.map("(not {})".format),
        st.tuples(st.sampled_from(["lower", "length", "abs", "year", "month", "text", "number", "round"]), inner).map(
            lambda pair: f"{pair[0]}({pair[1]})"
        ),
        st.tuples(inner, inner, inner).map(lambda three: "({} if {} else {})".format(*three)),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} in ({two[1]}, 2, 'a'))"),
        st.tuples(inner, inner).map(lambda two: f"coalesce({two[0]}, {two[1]})"),
    )


SIMPLE = st.tuples(st.sampled_from(NAMES), st.sampled_from(OPERATORS), st.sampled_from(["p.one", "p.two"])).map(
    " ".join
)
EXPRESSIONS = st.one_of(SIMPLE, SIMPLE.map("not {}".format), st.recursive(LEAF, _wider, max_leaves=6))
COMPUTED = {"made": "price * size", "again": "coalesce(made, name)"}
PATHS = ["id", "name", "size", "price", "weight", "is_on", "day", "clock", "parent.name", "parent:label"]
PATHS += COMPUTED
QUERIES = st.builds(
    Query,
    filter=st.one_of(st.just(""), EXPRESSIONS),
    parameters=st.fixed_dictionaries({"p.one": ANY, "p.two": ANY}),
    sort=st.lists(st.builds(Sort, st.sampled_from(PATHS), st.booleans()), max_size=3).map(tuple),
    computed=st.just(COMPUTED),
    columns=st.one_of(st.none(), st.lists(st.sampled_from([*PATHS, "at"]), max_size=4, unique=True).map(tuple)),
    keys=st.one_of(st.none(), st.lists(st.tuples(st.integers(0, 9)), max_size=5).map(tuple)),
)
AGGREGATES = st.lists(
    st.builds(
        Aggregate,
        st.sampled_from(["count", "sum", "average", "minimum", "maximum"]),
        st.sampled_from(["price", "size", "weight", "price * size", "name", "day"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=repr,
).map(tuple)


def _sources(rows, folder):
    rows = [{"id": index + 1, **row} for index, row in enumerate(rows)]
    write_tables(Path(folder) / "q.sqlite", [(SCHEMA, rows)])
    return MemorySource([(SCHEMA, rows)]), SqliteSource(Path(folder) / "q.sqlite")


def _plain(block):
    return block.columns, block.keys


WAYS = pytest.mark.parametrize("way", [contextlib.nullcontext, few_rows_count_as_many, few_rows_are_mirrored],
                               ids=["few", "many", "mirrored"])


@WAYS
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, max_size=7), queries=st.lists(QUERIES, min_size=4, max_size=8))
def test_rows(way, rows, queries):
    with tempfile.TemporaryDirectory() as folder, way():
        memory, sqlite = _sources(rows, folder)
        for query in queries:
            ours, theirs = memory.table("t"), sqlite.table("t")
            wanted = ours.fetch(query, 0, 50)
            assert _plain(theirs.fetch(query, 0, 50)) == _plain(wanted)
            assert _plain(theirs.fetch(query, 0, 2)) == _plain(ours.fetch(query, 0, 2))
            assert theirs.count(query) == len(wanted)
            assert theirs.prepare(query, lambda part: None) == len(wanted)
            assert theirs.estimate(query) == Estimate(len(wanted))
            assert _plain(theirs.fetch(query, 2, 4)) == _plain(ours.fetch(query, 2, 4))
            assert _plain(theirs.fetch(query, 0, 50)) == _plain(wanted)
            assert [theirs.locate(query, key) for key in wanted.keys] == list(range(len(wanted)))
        sqlite.close()


@WAYS
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(ROW, max_size=7),
    filter_text=EXPRESSIONS,
    aggregates=AGGREGATES,
    group=st.sampled_from(["", "month(day)", "name", "is_on", "size % 3", "made"]),
    value=ANY,
)
def test_groups(way, rows, filter_text, aggregates, group, value):
    query = Query(
        filter=filter_text,
        parameters={"p.one": value, "p.two": 1},
        group=(group,) if group else (),
        aggregates=aggregates,
        computed=COMPUTED,
    )
    with tempfile.TemporaryDirectory() as folder, way():
        memory, sqlite = _sources(rows, folder)
        assert repr(_values(sqlite.table("t").fetch(query, 0, 50))) == repr(
            _values(memory.table("t").fetch(query, 0, 50))
        )
        sqlite.close()


def _values(block):
    """Columns with decimals made equal in how they are written."""
    return {
        name: [value.normalize() if isinstance(value, Decimal) else value for value in values]
        for name, values in block.columns.items()
    }
