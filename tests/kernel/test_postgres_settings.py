"""Databases with settings of their own: encodings, how the server writes values, who may do what."""

from __future__ import annotations

import contextlib
import datetime
from decimal import Decimal

import psycopg
import pytest

from kernel.tables.change import Insert, Update
from kernel.tables.error import ConstraintError, SourceError
from kernel.tables.memory import MemorySource
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.schema import Column, Schema
from tests.kernel.postgres_items import run
from tests.postgres_server import shared_server

SCHEMA = Schema("word", (Column("id", "text", is_key=True, is_required=True), Column("name", "text")), key=("id",))
QUERIES = (
    *(Query(filter=text, parameters={"p.x": letter}) for letter in "éÉжЖzß"
      for text in ("name contains p.x", "name == p.x", "name > p.x", "name startswith p.x", "id <= p.x")),
    *(Query(sort=parse_sort(text)) for text in ("name", "-name", "id", "-id,name", "")),
    Query(group=("name",), aggregates=(Aggregate("count", "", "n"), Aggregate("maximum", "id", "m"))),
)  # fmt: skip


@contextlib.contextmanager
def database(encoding):
    """The address of a database of that encoding."""
    server, name = shared_server(), f"of_{encoding.lower()}"
    run(server.address(), f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'"
                          " LC_COLLATE 'C' LC_CTYPE 'C'")  # fmt: skip
    try:
        yield server.address(name)
    finally:
        run(server.address(), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("LATIN1", ["É", "é", "e", "Z", "ß", "straße", "ÿ", "à la", "A la", None]),
        ("KOI8R", ["Ж", "ж", "а", "Я", "ё", "Ё", "z", "Zoё", "б", None]),
    ],
)
def test_texts_of_other_encodings(encoding, names):
    rows = [{"id": name or "-", "name": name} for name in names]
    memory = MemorySource([(SCHEMA, rows)]).table("word")
    with database(encoding) as address:
        run(address, "CREATE TABLE word (id text PRIMARY KEY, name text)")
        source = PostgresSource(address)
        table = source.table("word")
        table.commit([Insert(row) for row in rows])
        for query in QUERIES:
            ours, theirs = table.fetch(query, 0, 99), memory.fetch(query, 0, 99)
            assert (ours.columns, ours.keys) == (theirs.columns, theirs.keys), query
            assert table.prepare(query, lambda part: None) == len(theirs)
        for key in memory.fetch(Query(), 0, 99).keys:
            assert table.locate(Query(), key) == memory.locate(Query(), key)
        with pytest.raises(ConstraintError):
            table.commit([Insert({"id": "smile", "name": "😀"})])
        source.close()


def test_a_database_that_does_not_say_its_encoding():
    with database("SQL_ASCII") as address, pytest.raises(SourceError, match="SQL_ASCII") as caught:
        PostgresSource(address)
    assert "UTF8" in caught.value.hint


def test_how_the_server_writes_values_does_not_matter():
    address = shared_server().new_database()
    name = address.partition("@/")[2].partition("?")[0]
    run(address, "CREATE TABLE t (id int PRIMARY KEY, d date, z timestamptz, i interval, b bytea, n numeric, f float8,"
                 " m money, x text)")  # fmt: skip
    for setting in ("DateStyle = 'German, DMY'", "TimeZone = 'Asia/Kolkata'", "IntervalStyle = 'iso_8601'",
                    "bytea_output = 'escape'", "extra_float_digits = -5", "lc_monetary = 'C'",
                    "client_encoding = 'LATIN1'", "standard_conforming_strings = off", "search_path = 'pg_catalog'",
                    "default_transaction_isolation = 'serializable'"):  # fmt: skip
        run(address, f"ALTER DATABASE {name} SET {setting}")
    values = {
        "d": datetime.date(2024, 2, 1), "z": datetime.datetime(2024, 2, 1, 23, 30), "i": "1 day 02:00:00",
        "b": b"\\\x00\xff'", "n": Decimal("1.50"), "f": 0.1 + 0.2, "m": Decimal("12.30"), "x": "é \\ 'q' 😀",
    }  # fmt: skip
    source = PostgresSource(address)
    table = source.table("t")
    table.commit([Insert({"id": 1, **values})])
    assert table.fetch(Query(columns=tuple(values)), 0, 1).row(0) == values
    for column, value in values.items():
        assert table.count(Query(filter=f"{column} == p.x", parameters={"p.x": value})) == 1, column
    assert table.count(Query(filter="x contains 'É \\\\'")) == 1
    table.commit([Update((1,), table.fetch(Query(), 0, 1).versions[0], {"x": "\\"})])
    assert table.fetch(Query(), 0, 1).columns["x"] == ["\\"]
    source.close()
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT z = '2024-02-01 23:30+00' FROM public.t").fetchone() == (True,)
