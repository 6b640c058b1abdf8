"""Schemas read from SQLite files of all sorts."""

from __future__ import annotations

import sqlite3

import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ReadOnlyError, TableError, UnknownTableError
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.schema import Reference
from kernel.tables.sqlite import SqliteSource, declared
from kernel.tables.sqlite.declared import choices_of


@pytest.fixture
def opened(tmp_path):
    """Makes a file from SQL and opens it."""
    sources = []

    def make(sql, **options):
        connection = sqlite3.connect(tmp_path / "n.sqlite")
        connection.executescript(sql)
        connection.close()
        sources.append(SqliteSource(tmp_path / "n.sqlite", **options))
        return sources[-1]

    yield make
    for source in sources:
        source.close()


def test_table_without_primary_key_has_a_hidden_key(opened):
    table = opened("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (1, 'x')").table("t")
    assert table.schema.key == ("rowid",) and table.schema.is_editable
    table.commit([Update((2,), "", {"b": "y"}), Insert({"a": 3})])
    assert table.fetch(Query(), 0, 9).columns["b"] == ["x", "y", None]
    assert table.locate(Query(), (3,)) == 2


def test_column_called_rowid_does_not_confuse(opened):
    table = opened("CREATE TABLE t (rowid TEXT, oid TEXT); INSERT INTO t VALUES ('r', 'o')").table("t")
    table.commit([Update(table.fetch(Query(), 0, 1).keys[0], "", {"rowid": "s"})])
    assert table.fetch(Query(), 0, 1).row(0) == {"rowid": "s", "oid": "o"}


@pytest.mark.parametrize("tail", ["", " WITHOUT ROWID"])
def test_composite_key(opened, tail):
    table = opened(
        f"CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, c, PRIMARY KEY (b, a)){tail};"
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 2), (1, 'A', 3)"
    ).table("t")
    assert table.schema.key == ("b", "a")
    assert table.fetch(Query(), 0, 9).keys == [("A", 1), ("x", 1), ("x", 2)]
    assert table.locate(Query(), ("x", 2)) == 2 and table.locate(Query(filter="c > 1"), ("x", 2)) == 1
    assert table.commit([Update(("x", 2), "", {"a": 5}), Delete(("A", 1), "")]).keys == (("x", 5), ("A", 1))
    assert table.fetch(Query(keys=(("x", 5),)), 0, 9).columns["c"] == [2]


def test_view_is_read_only_and_says_why(opened):
    source = opened(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, p DECIMAL(8,2)); INSERT INTO t VALUES (1, 2.5);"
        "CREATE VIEW v AS SELECT a, p, a + 1 AS next FROM t; CREATE VIEW broken AS SELECT * FROM gone"
    )
    table = source.table("v")
    assert not table.schema.is_editable and "view" in table.schema.read_only_reason
    assert [column.type for column in table.schema.columns] == ["integer", "decimal", "integer"]
    assert table.fetch(Query(filter="next == 2"), 0, 5).columns["p"] and table.locate(Query(), ()) is None
    with pytest.raises(ReadOnlyError, match="view"):
        table.commit([Insert({"a": 2})])


def test_generated_columns_cannot_be_written(opened):
    table = opened(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, twice INT AS (n * 2), s INT AS (n + 1) STORED);"
        "INSERT INTO t (n) VALUES (4)"
    ).table("t")
    assert [column.is_generated for column in table.schema.columns] == [False, False, True, True]
    with pytest.raises(ReadOnlyError, match="Twice is calculated"):
        table.commit([Update((1,), "", {"twice": 1})])
    table.commit([Update((1,), "", {"n": 5})])
    assert table.fetch(Query(), 0, 1).row(0)["twice"] == 10


def test_strange_names(opened):
    names = ["order", "a b", 'quo"te', "sel[ect]", "naïve ∑", "it's", "a.b", "x:label", "`tick`", "%s"]
    columns = ", ".join('"' + name.replace('"', '""') + '" TEXT' for name in names)
    source = opened(f'CREATE TABLE "group by ""x""" ("from" INTEGER PRIMARY KEY, {columns})')
    table = source.table(source.table_names()[0])
    values = {name: name.upper() for name in names}
    key = table.commit([Insert(values)]).keys[0]
    query = Query(columns=tuple(names), filter="col('a b') contains 'A' and col('it\\'s') != null", keys=(key,))
    assert table.fetch(query, 0, 1).row(0) == values
    assert len(table.commit([Update(key, "", {name: "n" for name in names})]).keys) == 1


def test_five_hundred_columns(opened):
    columns = ", ".join(f"c{number} INT" for number in range(500))
    table = opened(f"CREATE TABLE t ({columns})").table("t")
    key = table.commit([Insert({f"c{number}": number for number in range(500)})]).keys[0]
    assert table.fetch(Query(keys=(key,)), 0, 1).row(0)["c499"] == 499 and len(table.schema.columns) == 500


def test_cyclic_self_and_missing_references(opened):
    source = opened(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INT REFERENCES b, gone_id INT REFERENCES gone);"
        "CREATE TABLE b (id INTEGER PRIMARY KEY, name TEXT, AId INT REFERENCES a(id), up INT REFERENCES b);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, x INT REFERENCES b(name))"
    )
    assert source.table("a").schema.references == (Reference("b", "b", ("b_id",), ("id",)),)
    assert [reference.name for reference in source.table("b").schema.references] == ["a", "up"]
    assert source.table("c").schema.references == ()
    source.table("b").commit([Insert({"id": 1, "name": "one", "up": 2}), Insert({"id": 2, "name": "two", "up": 1})])
    assert source.table("b").fetch(Query(columns=("up.up.up:label",)), 0, 1).columns["up.up.up:label"] == ["two"]


def test_two_references_to_one_table_and_composite(opened):
    schema = (
        opened(
            "CREATE TABLE p (x INT, y INT, PRIMARY KEY (x, y)); CREATE TABLE t (home_id INT, home TEXT, px INT,"
            "py INT, FOREIGN KEY (px, py) REFERENCES p, FOREIGN KEY (py, px) REFERENCES P (y, x),"
            "FOREIGN KEY (home_id, py) REFERENCES p (x, y))"
        )
        .table("t")
        .schema
    )
    assert len({reference.name for reference in schema.references}) == len(schema.references) == 3
    assert Reference("p", "p", ("px", "py"), ("x", "y")) in schema.references


def test_hidden_tables(opened):
    source = opened(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE VIRTUAL TABLE f USING fts5(x);"
        "INSERT INTO t DEFAULT VALUES; ANALYZE"
    )
    assert source.table_names() == ["t", "f"]
    with pytest.raises(UnknownTableError):
        source.table("f_data")


def test_a_virtual_table_is_read_like_a_view(opened):
    source = opened("CREATE VIRTUAL TABLE f USING fts5(x, y); INSERT INTO f VALUES ('a', 1), ('b', 2)")
    table = source.table("f")
    assert not table.schema.is_editable
    assert table.schema.read_only_reason == "f is a virtual table: a module of SQLite keeps its rows"
    assert [column.name for column in table.schema.columns] == ["x", "y"]
    assert table.fetch(Query(columns=("x",), filter='x == "b"'), 0, 10).columns["x"] == ["b"]
    assert source.unread() == {}


def test_a_row_is_called_by_the_name_of_its_table_before_its_description(opened):
    source = opened("CREATE TABLE Categories (CategoryID INTEGER PRIMARY KEY, Description TEXT, CategoryName TEXT)")
    assert source.table("Categories").schema.label == ("CategoryName",)


def test_a_row_is_called_by_the_column_that_its_table_is_called_like(opened):
    source = opened(
        "CREATE TABLE country (id INTEGER PRIMARY KEY, code TEXT, country TEXT);"
        "CREATE TABLE address (id INTEGER PRIMARY KEY, address2 TEXT, address TEXT)"
    )
    assert source.table("country").schema.label == ("country",)
    assert source.table("address").schema.label == ("address",)


def test_a_text_that_many_rows_have_alike_calls_none_of_them(opened):
    source = opened(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, ship_name TEXT);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
        " INSERT INTO orders (ship_name) SELECT 'Shop ' || (i % 7) FROM n"
    )
    assert source.table("orders").schema.label == ("id",)


@pytest.fixture
def foreign(opened, tmp_path):
    """A database whose texts another program orders in its own way."""
    connection = sqlite3.connect(tmp_path / "n.sqlite")
    connection.create_collation("own", lambda one, other: (one.lower() > other.lower()) - (one.lower() < other.lower()))
    connection.executescript(
        "CREATE TABLE tag (name TEXT NOT NULL PRIMARY KEY COLLATE own, uses INT) WITHOUT ROWID;"
        "CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT COLLATE own, note TEXT);"
        "CREATE INDEX by_name ON kind (name);"
        "INSERT INTO tag VALUES ('b', 1), ('A', 2); INSERT INTO kind VALUES (1, 'b', 'x'), (2, 'A', 'y')"
    )
    connection.close()
    return opened("")


def test_rows_that_another_program_orders_are_read(foreign):
    tag, kind = foreign.table("tag"), foreign.table("kind")
    assert tag.count(Query()) == kind.count(Query()) == 2
    assert tag.fetch(Query(sort=(Sort("name"),)), 0, 9).columns["name"] == ["A", "b"]
    assert kind.fetch(Query(filter='name == "b"', columns=("id",)), 0, 9).keys == [(1,)]
    assert kind.fetch(Query(group=("name",), aggregates=(Aggregate("count"),)), 0, 9).columns["name"] == ["A", "b"]


def test_what_an_order_of_another_program_would_be_damaged_by_is_refused(foreign):
    kind = foreign.table("kind")
    kind.commit([Update((1,), "", {"note": "z"})])
    assert kind.fetch(Query(), 0, 1).columns["note"] == ["z"]
    with pytest.raises(ReadOnlyError, match="orders texts by “own”, which only the program knows that made it"):
        kind.commit([Update((1,), "", {"name": "c"})])
    with pytest.raises(ReadOnlyError, match="orders texts by “own”"):
        foreign.table("tag").commit([Insert({"name": "c", "uses": 1})])


def test_a_schema_may_call_functions_of_json(opened):
    source = opened(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, data TEXT CHECK (JSON_VALID(data) OR data IS NULL),"
        " size INT AS (json_array_length(data)));"
        "CREATE INDEX by_kind ON t (json_extract(data, '$.kind'));"
        "CREATE VIEW kinds AS SELECT id, data ->> '$.kind' AS kind FROM t;"
        """INSERT INTO t (data) VALUES ('{"kind": "big"}'), (NULL)"""
    )
    assert source.table("t").count(Query()) == 2
    assert source.table("kinds").fetch(Query(columns=("kind",)), 0, 1).columns["kind"] == ["big"]


def test_types_from_declarations_and_values(opened):
    schema = (
        opened(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a BOOLEAN, b NUMERIC(10,2), c MONEY, d DATE, e TIMESTAMP,"
            " f VARCHAR(7),"
            "g TEXT, notes TEXT, h BLOB, i, s TEXT CHECK (s IN ('new', 'it''s')), n TINYINT(1), u DATETIME, j DATETIME,"
            "r DATETIME, z TIME DEFAULT '10:00');"
            "INSERT INTO t (d, g, i, n, u, j, r) VALUES ('2024-01-01 10:00:00', 'x' || char(10), 2.5, 1, 1700000000,"
            " 2460000.5, 7)"
        )
        .table("t")
        .schema
    )
    wanted = {
        "id": "integer",
        "a": "boolean",
        "b": "decimal",
        "c": "decimal",
        "d": "datetime",
        "e": "datetime",
        "f": "text",
        "g": "longtext",
        "notes": "longtext",
        "h": "blob",
        "i": "real",
        "s": "text",
        "n": "boolean",
        "u": "datetime",
        "j": "datetime",
        "r": "integer",
        "z": "time",
    }
    assert {column.name: column.type for column in schema.columns} == wanted
    assert schema.column("f").max_length == 7 and schema.column("s").choices == ("new", "it's")
    assert schema.column("z").has_default and schema.column("id").has_default


def test_schema_follows_the_file(opened, tmp_path):
    table = opened("CREATE TABLE t (a)").table("t")
    assert len(table.schema.columns) == 1
    connection = sqlite3.connect(tmp_path / "n.sqlite")
    connection.execute("ALTER TABLE t ADD COLUMN b")
    connection.close()
    assert len(table.schema.columns) == 2 and table.commit([Insert({"b": "1"})]).keys == ((1,),)


@pytest.mark.parametrize(
    ("sql", "label"),
    [
        ("id INTEGER PRIMARY KEY, code TEXT, Title TEXT", ("Title",)),
        ("id INTEGER PRIMARY KEY, LastName TEXT, first_name TEXT", ("first_name", "LastName")),
        ("id INTEGER PRIMARY KEY, n INT, colour TEXT", ("colour",)),
        ("id INTEGER PRIMARY KEY, n INT", ("id",)),
        ("id INTEGER PRIMARY KEY, billing_address TEXT, phone TEXT, total NUMERIC", ("id",)),
        ("id INTEGER PRIMARY KEY, Country TEXT, ShipName TEXT", ("ShipName",)),
        ("id INTEGER PRIMARY KEY, Phone TEXT, motto TEXT", ("motto",)),
    ],
)
def test_label(opened, sql, label):
    assert opened(f"CREATE TABLE t ({sql})").table("t").schema.label == label


@pytest.mark.parametrize(
    ("sql", "title"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY)", "ID"),
        ("CREATE TABLE t (TId INTEGER PRIMARY KEY)", "ID"),
        ("CREATE TABLE t (code TEXT PRIMARY KEY)", ""),
        ("CREATE TABLE u (id INTEGER PRIMARY KEY); CREATE TABLE t (u_id INTEGER PRIMARY KEY REFERENCES u)", ""),
        ("CREATE TABLE t (id INTEGER, other INTEGER, PRIMARY KEY (id, other))", ""),
    ],
)
def test_a_tables_own_key_is_called_id(opened, sql, title):
    assert opened(sql).table("t").schema.columns[0].label == title


def test_a_view_over_what_is_gone_spoils_nothing_else(opened):
    source = opened("create table t (id integer primary key); create view v as select x from gone")
    assert source.table_names() == ["t", "v"]
    schema = source.table("v").schema
    assert (schema.columns, schema.is_editable) == ((), False)
    with pytest.raises(TableError, match="no such table: main.gone"):
        source.table("v").count(Query())


def test_no_choices_are_looked_for_where_a_table_checks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choices_of("CREATE TABLE t (kind TEXT check (kind IN ('a', 'b')))", "kind") == ("a", "b")
    monkeypatch.setattr(declared.re, "search", lambda *_: pytest.fail("a pattern was compiled"))
    assert choices_of("CREATE TABLE t (kind TEXT, note TEXT)", "kind") == ()
