"""What is read from PostgreSQL's catalogue: types, keys, references, rights, odd names."""

from __future__ import annotations

import datetime
from decimal import Decimal

import psycopg
import pytest

from kernel.tables.block import LargeBlob
from kernel.tables.change import Insert, Update
from kernel.tables.error import ConstraintError, ReadOnlyError, TableError, UnknownTableError
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Aggregate, Query, Sort, parse_sort
from tests.postgres_server import shared_server

TYPES = """
    CREATE DOMAIN word AS varchar(3); CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE DOMAIN percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
    CREATE DOMAIN half AS percent NOT NULL DEFAULT 50;
    CREATE TABLE kinds (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, small smallint, whole int DEFAULT 7, price numeric(12, 2),
        any_number numeric, single real, double double precision, cash money, short varchar(5), fixed char(4),
        words text, yes boolean, day date, at timestamp, zoned timestamptz, clock time, span interval, bytes bytea,
        code uuid,
        data jsonb, tags text[], feeling mood, share percent, part half,
        size text CHECK (size IN ('S', 'M', 'it''s L')),
        total numeric(14, 2) GENERATED ALWAYS AS (price * whole) STORED, address inet, bits bit(3), codes char(2)[],
        shorts varchar(3)[], abbreviation word
    );
    COMMENT ON TABLE kinds IS 'One of each'; COMMENT ON COLUMN kinds.price IS 'Without tax';
    INSERT INTO kinds (small, whole, price, any_number, single, double, cash, short, fixed, words, yes, day, at, zoned,
        clock, span, bytes, code, data, tags, feeling, share, size, address) VALUES
        (1, 2, 3.50, 1e-20, 0.1, 0.1, 12.34, 'abc', 'ab', E'two\\nlines', true, '2024-02-29', '2024-02-29 12:00:00.5',
        '2024-02-29 12:00:00+02', '12:30', '1 day 02:00', '\\x00ff', '6F1B2C3D-0000-4000-8000-123456789ABC',
        '{"a": [1, 2]}', '{a,"b c"}', 'happy', 12.5, 'M', '10.0.0.1');
"""


@pytest.fixture
def address():
    return shared_server().new_database()


@pytest.fixture
def opened(address):
    """``opened(sql, …)``: run the SQL and open the database."""
    sources = []

    def make(sql="", **settings):
        run(address, sql)
        sources.append(PostgresSource(address, **settings))
        return sources[-1]

    yield make
    for source in sources:
        source.close()


def run(address, sql):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql or "SELECT 1")


def row_of(table, key=(1,)):
    return table.fetch(Query(keys=(key,)), 0, 1).row(0)


def test_every_type_has_a_column_type(opened):
    schema = opened(TYPES).table("kinds").schema
    types = {column.name: column.type for column in schema.columns}
    assert types == {
        "id": "integer", "small": "integer", "whole": "integer", "price": "decimal", "any_number": "decimal",
        "single": "real", "double": "real", "cash": "decimal", "short": "text", "fixed": "text", "words": "longtext",
        "yes": "boolean", "day": "date", "at": "datetime", "zoned": "datetime", "clock": "time", "span": "text",
        "bytes": "blob", "code": "text", "data": "longtext", "tags": "text", "feeling": "text", "share": "decimal",
        "part": "decimal", "size": "text", "total": "decimal", "address": "text", "bits": "text", "codes": "text",
        "shorts": "text", "abbreviation": "text",
    }  # fmt: skip
    column = schema.column
    assert schema.key == ("id",) and schema.doc == "One of each" and column("price").doc == "Without tax"
    assert column("id").is_generated and column("total").is_generated and column("whole").has_default
    assert column("short").max_length == 5 and column("fixed").max_length == 4
    assert column("feeling").choices == ("sad", "ok", "happy") and column("size").choices == ("S", "M", "it's L")
    assert column("part").is_required and column("part").has_default and not column("share").is_required


def test_values_of_every_type(opened):
    row = row_of(opened(TYPES).table("kinds"))
    assert row == {
        "id": 1, "small": 1, "whole": 2, "price": Decimal("3.50"), "any_number": Decimal("1E-20"), "single": 0.1,
        "double": 0.1, "cash": Decimal("12.34"), "short": "abc", "fixed": "ab", "words": "two\nlines", "yes": True,
        "day": datetime.date(2024, 2, 29), "at": datetime.datetime(2024, 2, 29, 12, 0, 0, 500000),
        "zoned": datetime.datetime(2024, 2, 29, 10), "clock": datetime.time(12, 30), "span": "1 day 02:00:00",
        "bytes": b"\x00\xff", "code": "6f1b2c3d-0000-4000-8000-123456789abc", "data": '{"a": [1, 2]}',
        "tags": '{a,"b c"}', "feeling": "happy", "share": Decimal("12.50"), "part": Decimal("50.00"), "size": "M",
        "total": Decimal("7.00"), "address": "10.0.0.1", "bits": None, "codes": None, "shorts": None,
        "abbreviation": None,
    }  # fmt: skip


def test_values_of_every_type_are_written(opened):
    table = opened(TYPES).table("kinds")
    values = {
        "small": -5, "whole": 3, "price": Decimal("1.25"), "any_number": Decimal(10) ** 40, "single": 0.3,
        "double": -1e300, "cash": Decimal("9.99"), "short": "äöüßx", "fixed": "z", "words": "", "yes": False,
        "day": datetime.date(1, 1, 1), "at": datetime.datetime(9999, 12, 31, 23, 59, 59),
        "zoned": datetime.datetime(2026, 7, 1, 8), "clock": datetime.time(23, 59, 59, 999999), "span": "3 days",
        "bytes": b"", "code": "00000000-0000-0000-0000-000000000001", "data": '{"b": null}', "tags": "{}",
        "feeling": "sad", "share": Decimal(0), "part": Decimal(1), "size": "it's L", "address": "::1", "bits": "101",
        "codes": "{ab,cd}", "shorts": "{a,bcd}", "abbreviation": "abc",
    }  # fmt: skip
    key = table.commit([Insert(values)]).keys[0]
    row = row_of(table, key)
    assert {name: row[name] for name in values} == values and row["total"] == Decimal("3.75")
    for name, value in values.items():
        assert table.fetch(Query(filter=f"id == {key[0]} and {name} == p.x", parameters={"p.x": value}), 0, 2).keys == [
            key
        ], name
    assert table.fetch(Query(sort=parse_sort("zoned,-code,address,tags")), 0, 9).keys == [(1,), key]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("small", 40000, "Small is too large"),
        ("price", Decimal("1.005"), "Price has more digits"),
        ("price", Decimal(10) ** 10, "Price is too large"),
        ("short", "sixsix", "Short must have at most 5"),
        ("words", "a\0b", "Words holds the character NUL"),
        ("words", "\ud800", "half a character"),
        ("code", "no uuid", "Code must be a UUID"),
        ("data", "{", "Data cannot hold that"),
        ("tags", "{a", "Tags cannot hold that"),
        ("address", "1.2.3", "Address cannot hold that"),
        ("feeling", "glad", "Feeling must be one of sad, ok, happy"),
        ("share", Decimal(101), "Share must be"),
        ("size", "XL", "Size must be one of"),
        ("part", None, "Part must not be empty"),
        ("day", "2024-01-01", "Day must be a date"),
        ("bits", "10101", "Bits cannot hold that"),
        ("shorts", "{abcdef}", "Shorts cannot hold that"),
        ("codes", "{abc}", "Codes cannot hold that"),
        ("abbreviation", "abcd", "Abbreviation must have at most 3"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_column(opened, column, value, message):
    table = opened(TYPES).table("kinds")
    before = row_of(table)
    with pytest.raises(ConstraintError, match=message) as caught:
        table.commit([Update((1,), "", {"yes": False}), Update((1,), "", {column: value})])
    assert (caught.value.column, caught.value.index) == (column, 1)
    assert row_of(table) == before


def test_values_beyond_python_are_shown_as_texts_and_come_in_order(opened):
    table = opened("""
        CREATE TABLE far (id int PRIMARY KEY, d date, n numeric, f float8, t timestamp, c time);
        INSERT INTO far VALUES (1, 'infinity', 'NaN', 'NaN', '-infinity', '24:00'), (2, '0044-03-15 BC', 1, 'infinity',
            '10000-01-01', '23:59'), (3, '2024-01-01', -5, 0, '2024-01-01', null);
    """).table("far")
    block = table.fetch(Query(), 0, 9)
    assert block.columns["d"] == ["infinity", "0044-03-15 BC", datetime.date(2024, 1, 1)]
    assert block.columns["n"][0] == "NaN" and block.columns["f"][:2] == ["NaN", float("inf")]
    assert block.columns["c"][0] == "24:00:00"
    assert table.fetch(Query(filter="d > date('2024-06-01')"), 0, 9).keys == [(1,), (2,)]  # texts come after dates
    assert table.fetch(Query(filter="not (d <= date('2024-06-01'))"), 0, 9).keys == [(1,), (2,)]
    assert table.fetch(Query(sort=parse_sort("-n")), 0, 9).columns["n"] == ["NaN", 1, -5]
    total = table.fetch(Query(aggregates=(Aggregate("sum", "n", "s"), Aggregate("count", "n", "c"))), 0, 1)
    assert total.row(0) == {"s": Decimal(-4), "c": 3}


def test_keys_and_references_of_every_making(opened):
    source = opened("""
        CREATE SCHEMA sales; CREATE SCHEMA hidden; CREATE TABLE hidden.x (id int PRIMARY KEY);
        CREATE TABLE pair (a int, b text, note text, PRIMARY KEY (b, a));
        CREATE TABLE user_of (id int PRIMARY KEY, a int, b text, FOREIGN KEY (b, a) REFERENCES pair);
        CREATE TABLE one (id int PRIMARY KEY, other int); CREATE TABLE two (id int PRIMARY KEY, one int REFERENCES one);
        ALTER TABLE one ADD FOREIGN KEY (other) REFERENCES two;
        CREATE TABLE person (id int PRIMARY KEY, name text, boss_id int REFERENCES person);
        CREATE TABLE coded (code text NOT NULL UNIQUE, word text); CREATE TABLE loose (word text, n int UNIQUE);
        CREATE VIEW loose_view AS SELECT word, count(*) AS n FROM loose GROUP BY word;
        CREATE MATERIALIZED VIEW kept_view AS SELECT 1 AS n;
        CREATE TABLE parted (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
        CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
        CREATE TABLE part_2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
        CREATE TABLE sales."order" (id int PRIMARY KEY, person_id int REFERENCES person);
        INSERT INTO loose VALUES ('b', 1), ('a', 2), ('b', null);
    """, schemas=("public", "sales"))
    assert source.table_names() == [
        "pair", "user_of", "one", "two", "person", "coded", "loose", "loose_view", "kept_view", "parted", "sales.order"
    ]  # fmt: skip
    schemas = {name: source.table(name).schema for name in source.table_names()}
    assert schemas["pair"].key == ("b", "a") and schemas["coded"].key == ("code",)
    assert schemas["user_of"].reference("pair").columns == ("b", "a")
    assert schemas["one"].references[0].table == "two" and schemas["person"].references[0].name == "boss"
    assert schemas["sales.order"].reference("person").table == "person"
    for name in ("loose", "loose_view", "kept_view"):
        assert not schemas[name].is_editable and schemas[name].key == () and name in schemas[name].read_only_reason
    with pytest.raises(ReadOnlyError, match="no primary key"):
        source.table("loose").commit([Insert({"word": "c"})])
    done = source.table("parted").commit([Insert({"id": 3, "v": "x"}), Insert({"id": 13})])
    source.table("parted").commit([Update((3,), "", {"id": 14})])
    assert done.keys == ((3,), (13,)) and source.table("parted").fetch(Query(), 0, 9).keys == [(13,), (14,)]
    assert source.table("loose_view").fetch(Query(sort=parse_sort("-n")), 0, 9).columns == {
        "word": ["b", "a"], "n": [2, 1]
    }  # fmt: skip
    query = Query(filter="word + 'x' == 'bx' or 1 / n == 0.5", sort=parse_sort("word"))
    view = source.table("loose").fetch(query, 0, 9)
    assert view.columns["word"] == ["a", "b", "b"] and source.table("loose").count(Query(filter="1 / n > 0")) == 2
    assert source.table("pair").commit([Insert({"a": 1, "b": "%s"})]).keys == (("%s", 1),)
    assert source.table("pair").locate(Query(), ("%s", 1)) == 0


def test_names_that_mean_something_elsewhere(opened):
    words = ("select", "Übersicht 😀", "a.b", 'quote"d', "100% sure %s", "--", "it's", "{curly}")
    names = ['"' + word.replace('"', '""') + '"' for word in words]
    columns = ", ".join(f"{name} text" for name in names)
    source = opened("".join(f"CREATE TABLE {name} (id int PRIMARY KEY, {columns});" for name in names))
    assert source.table_names() == list(words)
    for word in words:
        table = source.table(word)
        table.commit([Insert({"id": 1, word: "É"}), Insert({"id": 2, word: "e"}), Insert({"id": 3})])
        query = Query(filter=f"col({word!r}) contains 'É'", sort=(Sort(word, True),))
        assert table.fetch(query, 0, 9).keys == [(1,)] and table.locate(query, (1,)) == 0
        assert table.fetch(Query(sort=(Sort(word),)), 0, 9).keys == [(3,), (2,), (1,)]
        groups = table.fetch(Query(group=(word,), aggregates=(Aggregate("count", word, "n"),)), 0, 9)
        assert groups.columns["n"] == [0, 1, 1]


def test_rights_of_the_user(opened, address):
    run(address, """
        DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN;
        CREATE TABLE secret (id int PRIMARY KEY); CREATE TABLE look (id int PRIMARY KEY, word text);
        CREATE TABLE partly (id int PRIMARY KEY, open text, closed text, fixed text);
        INSERT INTO partly VALUES (1, 'a', 'b', 'c');
        GRANT SELECT ON look TO guest; GRANT SELECT (id, open, fixed), UPDATE (open) ON partly TO guest;
    """)
    source = PostgresSource(address.replace("owner@", "guest@"))
    try:
        assert source.table("look").schema.read_only_reason == "there is no permission to change look"
        with pytest.raises(TableError, match="no permission"):
            source.table("secret").count(Query())
        partly = source.table("partly")
        assert [column.name for column in partly.schema.columns] == ["id", "open", "fixed"]
        partly.commit([Update((1,), "", {"open": "new"})])
        with pytest.raises(ReadOnlyError):
            partly.commit([Update((1,), "", {"fixed": "new"})])
        with pytest.raises(ReadOnlyError, match="permission"):
            partly.commit([Insert({"open": "x"})])
        assert row_of(partly) == {"id": 1, "open": "new", "fixed": "c"}
    finally:
        source.close()
        run(address, "DROP OWNED BY guest; DROP ROLE guest")


def test_a_changed_schema_is_seen(opened, address):
    source = opened("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x')")
    table = source.table("t")
    assert list(row_of(table)) == ["id", "a"]
    run(address, "ALTER TABLE t ADD b int DEFAULT 5; ALTER TABLE t DROP a; CREATE TABLE later (id int PRIMARY KEY)")
    assert row_of(table) == {"id": 1, "b": 5}
    assert [column.name for column in table.schema.columns] == ["id", "b"] and source.table("later").count(Query()) == 0
    run(address, "DROP TABLE t")
    with pytest.raises(UnknownTableError):
        table.fetch(Query(), 0, 1)


def test_large_cells(opened):
    table = opened("CREATE TABLE big (id int PRIMARY KEY, b bytea, t text)").table("big")
    table.commit([Insert({"id": 1, "b": b"\xff" * 10_000_000, "t": "ä" * 10_000_000})])
    block = table.fetch(Query(), 0, 1)
    assert block.columns["b"] == [LargeBlob(10_000_000)] and len(block.columns["t"][0]) == 10_000_000
    table.commit([Update((1,), block.versions[0], {"b": LargeBlob(10_000_000), "t": "short"})])
    whole = table.fetch(Query(keys=((1,),), columns=("b", "t")), 0, 1)
    assert whole.columns["b"] == [b"\xff" * 10_000_000] and whole.columns["t"] == ["short"]
