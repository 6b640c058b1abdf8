"""Commits to strange tables: nothing is lost without a word, and every refusal says which column."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ConflictError, ConstraintError
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from kernel.tables.sqlite.check_clause import read_checks

LARGE = 2_000_000


@pytest.fixture
def make(tmp_path: Path):
    opened = []

    def make_source(sql: str) -> SqliteSource:
        path = tmp_path / f"{len(opened)}.sqlite"
        connection = sqlite3.connect(path)
        connection.executescript(sql)
        connection.close()
        opened.append(SqliteSource(path))
        return opened[-1]

    yield make_source
    for source in opened:
        source.close()


@pytest.mark.parametrize("definition", [
    "(id INTEGER PRIMARY KEY, b BLOB)",
    "(id INTEGER PRIMARY KEY, b BLOB) WITHOUT ROWID",
    "(id INTEGER PRIMARY KEY, b BLOB, size INT AS (length(b)))",
])
def test_another_programs_large_blob_is_no_lost_update(make, definition):
    source = make(f"CREATE TABLE t {definition}; INSERT INTO t (id, b) VALUES (1, zeroblob({LARGE}))")
    table = source.table("t")
    version = table.fetch(Query(), 0, 1).versions[0]
    assert table.fetch(Query(keys=((1,),), columns=("b",)), 0, 1).versions[0] == version
    with sqlite3.connect(source.path) as other:
        other.execute("UPDATE t SET b = randomblob(?)", (LARGE,))
    other.close()
    with pytest.raises(ConflictError):
        table.commit([Update((1,), version, {"b": b"mine"})])


def test_the_end_of_a_long_text_counts_for_its_rows_version(make):
    """Such a text has a hash of its own within it, which takes Python's lock from nobody."""
    table = make("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)").table("t")
    table.commit([Insert({"a": text}) for text in ("x" * 70_000, "x" * 69_999 + "y", "x" * 70_001, "x")])
    versions = table.fetch(Query(), 0, 4).versions
    assert len(set(versions)) == 4
    table.commit([Update((1,), versions[0], {"a": "x" * 69_999 + "z"})])
    with pytest.raises(ConflictError):
        table.commit([Update((1,), versions[0], {"a": "mine"})])


def test_no_other_row_goes_when_a_constraint_would_replace_it(make):
    source = make("""CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT UNIQUE ON CONFLICT REPLACE);
                     INSERT INTO t VALUES (1, 'a'), (2, 'b')""")
    table = source.table("t")
    for change in (Insert({"id": 9, "email": "a"}), Update((2,), "", {"email": "a"})):
        with pytest.raises(ConstraintError, match="already a row with that Email"):
            table.commit([change])
    assert table.count(Query()) == 2


def test_triggers_may_still_replace_and_ignore(make):
    source = make("""CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE log (x TEXT UNIQUE);
                     CREATE TRIGGER a AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO log VALUES (new.x); END""")
    source.table("t").commit([Insert({"x": "a"}), Insert({"x": "a"})])
    assert source.table("log").count(Query()) == 1


def test_half_a_character_is_refused_with_its_column(make):
    source = make("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE k (k TEXT PRIMARY KEY)")
    with pytest.raises(ConstraintError, match="Name holds half a character") as caught:
        source.table("t").commit([Insert({"name": "b"}), Insert({"name": "\ud800"})])
    assert (caught.value.column, caught.value.index) == ("name", 1)
    assert source.table("k").fetch(Query(keys=(("\ud800",),)), 0, 9).keys == []
    with pytest.raises(ConflictError):
        source.table("k").commit([Delete(("\ud800",), "")])


STRANGE = """
CREATE TABLE e (id INTEGER PRIMARY KEY, nm TEXT); CREATE UNIQUE INDEX "e'i" ON e (lower(nm));
INSERT INTO e VALUES (1, 'Z');
CREATE TABLE "we ird" (id INTEGER PRIMARY KEY, "c, d" TEXT UNIQUE, "select" INT CHECK ("select" > 0 AND "select" < 9),
    total INT, CONSTRAINT sane CHECK (total >= 0 -- no debts
    AND total <> 5), CHECK (id <> total));
INSERT INTO "we ird" VALUES (1, 'x', 1, 2);
CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b));
CREATE TABLE c (id INTEGER PRIMARY KEY, a INT, b INT, FOREIGN KEY (a, b) REFERENCES p (a, b));
CREATE TABLE code (code TEXT PRIMARY KEY COLLATE NOCASE); INSERT INTO code VALUES ('A');
CREATE TABLE child (id INTEGER PRIMARY KEY, code TEXT REFERENCES code); INSERT INTO child VALUES (1, 'a');
"""


@pytest.mark.parametrize(("table", "change", "message", "column"), [
    ("e", Insert({"nm": "z"}), "There is already a row with that Nm", "nm"),
    ("we ird", Insert({"c, d": "x"}), "There is already a row with that C, d", "c, d"),
    ("we ird", Insert({"select": 0}), "Select must be more than 0 and must be less than 9", "select"),
    ("we ird", Insert({"total": -1}), "Total must be at least 0 and must not be 5", "total"),
    ("we ird", Insert({"id": 7, "total": 7}), "ID must not be Total", "id"),
    ("c", Insert({"a": 5, "b": 6}), "There is no P with A 5 and B 6", "a"),
    ("code", Delete(("A",), ""), "Code A is still used by 1 row of Child", ""),
])
def test_refusals_name_columns_and_rules(make, table, change, message, column):
    source = make(STRANGE)
    with pytest.raises(ConstraintError, match=message) as caught:
        source.table(table).commit([change])
    assert caught.value.column == column


def test_checks_are_read_as_written():
    sql = """CREATE TABLE t (a TEXT /* CHECK (0) */ CHECK (a <> ')' AND "b c" IN ('x''(')), 'check' INT,
             CONSTRAINT [n m] CHECK((a)))"""
    assert [(clause.name, clause.text) for clause in read_checks(sql)] == [
        ("", """a <> ')' AND "b c" IN ('x''(')"""), ("n m", "(a)")]
    assert read_checks(sql)[0].names >= {"a", "b c"} and "x" not in read_checks(sql)[0].names
