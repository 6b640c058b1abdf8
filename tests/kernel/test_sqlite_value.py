"""Values that files really hold: none is lost, whatever the column's type says."""

from __future__ import annotations

import datetime
import sqlite3
from decimal import Decimal

import pytest

from kernel.tables.block import LargeBlob
from kernel.tables.change import Insert, Update
from kernel.tables.error import ConstraintError
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.sqlite import SqliteSource


@pytest.fixture
def file(tmp_path):
    """A connection that makes the file, as another program."""
    connection = sqlite3.connect(tmp_path / "v.sqlite", isolation_level=None)
    yield connection, tmp_path / "v.sqlite"
    connection.close()


def test_values_that_do_not_fit_stay(file):
    connection, path = file
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, d DATE, x DECIMAL(9,2), b BOOLEAN, s TEXT)")
    connection.execute("INSERT INTO t VALUES (1, 'many', '2024-13-45', 'free', 7, x'ff00')")
    connection.execute("INSERT INTO t VALUES (2, 9.5, '2024-01-02', 1e999, 'no', CAST(x'ff41' AS TEXT))")
    source = SqliteSource(path)
    table = source.table("t")
    block = table.fetch(Query(), 0, 9)
    assert block.row(0) == {"id": 1, "i": "many", "d": "2024-13-45", "x": "free", "b": 7, "s": b"\xff\x00"}
    assert block.row(1) == {
        "id": 2,
        "i": 9.5,
        "d": datetime.date(2024, 1, 2),
        "x": float("inf"),
        "b": "no",
        "s": b"\xffA",
    }
    table.commit([Update((2,), block.versions[1], {"i": 3})])
    assert connection.execute("SELECT hex(s), b FROM t WHERE id = 2").fetchone() == ("FF41", "no")
    assert table.count(Query(filter="s contains 'a'")) == 1 and table.count(Query(filter="lower(text(s)) != 'q'")) == 2
    source.close()


@pytest.mark.parametrize(
    ("declared", "stored", "value", "edited", "wanted"),
    [
        (
            "DATETIME",
            1700000000,
            datetime.datetime(2023, 11, 14, 22, 13, 20),
            datetime.datetime(2024, 1, 1),
            1704067200,
        ),
        ("DATETIME", 2460000.5, datetime.datetime(2023, 2, 25), datetime.datetime(2023, 2, 26, 12), 2460002.0),
        (
            "DATETIME",
            "2024-01-01T10:00:00Z",
            datetime.datetime(2024, 1, 1, 10),
            datetime.datetime(2024, 1, 2, 3),
            "2024-01-02T03:00:00Z",
        ),
        ("DATE", "2024-01-01 00:00:00", datetime.date(2024, 1, 1), datetime.date(2024, 2, 1), "2024-02-01 00:00:00"),
        ("TIME", "10:30", datetime.time(10, 30), datetime.time(11), "11:00:00"),
        ("DECIMAL(10,2)", 0.1, Decimal("0.10"), Decimal("12.35"), 12.35),
        ("BOOLEAN", 1, True, False, 0),
    ],
)
def test_edits_keep_the_style_of_the_column(file, declared, stored, value, edited, wanted):
    connection, path = file
    connection.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, v {declared})")
    connection.execute("INSERT INTO t VALUES (1, ?)", (stored,))
    source = SqliteSource(path)
    assert source.table("t").fetch(Query(), 0, 1).columns["v"] == [value]
    source.table("t").commit([Update((1,), "", {"v": edited})])
    assert connection.execute("SELECT v FROM t").fetchone() == (wanted,)
    source.close()


def test_decimals_sum_exactly_and_refuse_what_cannot_be_held(file):
    connection, path = file
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v DECIMAL(10,2))")
    connection.executemany("INSERT INTO t (v) VALUES (?)", [(0.1,)] * 1000)
    source = SqliteSource(path)
    query = Query(aggregates=(Aggregate("sum", "v", "s"), Aggregate("sum", "v * 3", "t")))
    assert source.table("t").fetch(query, 0, 1).row(0) == {"s": Decimal("100.0"), "t": Decimal("300.0")}
    with pytest.raises(ConstraintError, match="more digits"):
        source.table("t").commit([Insert({"v": Decimal("1234567890123456789.01")})])
    source.close()


def test_large_blobs_are_loaded_only_when_asked_for(file):
    connection, path = file
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, n TEXT)")
    connection.execute("INSERT INTO t VALUES (1, zeroblob(3000000), 'a'), (2, x'01', 'b')")
    source = SqliteSource(path)
    table = source.table("t")
    block = table.fetch(Query(), 0, 9)
    assert block.columns["b"] == [LargeBlob(3_000_000), b"\x01"]
    assert table.fetch(Query(columns=("b",), keys=((1,),)), 0, 1).columns["b"] == [bytes(3_000_000)]
    table.commit([Update((1,), block.versions[0], {"b": block.columns["b"][0], "n": "c"})])
    assert connection.execute("SELECT length(b), n FROM t WHERE id = 1").fetchone() == (3_000_000, "c")
    source.close()


def test_far_pages_and_places_agree_with_near_ones(file):
    connection, path = file
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v INT)")
    connection.executemany("INSERT INTO t (v) VALUES (?)", [((number * 7919) % 100,) for number in range(6000)])
    source = SqliteSource(path)
    table = source.table("t")
    query = Query(sort=(Sort("v", True),), filter="v % 2 == 0")
    whole = table.fetch(query, 0, 6000)
    far = table.fetch(query, 2100, 2800)
    assert far.keys == whole.keys[2100:2800] and far.columns["v"] == whole.columns["v"][2100:2800]
    assert table.locate(query, whole.keys[2500]) == 2500
    table.commit([Update(whole.keys[0], "", {"v": 1})])
    assert table.fetch(query, 2100, 2101).keys == [whole.keys[2101]]
    source.close()
