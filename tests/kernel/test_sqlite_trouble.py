"""Files that cannot be opened, locks, read-only files, and constraints in words."""

from __future__ import annotations

import os
import sqlite3
import threading

import pytest

from kernel.tables.change import Delete, Insert, TableChange, Update
from kernel.tables.error import ConstraintError, LockedError, ReadOnlyError, SourceError, TableError
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from tests.waiting import PATIENCE_S


def _make(path, sql):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(sql)
    return connection


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"hello, I am a text file, not a database at all", "no SQLite database"),
        (b"SQLite format 3\0 but then nothing", "no SQLite database|damaged"),
        (b"SQLite format 3\0" + bytes(5000), "no SQLite database|damaged"),
    ],
)
def test_files_that_are_no_database(tmp_path, content, message):
    path = tmp_path / "f.sqlite"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        SqliteSource(path)
    assert path.read_bytes() == content


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(SourceError, match="there is no file"):
        SqliteSource(tmp_path / "none.sqlite")
    assert not (tmp_path / "none.sqlite").exists()
    with pytest.raises(SourceError, match="folder"):
        SqliteSource(tmp_path)


def test_truncated_database(tmp_path):
    path = tmp_path / "c.sqlite"
    _make(
        path,
        "CREATE TABLE t (a); WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
        " INSERT INTO t SELECT hex(randomblob(500)) FROM n",
    ).close()
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(SourceError, match="damaged"):
        source = SqliteSource(path)
        source.table("t").fetch(Query(), 0, 1000)


def test_locked_by_another_program(tmp_path):
    other = _make(tmp_path / "l.sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    source = SqliteSource(tmp_path / "l.sqlite", busy_s=0.05)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LockedError, match="locked by another program"):
        source.table("t").commit([Insert({"a": "1"})])
    with pytest.raises(LockedError):
        SqliteSource(tmp_path / "l.sqlite", busy_s=0.05)
    other.execute("ROLLBACK")
    assert source.table("t").commit([Insert({"a": "1"})]).keys == ((1,),)
    source.close()
    other.close()


def test_read_only(tmp_path):
    _make(tmp_path / "r.sqlite", "CREATE TABLE t (a); INSERT INTO t VALUES (1)").close()
    source = SqliteSource(tmp_path / "r.sqlite", is_read_only=True)
    assert source.table("t").count(Query()) == 1
    with pytest.raises(ReadOnlyError):
        source.table("t").commit([Insert({"a": "2"})])
    source.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_file_without_write_permission(tmp_path):
    _make(tmp_path / "r.sqlite", "CREATE TABLE t (a)").close()
    (tmp_path / "r.sqlite").chmod(0o444)
    source = SqliteSource(tmp_path / "r.sqlite")
    with pytest.raises(ReadOnlyError, match="read-only"):
        source.table("t").commit([Insert({"a": "2"})])
    source.close()


@pytest.mark.parametrize(
    ("change", "message", "column"),
    [
        (Insert({"code": None, "n": 1}), "Code must not be empty", "code"),
        (Insert({"code": "a", "n": 1}), "There is already a row with that Code", "code"),
        (Insert({"code": "b", "n": -5}), "N must be more than 0", "n"),
        (Insert({"code": "b", "n": 66}), "sixty-six is refused", ""),
        (Insert({"code": "b", "n": 55}), "did not take the change", ""),
        (Insert({"code": "b", "t_id": 9}), "T 9 does not exist", "t_id"),
        (Delete((1,), ""), "T 1 is still used by 1 row of U", ""),
        (Update((1,), "", {"id": 5}), "T 1 is still used by 1 row of U", ""),
        (Insert({"code": "b", "n": 2**70}), "too large", "n"),
    ],
)
def test_constraints_in_words(tmp_path, change, message, column):
    other = _make(
        tmp_path / "k.sqlite",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, n INT CHECK (n > 0), t_id INT REFERENCES t);
        CREATE TABLE u (t INT REFERENCES t ON DELETE RESTRICT);
        CREATE TRIGGER no BEFORE INSERT ON t WHEN new.n = 66 BEGIN SELECT RAISE(ABORT, 'sixty-six is refused'); END;
        CREATE TRIGGER mute BEFORE INSERT ON t WHEN new.n = 55 BEGIN SELECT RAISE(IGNORE); END;
        INSERT INTO t (id, code) VALUES (1, 'a'); INSERT INTO u VALUES (1)""",
    )
    source = SqliteSource(tmp_path / "k.sqlite")
    with pytest.raises(ConstraintError, match=message) as caught:
        source.table("t").commit([Insert({"code": "zz"}), change])
    assert (caught.value.column, caught.value.index) == (column, 1)
    assert other.execute("SELECT code FROM t").fetchall() == [("a",)]
    source.close()
    other.close()


def test_triggers_and_cascades_tell_the_other_tables(tmp_path):
    _make(
        tmp_path / "s.sqlite",
        "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE u (t INT REFERENCES t ON DELETE"
        " CASCADE); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)",
    ).close()
    source = SqliteSource(tmp_path / "s.sqlite")
    heard = []
    source.table("u").subscribe(heard.append)
    source.table("t").commit([Delete((1,), "")])
    assert heard == [TableChange("u", is_everything=True)] and source.table("u").count(Query()) == 0
    source.close()


def test_poll_hears_other_programs_but_not_itself(tmp_path):
    other = _make(tmp_path / "p.sqlite", "PRAGMA journal_mode = wal; CREATE TABLE t (a)")
    source = SqliteSource(tmp_path / "p.sqlite")
    heard = []
    source.table("t").subscribe(heard.append)
    source.table("t").commit([Insert({"a": "1"})])
    assert not source.poll() and len(heard) == 1
    other.execute("INSERT INTO t VALUES (2)")
    assert source.poll() and heard[1].is_everything and not source.poll()
    source.close()
    other.close()


def test_threads_read_and_write_together(tmp_path):
    _make(tmp_path / "m.sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)").close()
    source = SqliteSource(tmp_path / "m.sqlite")
    table = source.table("t")
    errors = []

    def work(number):
        try:
            for step in range(15):
                table.commit([Insert({"a": number * 100 + step})])
                table.fetch(Query(filter="a % 2 == 1"), 0, 50)
        except TableError as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert errors == [] and table.count(Query()) == 60
    source.close()
    assert source.connections.open_count == 0


def test_a_view_over_what_is_gone_says_so_whatever_is_asked(tmp_path):
    _make(tmp_path / "v.sqlite", "CREATE TABLE x (a); CREATE VIEW v AS SELECT a FROM x; DROP TABLE x").close()
    source = SqliteSource(tmp_path / "v.sqlite")
    table = source.table("v")
    for ask in (lambda: table.fetch(Query(), 0, 5), lambda: table.count(Query()), lambda: table.estimate(Query()),
                lambda: table.prepare(Query(), lambda part: None)):
        with pytest.raises(TableError, match="no such table: main.x"):
            ask()
    source.close()


@pytest.mark.parametrize("mode", ["delete", "wal"])
@pytest.mark.parametrize(("what", "message"), [("deleted", "deleted or moved"), ("moved", "deleted or moved"),
                                               ("replaced", "another file stands in the place")])
def test_a_file_that_goes_while_it_is_open(tmp_path, mode, what, message):
    path, other = tmp_path / "t.sqlite", tmp_path / "other.sqlite"
    for file, text in ((path, "ours"), (other, "theirs")):
        with sqlite3.connect(file) as connection:
            connection.execute(f"PRAGMA journal_mode = {mode}")
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
            connection.execute("INSERT INTO t VALUES (1, ?)", (text,))
        connection.close()
    source = SqliteSource(path)
    table, heard = source.table("t"), []
    table.subscribe(heard.append)
    table.commit([Update((1,), "", {"name": "first"})])
    heard.clear()
    kept = tmp_path / "kept.sqlite"
    if what == "moved":
        path.rename(kept)
    elif what == "deleted":
        path.unlink()
    else:
        os.replace(other, path)
    for ask in (lambda: table.commit([Update((1,), "", {"name": "lost"})]), lambda: table.fetch(Query(), 0, 9),
                lambda: table.count(Query()), source.poll, source.poll):
        with pytest.raises(SourceError, match=message):
            ask()
    assert [change.is_everything for change in heard] == [True], "it is told once"
    if what == "moved":
        kept.rename(path)
        source.poll()
        assert [change.is_everything for change in heard] == [True, True]
        assert table.fetch(Query(), 0, 9).columns["name"] == ["first"]
        table.commit([Update((1,), "", {"name": "second"})])
        assert table.fetch(Query(), 0, 9).columns["name"] == ["second"]
    source.close()


def test_a_full_disk_writes_nothing(tmp_path):
    path = tmp_path / "t.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO t VALUES (1, 'a')")
    connection.close()
    source = SqliteSource(path)
    table = source.table("t")
    with source.connections.write_lock:
        source.connections.writer().execute("PRAGMA max_page_count = 1")
    with pytest.raises(SourceError, match=r"t\.sqlite cannot be written: the disk is full"):
        table.commit([Update((1,), "", {"name": "b"}), *(Insert({"name": "x" * 3_000}) for _ in range(100))])
    assert table.fetch(Query(), 0, 9).columns["name"] == ["a"]
    table.commit([Update((1,), "", {"name": "c"})])
    source.close()
