"""Rows taken from a file's pages: the same values as SQLite's, in whatever file it writes; the rest is left to it."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.tables.change import Update
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.sqlite import SqliteSource, ordering, scan
from kernel.tables.sqlite.leaf import Leaves, find_leaves
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.search import places_of
from kernel.tables.sqlite.sifting import meets_letters

pytestmark = pytest.mark.skipif(not hasattr(os, "preadv"), reason="pages are read by preadv")
WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
BITS = (7, 15, 23, 47, 63)
NUMBERS = st.one_of(st.sampled_from([0, 1, -1]), *(st.integers(-(2**bits), 2**bits - 1) for bits in BITS))
VALUES = st.one_of(st.none(), NUMBERS, st.floats(allow_nan=False), st.text(max_size=90), st.binary(max_size=90))
ROWS = st.lists(st.tuples(*[VALUES] * 9), min_size=1, max_size=40)


def value_of(values, row: int):
    """One value as Python has it."""
    kind, start, size = int(values.kinds[row]), int(values.starts[row]), int(values.sizes[row])
    bytes_ = values.bytes_[start : start + size].tobytes()
    if kind in WIDTHS:
        assert size == WIDTHS[kind]
        return int.from_bytes(bytes_, "big", signed=True)
    if kind == 7:
        return struct.unpack(">d", bytes_)[0]
    if kind in (0, 8, 9):
        return None if not kind else kind - 8
    return bytes_ if kind % 2 == 0 else bytes_.decode(errors="surrogatepass")


def written(path, rows, page: int = 512, first: int = 1, step: int = 1, before: str = "") -> int:
    """Rows of nine columns in a file with small pages; answers the table's first page."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(f"PRAGMA page_size = {page}; {before}; CREATE TABLE t (a, b, c, d, e, f, g, h, i)")
    numbered = [(first + place * step, *row) for place, row in enumerate(rows)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t (rowid, a, b, c, d, e, f, g, h, i) VALUES (?,?,?,?,?,?,?,?,?,?)", numbered)
    connection.execute("COMMIT")
    root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 't'").fetchone()[0]
    connection.close()
    return root


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@settings(deadline=None, max_examples=60)
@given(rows=ROWS, page=st.sampled_from([512, 1024, 4096, 65536]), first=st.sampled_from([1, 100, 2**20, 2**33, 2**50]),
       step=st.sampled_from([1, 7, 2**30]), part=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_values_are_those_of_sqlite(folder, rows, page, first, step, part):
    path = folder / "t.sqlite"
    path.unlink(missing_ok=True)
    root = written(path, rows, page, first, step)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        start, stop = sorted(min(place, len(rows)) for place in part)
        cells = Leaves(descriptor, root, path).cells(first + start * step, first + stop * step - 1)
        numbers = [first + place * step for place in range(start, stop)]
        assert len(cells) == len(numbers) and cells.numbers().tolist() == numbers
        for place in range(9) if numbers else ():
            values = cells.column(place)
            assert [value_of(values, row) for row in range(len(numbers))] == [row[place] for row in rows[start:stop]]
    except MisfitError:
        assert page < 4096  # rows are continued on other pages
    finally:
        os.close(descriptor)


def test_rows_of_many_pages_are_all_there(tmp_path):
    rows = [(number, "x" * (number % 50), *[None] * 7) for number in range(20_000)]
    root = written(tmp_path / "t.sqlite", rows, first=5, step=3)
    descriptor = os.open(tmp_path / "t.sqlite", os.O_RDONLY)
    try:
        leaves = Leaves(descriptor, root, tmp_path)
        found = [leaves.cells(first, first + 8999) for first in range(0, 70_000, 9000)]
        assert np.concatenate([cells.numbers() for cells in found]).tolist() == list(range(5, 60_005, 3))
        values = found[2].column(0)
        assert [value_of(values, row) for row in range(3)] == [5999, 6000, 6001]
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("change", [
    "INSERT INTO t (rowid, a) VALUES (-5, 1)", "UPDATE t SET b = printf('%2000s', 'x') WHERE a = 7",
    "ALTER TABLE t ADD COLUMN j"])  # fmt: skip
def test_what_is_rare_is_refused(tmp_path, change):
    path = tmp_path / "t.sqlite"
    root = written(path, [(number, "x", *[2.5] * 7) for number in range(30)])
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(change)
    connection.close()
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with pytest.raises(MisfitError):
            Leaves(descriptor, root, path).cells(-(2**62), 2**62).column(9)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("before", ["PRAGMA journal_mode = wal", "PRAGMA encoding = 'UTF-16'"])
def test_files_of_other_kinds_are_refused(tmp_path, before):
    path = tmp_path / "t.sqlite"
    root = written(path, [(1, *[None] * 8)], before=before)
    Path(f"{path}-wal").write_bytes(b"something newer")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with pytest.raises(MisfitError):
            Leaves(descriptor, root, path)
    finally:
        os.close(descriptor)


def test_a_write_ahead_log_is_kept_to(tmp_path, desk, counted):
    """Pages are read while the log is empty; who writes meanwhile writes into the log, and leaves the file as it is."""
    path = tmp_path / "logged.sqlite"
    path.write_bytes(desk.read_bytes())
    query = Query(sort=(Sort("amount"),))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = wal")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source = SqliteSource(path)
    try:
        table = source.table("t")
        with source.connections.reader() as reader:
            leaves = find_leaves(source.connections, reader, "t")
            other.execute("UPDATE t SET amount = -9999")
            assert other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[2] == 0  # nothing was moved into the file
            values = leaves.cells(1, 99).column(3)
            assert -9999 not in [value_of(values, row) for row in range(len(values.kinds))]
        stored = counted["stored"]
        table.prepare(query, lambda part: None)
        assert set(table.fetch(query, 0, 99).columns["amount"]) == {-9999} and counted["stored"] == stored
    finally:
        source.close()
        other.close()


def test_pages_that_make_no_sense_are_refused(tmp_path):
    """Any byte of the table may be another one: a value or a refusal comes of it, nothing else."""
    path = tmp_path / "t.sqlite"
    root = written(path, [(number, "some text", 2.5, *[None] * 6) for number in range(60)], page=1024)
    whole = path.read_bytes()
    spoiled = np.random.default_rng(5).integers(1024, len(whole), (300, 2))
    for place, byte in spoiled.tolist():
        path.write_bytes(whole[:place] + bytes([byte % 256]) + whole[place + 1 :])
        descriptor = os.open(path, os.O_RDONLY)
        try:
            cells = Leaves(descriptor, root, path).cells(1, 60)
            for column in range(9) if len(cells) else ():
                values = cells.column(column)
                values.first_words()
                values.words()
        except MisfitError:
            pass
        finally:
            os.close(descriptor)


MANY = 9_000
SCHEMA = "id INTEGER PRIMARY KEY, city TEXT, price DECIMAL(10,2), amount INTEGER, placed DATETIME, name TEXT, odd"
CITIES = ("Graz", "Kraków", None, "Oslo", "", "oslo")


@pytest.fixture(scope="module")
def desk(folder):
    """A table whose rows come from its pages, nearly all of them."""
    path = folder / "desk.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA page_size = 1024")
    connection.execute(f"CREATE TABLE t ({SCHEMA})")
    mixed = [number * 2_654_435_761 % 2**32 >> 7 for number in range(MANY)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", [
        (number * 2 + 1, CITIES[one % 6], None if one % 11 == 0 else one % 100_000 / 100, one % 500 - 250,
         None if one % 13 == 0 else f"20{one % 30 + 10}-0{one % 9 + 1}-1{one % 10} 10:11:{one % 50 + 10}",
         f"{one % 4096:03x}{' Ab' * (one % 2)}", (one % 7, "x", 2.5, None)[one % 4])
        for number, one in enumerate(mixed)])  # fmt: skip
    connection.execute("UPDATE t SET name = 'Élan' WHERE id = 8001")  # this part alone is read by SQL
    connection.execute("COMMIT")
    connection.close()
    return path


@pytest.fixture
def counted(monkeypatch):
    """How many parts came from pages, and how many were refused."""
    monkeypatch.setattr(ordering, "MANY_ROWS", 1000)
    monkeypatch.setattr("kernel.tables.sqlite.group.MANY_ROWS", 1000)
    monkeypatch.setattr(scan, "PART", 4096)
    counts = {"stored": 0, "refused": 0}
    found = scan.find_stored

    def noted(*given):
        columns = found(*given)
        if columns is None:
            return None
        codes = columns.codes

        def told(*asked):
            answer = codes(*asked)
            counts["refused" if answer is None else "stored"] += 1
            return answer

        columns.codes = told
        return columns

    monkeypatch.setattr(scan, "find_stored", noted)
    return counts


def read(path, query: Query) -> list:
    source = SqliteSource(path)
    try:
        table = source.table("t")
        table.prepare(query, lambda part: None)
        block = table.fetch(query, 0, MANY)
        return [block.keys, block.columns]
    finally:
        source.close()


@pytest.mark.parametrize(("sort", "refused"), [
    ("city", 0), ("-price", 0), ("amount", 0), ("placed", 0), ("name", 1), ("city,-amount", 0), ("odd", None)])
def test_orders_are_those_of_sql(desk, monkeypatch, counted, sort, refused):
    query = Query(sort=tuple(Sort(one.lstrip("-"), one.startswith("-")) for one in sort.split(",")))
    ours = read(desk, query)
    if refused is not None:
        assert counted["refused"] == refused and counted["stored"] > 1
    monkeypatch.setattr(ordering, "MANY_ROWS", 10**9)
    assert read(desk, query) == ours


def test_groups_are_those_of_sql(desk, monkeypatch, counted):
    sums = tuple(Aggregate(function, of) for of in ("price", "amount") for function in ("sum", "minimum", "average"))
    query = Query(group=("city",), aggregates=(*sums, Aggregate("count", "price")))
    ours = read(desk, query)
    assert counted["stored"] > 1 and not counted["refused"]
    monkeypatch.setattr("kernel.tables.sqlite.group.MANY_ROWS", 10**9)
    assert read(desk, query) == ours


@pytest.mark.parametrize("text", ["AB", "raz", "7f", "%", "a", "graz", "kow"])
@pytest.mark.parametrize("column", ["name", "city"])
def test_texts_that_are_looked_for_are_those_of_memory(desk, monkeypatch, counted, text, column):
    query = Query(filter=f"{column} contains '{text}'")
    ours = read(desk, query)
    assert counted["stored"] or meets_letters(text.lower())
    monkeypatch.setattr(ordering, "MANY_ROWS", 10**9)
    assert read(desk, query) == ours


@given(st.lists(st.sampled_from(["ab", "a", "A", "B", "7", "\x17", "-", "\r", "é", " "]), max_size=30),
       st.sampled_from(["ab", "a", "7", "-", "aba", "b-a", "77"]))
def test_places_of_a_text(letters, text):
    whole = "".join(letters).encode()
    found = [place for place in range(len(whole)) if whole[place : place + len(text)].lower() == text.encode()]
    assert places_of(text.encode(), np.frombuffer(whole, np.uint8)).tolist() == found


def test_what_was_written_is_read(tmp_path, desk, counted):
    path = tmp_path / "own.sqlite"
    path.write_bytes(desk.read_bytes())
    query = Query(sort=(Sort("amount"),))
    source = SqliteSource(path)
    try:
        table = source.table("t")
        table.prepare(query, lambda part: None)
        table.commit([Update((17,), "", {"amount": -9999})])
        table.prepare(query, lambda part: None)
        assert table.fetch(query, 0, 1).keys == [(17,)]
        other = sqlite3.connect(path)
        other.execute("UPDATE t SET amount = -10000 WHERE id = 8999")
        other.commit()
        other.close()
        table.prepare(query, lambda part: None)
        assert table.fetch(query, 0, 2).keys == [(8999,), (17,)]
        assert counted["stored"] > 6
    finally:
        source.close()


def test_locks_stay_when_a_source_is_closed(desk, counted):
    """A descriptor that is closed takes the locks of all others on its file with it."""
    first, second = SqliteSource(desk), SqliteSource(desk)
    try:
        for source in (first, second):
            source.table("t").prepare(Query(sort=(Sort("amount"),)), lambda part: None)
        with first.connections.reader() as reader:
            reader.connection.execute("SELECT count(*) FROM t").fetchone()
            second.close()
            writing = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN EXCLUSIVE')"
            other = subprocess.run([sys.executable, "-c", writing, desk], capture_output=True, text=True, check=False)
            assert "database is locked" in other.stderr
    finally:
        first.close()
        second.close()
