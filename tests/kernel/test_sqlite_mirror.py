"""The mirror of large tables: the same answers from it, made behind, right after changes, and gone with its table."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import msgspec
import pytest

from kernel.tables import mirroring
from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Aggregate, Query, Sort, parse_sort
from kernel.tables.sqlite import SqliteSource, scan
from kernel.tables.sqlite.mirror import column, filter, find, group, order, scratch, text
from kernel.tables.sqlite.stop import check_interrupt
from tests.large_ways import few_rows_are_mirrored, few_rows_count_as_many
from tests.waiting import PATIENCE_S, wait_for

SQL = """
CREATE TABLE t (
    id INTEGER PRIMARY KEY, name TEXT, city TEXT, price DECIMAL(9,2), size INTEGER, weight REAL, placed DATE
);
INSERT INTO t VALUES
    (3, 'Ada', 'Wien', 1.25, 9223372036854775807, 0.1, '2024-01-05'),
    (4, 'bob', 'wien', 3, 9223372036854775807, 0.2, NULL),
    (5, NULL, 'Graz', NULL, 5, 0.3, '2023-12-31'), (9, 'a%_b', 'Zürich', -0.5, NULL, NULL, '2024-01-05'),
    (12, 'ADAM', NULL, 12345.67, -5, 1.0, '2024-02-01'), (13, '', 'Graz', 0.1, 0, 2.0, '2024-01-05');
"""
SUMS = tuple(Aggregate(function, of) for function in ("sum", "average", "minimum", "maximum", "count")
             for of in ("price", "size"))
#: Query → whether the mirror answers it.
QUERIES = {
    "number": (Query(sort=parse_sort("price")), True),
    "downwards, text": (Query(sort=parse_sort("-city,name")), True),
    "real": (Query(sort=parse_sort("weight")), True),
    "equals": (Query(filter="city == 'Wien'"), True),
    "contains": (Query(filter="name contains 'AD'"), True),
    "contains signs": (Query(filter="name contains '%_'"), True),
    "contains beyond ASCII": (Query(filter="name contains 'ä'"), True),
    "contains, not ASCII": (Query(filter="city contains 'RICH'"), False),
    "joined": (Query(filter="(city == 'Graz' or name contains 'a') and not placed == null",
                     sort=parse_sort("-placed")), True),
    "of two columns": (Query(filter="price > size"), False),
    "groups": (Query(group=("city",), aggregates=(Aggregate("count"), Aggregate("sum", "price"),
                                                  Aggregate("count", "name"))), True),
    "groups, filtered": (Query(filter="name contains 'a'", group=("placed",),
                               aggregates=(Aggregate("average", "price"), Aggregate("minimum", "price"))), True),
    "one group": (Query(filter="name contains 'none'", aggregates=SUMS[::2]), True),
    "large sums": (Query(group=("city",), aggregates=SUMS), False),
    "sums of floats": (Query(group=("city",), aggregates=(Aggregate("sum", "weight"),)), False),
}  # fmt: skip


@pytest.fixture
def path(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "m.sqlite")) as connection:
        connection.executescript(SQL)
    return tmp_path / "m.sqlite"


@pytest.fixture
def answered(monkeypatch):
    """Notes whether the mirror answered."""
    notes = []

    def noting(module, name):
        ask = getattr(module, name)

        def asked(*arguments):
            notes.append(ask(*arguments) is not None)
            return ask(*arguments)

        monkeypatch.setattr(module, name, asked)

    noting(order, "mirrored_order")
    noting(group, "mirrored_groups")
    return notes


@pytest.mark.parametrize(("query", "is_mirrored"), QUERIES.values(), ids=QUERIES)
def test_answers_are_the_same(path, answered, query, is_mirrored):
    with contextlib.closing(SqliteSource(path)) as plain:
        wanted = plain.table("t").fetch(query, 0, 100)
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        table = source.table("t")
        assert table.prepare(query, lambda part: None) == len(wanted)
        assert table.fetch(query, 0, 100) == wanted
    assert any(answered) is is_mirrored


def test_the_first_page_comes_from_the_mirror(path, monkeypatch):
    first, asked = order.Mirrored.first, []
    monkeypatch.setattr(order.Mirrored, "first", lambda self, count: asked.append(count) or first(self, count))
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        table = source.table("t")
        table.prepare(Query(), lambda part: None)
        for sort in ("price", "-price", "city,-placed"):
            for text in ("", "city in ('Graz', 'wien')"):
                query = Query(filter=text, sort=parse_sort(sort))
                assert table.fetch(query, 0, 2).keys == _fresh(path, query)[:2]
    assert len(asked) == 6


def test_it_is_made_behind_and_used_from_then_on(path, tmp_path, monkeypatch):
    query = Query(group=("city",), aggregates=(Aggregate("sum", "price"),))
    with few_rows_count_as_many(), contextlib.closing(SqliteSource(path)) as source:
        monkeypatch.setattr(mirroring, "many_rows", 1)
        monkeypatch.setattr(mirroring, "folder", tmp_path / "mirror")
        table = source.table("t")
        first = table.fetch(query, 0, 9)
        source.connections.behind.wait()
        with source.connections.reader() as reader:
            kept = sorted(name for name in reader.known._kept if name.startswith("mirror 't'"))
        del reader  # it holds what is known
        assert {"mirror 't' 'city' False", "mirror 't' 'price' False"} <= set(kept)
        monkeypatch.setattr("kernel.tables.sqlite.group.group_by_parts", None)
        assert table.fetch(Query(group=("city",), aggregates=(*query.aggregates, Aggregate("count"))), 0, 9).columns[
            "sum(price)"] == first.columns["sum(price)"]
        assert list((tmp_path / "mirror").iterdir()) == [] and scratch.taken.bytes > 0
    assert (scratch.taken.bytes, scratch.taken.files) == (0, 0)


def test_who_writes_does_not_wait_for_what_is_made_behind(path, tmp_path, monkeypatch):
    begun = threading.Event()

    def endless(*arguments):
        begun.set()
        while True:
            check_interrupt()

    monkeypatch.setattr(find, "make", endless)
    monkeypatch.setattr(mirroring, "many_rows", 1)
    monkeypatch.setattr(mirroring, "folder", tmp_path)
    with few_rows_count_as_many(), contextlib.closing(SqliteSource(path, busy_s=0.1)) as source:
        source.table("t").fetch(Query(group=("city",)), 0, 9)
        assert begun.wait(PATIENCE_S)
        source.table("t").commit([Update((3,), "", {"city": "Rom"})])
        source.connections.behind.wait()
        assert "Rom" in source.table("t").fetch(Query(group=("city",)), 0, 9).columns["city"]
        assert source.connections.behind._thread is None  # of what is written often nothing is made again at once
        monkeypatch.setattr(find, "PERIOD_S", 0.0)
        begun.clear()
        source.table("t").fetch(Query(group=("city",), filter="size > 1"), 0, 9)
        assert begun.wait(PATIENCE_S)
        making = source.connections.behind._thread
    making.join(PATIENCE_S)  # closing ends it
    assert not making.is_alive()


def test_it_follows_every_change(path):
    queries = [query for query, _ in QUERIES.values()]
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        table = source.table("t")

        def check() -> None:
            for query in queries:
                table.prepare(query, lambda part: None)
                assert table.fetch(query, 0, 100).keys == _fresh(path, query)

        check()
        for change in (Update((4,), "", {"price": 7}), Insert({"name": "adam", "city": "Bern"}), Delete((3,), ""),
                       Update((9,), "", {"id": 2}), Update((5,), "", {"name": "é"}), Update((5,), "", {"size": None})):
            table.commit([change])
            check()
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE t SET city = 'b' || id, placed = id")
            other.commit()
        check()


def _fresh(path, query):
    """The keys without a mirror."""
    folder, mirroring.folder = mirroring.folder, None
    try:
        with contextlib.closing(SqliteSource(path)) as source:
            return source.table("t").fetch(query, 0, 100).keys
    finally:
        mirroring.folder = folder


@pytest.mark.parametrize("query", [Query(sort=(Sort("price"),)), Query(filter="name contains 'a'"),
                                   Query(group=("city",), aggregates=(Aggregate("count"),))],
                         ids=["sort", "filter", "group"])
def test_no_room_changes_no_answer(path, tmp_path, monkeypatch, query):
    (tmp_path / "file").touch()
    for folder, most in ((tmp_path / "file" / "below", 1 << 30), (tmp_path, 0)):
        with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
            monkeypatch.setattr(mirroring, "folder", folder)
            monkeypatch.setattr(mirroring, "most_bytes", most)
            source.table("t").prepare(query, lambda part: None)
            assert source.table("t").fetch(query, 0, 100).keys == _fresh(path, query)


KINDS = pytest.mark.parametrize("query", [Query(sort=(Sort("price"),)), Query(filter="name contains 'a'"),
                                          Query(group=("city",), aggregates=(Aggregate("count"),)),
                                          Query(filter="city == 'Graz'", sort=(Sort("name"),))],
                                ids=["sort", "filter", "group", "both"])


@KINDS
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk")
def test_a_disk_that_is_full_changes_no_answer(path, monkeypatch, query):
    monkeypatch.setattr(scratch.tempfile, "TemporaryFile", lambda dir: Path("/dev/full").open("w+b"))  # noqa: SIM115
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        source.table("t").prepare(query, lambda part: None)
        assert source.table("t").fetch(query, 0, 100).keys == _fresh(path, query)
    assert (scratch.taken.bytes, scratch.taken.files) == (0, 0)


@KINDS
def test_a_mirror_that_cannot_be_read_changes_no_answer(path, monkeypatch, query):
    def broken(*arguments):
        raise OSError("input/output error")

    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        table = source.table("t")
        table.prepare(msgspec.structs.replace(query, parameters={"first": 1}), lambda part: None)
        monkeypatch.setattr(scratch.Scratch, "read_into", broken)
        assert table.fetch(query, 0, 2).keys == _fresh(path, query)[:2]
        table.prepare(query, lambda part: None)
        assert table.fetch(query, 0, 100).keys == _fresh(path, query)


def test_only_so_many_files_are_open(path, monkeypatch):
    monkeypatch.setattr(scratch, "MOST_FILES", 2)
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        for sort in ("price", "name", "city", "placed"):
            query = Query(sort=parse_sort(sort))
            source.table("t").prepare(query, lambda part: None)
            assert source.table("t").fetch(query, 0, 100).keys == _fresh(path, query)
            assert scratch.taken.files <= 2


def test_a_text_column_takes_room(path, monkeypatch):
    monkeypatch.setattr(mirroring, "most_bytes", text._ROOM - 1)
    query = Query(filter="name contains 'a'")
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        source.table("t").prepare(query, lambda part: None)
        with source.connections.reader() as reader:
            assert reader.known.find("mirror 't' 'name' True") is False
        assert source.table("t").fetch(query, 0, 100).keys == _fresh(path, query)


def test_another_program_writes_while_a_column_is_read(path, monkeypatch):
    """What was read is of the state before, and serves no one who reads afterwards."""
    read, written = order.columns, []

    def late(*arguments):
        found = read(*arguments)
        if not written:
            written.append(True)
            with contextlib.closing(sqlite3.connect(path, timeout=20)) as other:
                other.execute("UPDATE t SET price = -price")
                other.commit()
        return found

    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")  # who reads keeps nobody from writing
    query = Query(sort=parse_sort("price"))
    before = _fresh(path, query)
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        monkeypatch.setattr(order, "columns", late)
        assert source.table("t").fetch(query, 0, 2).keys
        source.table("t").prepare(query, lambda part: None)
        after = source.table("t").fetch(query, 0, 100).keys
        assert written and after == _fresh(path, query) != before


def test_two_windows_have_their_own(path):
    query = Query(sort=parse_sort("price"))
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as one:
        one.table("t").prepare(query, lambda part: None)
        with contextlib.closing(SqliteSource(path)) as other:
            other.table("t").prepare(query, lambda part: None)
            other.table("t").commit([Update((3,), "", {"price": 99})])
            assert other.table("t").fetch(query, 0, 100).keys == _fresh(path, query)
        assert one.table("t").fetch(query, 0, 100).keys == _fresh(path, query)


@pytest.mark.parametrize("query", [Query(sort=(Sort("-price"),)), Query(filter="city == 'Wien'"),
                                   Query(filter="name contains 'a'"), Query(group=("city",))], ids=str)
def test_what_is_given_up_ends(path, monkeypatch, query):
    interrupt = Interrupt()
    query = Query(sort=parse_sort("-price")) if query.sort else query
    with few_rows_are_mirrored(), contextlib.closing(SqliteSource(path)) as source:
        table = source.table("t")
        table.prepare(Query(filter="city == 'Wien' or name contains 'b'", sort=parse_sort("price")), lambda part: None)
        table.prepare(Query(), lambda part: None)
        numbers, containing = column.Column.numbers, filter.TextColumn.containing

        def given_up(ask):
            def asked(*arguments):
                interrupt.set()
                return ask(*arguments)

            return asked

        monkeypatch.setattr(column.Column, "numbers", given_up(numbers))
        monkeypatch.setattr(filter.TextColumn, "containing", given_up(containing))
        with interruptible(interrupt), pytest.raises(InterruptedCallError):
            table.prepare(query, lambda part: None)
        assert table.prepare(query, lambda part: None) == len(_fresh(path, query))


def test_another_program_writes_between_two_parts_that_are_read_behind(path, tmp_path, monkeypatch):
    read, first, is_begun = scan.part_row, threading.Lock(), threading.Event()
    parts, before_end = [], []
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executemany("INSERT INTO t (city) VALUES (?)", [(f"c{at}",) for at in range(400)])
        database.commit()
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)

    def has_begun_to_write() -> bool:
        """SQLite lets nobody in once a writer waits for the readers to go."""
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as other:
            try:
                other.execute("SELECT count(*) FROM t").fetchone()
            except sqlite3.OperationalError:
                return True
            return False

    def noting(connection, sql, parameters):
        if threading.current_thread().name == "table mirror":
            if first.acquire(blocking=False):
                is_begun.set()
                wait_for(has_begun_to_write)
            parts.append(sql)
        return read(connection, sql, parameters)

    def write() -> None:
        assert is_begun.wait(PATIENCE_S)
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE_S)) as other:
            other.execute("UPDATE t SET city = 'Rom' WHERE id = 3")
            other.commit()
            before_end.append(len(parts))

    monkeypatch.setattr(mirroring, "many_rows", 1)
    monkeypatch.setattr(mirroring, "folder", tmp_path)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with few_rows_count_as_many(), contextlib.closing(SqliteSource(path)) as source:
        monkeypatch.setattr(scan, "part_row", noting)
        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        source.table("t").fetch(Query(filter="size > 1", group=("placed",)), 0, 9)
        assert is_begun.wait(PATIENCE_S)
        writer.join(PATIENCE_S)
        source.connections.behind.wait()
        assert before_end and before_end[0] < 100, "it need not wait until the whole column was read"
        assert "Rom" in source.table("t").fetch(Query(group=("city",)), 0, 500).columns["city"]
