"""The ways of large tables: the same rows as the plain ways, whatever is stored, and right after every change."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from unittest import mock

import pytest

from kernel.error import EspalierError
from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import InterruptedCallError, SourceError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Aggregate, Query, Sort, parse_sort
from kernel.tables.sqlite import SqliteSource, coded_group, head, known, ordering, scan, search, sifting
from kernel.tables.sqlite.part_row import MisfitError
from tests.large_ways import few_rows_are_mirrored, few_rows_count_as_many
from tests.waiting import PATIENCE_S

#: Column type → values that stand in it, lying ones and odd ones among them.
STORED = {
    "INTEGER": [3, None, -5, 2**63 - 1, -(2**63), 0, 3],
    "INTEGER /* texts too */": [3, "abc", None, b"x", 2.5, -1],
    "INTEGER /* like nothing */": [4 * 10**7, None, 1, -5 * 10**7, 4 * 10**15, 0],
    "DECIMAL(8,2)": [4e5, None, -0.01, 0.005, -5e5, 1e9, 0.29],
    "DECIMAL(10,2)": [1.25, 3, None, -0.5, 1.1, 0.1 + 0.2, 1e300],
    "DECIMAL(9,2)": [1.25, 3, None, -0.5, 1.1, 12345.67, 0],
    "REAL": [0.1, 1 / 3, None, -1e-300, float("inf"), 2.0, 0.1],
    "BOOLEAN": [1, 0, None, 1, 7],
    "TEXT": ["b", "B", None, "", "a", "ä", "Zoë", "zoe", "z"],
    "TEXT /* ascii */": ["b", "B", None, "", "a", "ab", "c d", "b"],
    "TEXT /* borders */": ["a\x1fb", "\x1e", None, "a", "\x1f"],
    "TEXT /* nulls */": ["a\0", "a", None, "a\0b", "\0"],
    "TEXT /* long */": ["x" * 70, "x" * 69 + "y", None, "x" * 64, "a" * 100_000, "é" * 70],
    "TEXT /* wide */": ["".join(chr(32 + (n * 7 + place * 11) % 90) for place in range(40)) for n in range(9)],
    "TEXT /* bytes */": [b"a", "a", None, b"\xff", "b"],
    "TEXT /* large */": ["L" * 10_000_000, "s", None, "l" * 10_000_000],
    "DATE": ["2024-01-05", None, "2023-12-31", "05.01.2024", "2024-01-05 10:00:00", "später"],
    "DATETIME": [1704412800, None, 1704412799, 1704412801],
    "": [1, "a", None, 1.0, b"1", "1", 2**60],
}


@contextlib.contextmanager
def opened(path: Path, sql: str, rows=()):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
        for statement, values in rows:
            connection.execute(statement, values)
        connection.commit()
    source = SqliteSource(path)
    try:
        yield source
    finally:
        source.close()


WAYS = pytest.mark.parametrize("way", [few_rows_count_as_many, few_rows_are_mirrored], ids=["many", "mirrored"])


@WAYS
@pytest.mark.parametrize("declared", STORED)
@pytest.mark.parametrize("sort", ["a", "-a", "b,a"])
def test_orders_are_the_same(tmp_path, declared, sort, way):
    rows = [("INSERT INTO t (a, b) VALUES (?, ?)", (value, n % 2)) for n, value in enumerate(STORED[declared] * 2)]
    with opened(tmp_path / "o.sqlite", f"CREATE TABLE t (id INTEGER PRIMARY KEY, a {declared}, b INT)", rows) as source:
        table, query = source.table("t"), Query(sort=parse_sort(sort), columns=("id",))
        wanted = table.fetch(query, 0, 100).keys
        with way(), contextlib.closing(SqliteSource(source.path)) as many:
            table = many.table("t")
            assert table.fetch(query, 0, 2).keys == wanted[:2]
            assert table.prepare(query, lambda part: None) == len(wanted)
            assert table.fetch(query, 0, 100).keys == wanted


@pytest.mark.parametrize("odd", ["é", "ea\u0301", "d\u00e9", "\u0301d", b"EA\xff", b"\x80", "\u212a", "e\0", None, b""])
@pytest.mark.parametrize("sort", ["a", "-a"])
@pytest.mark.parametrize("is_stored", [True, False], ids=["pages", "SQL"])
def test_an_odd_text_stands_where_nobody_looks_first(tmp_path, monkeypatch, sort, odd, is_stored):
    """Texts that are not ASCII, and broken ones, stand elsewhere than their bytes tell."""
    if not is_stored:
        monkeypatch.setattr(head.Head, "_stored", mock.Mock(side_effect=MisfitError))
    texts = ["e" + "f" * (n % 7) for n in range(17)]
    texts.insert(3, odd)
    query = Query(sort=parse_sort(sort))
    rows = [("INSERT INTO t (a) VALUES (CAST(? AS TEXT))", (text,)) for text in texts]
    with opened(tmp_path / "w.sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", rows) as source:
        wanted = source.table("t").fetch(query, 0, 100).keys
        for size in (2, 4, 7):
            with (few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many,
                  mock.patch.object(ordering, "HEAD", size), mock.patch.object(head, "_CHUNK", 2 * size)):
                assert many.table("t").fetch(query, 0, size).keys == wanted[:size]


def test_rows_of_another_state_of_the_same_table_are_not_taken_for_plain(tmp_path):
    """The names of parents that the filter leaves out are not looked at."""
    sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, p INT REFERENCES t); INSERT INTO t VALUES" \
          " (1, 'Ä', NULL), (2, 'b', NULL), (3, 'x', 2), (4, 'x', 1), (5, 'y', 2)"
    query = Query(filter="id > 2", sort=parse_sort("p.name,name"))
    with opened(tmp_path / "j.sqlite", sql) as source:
        wanted = source.table("t").fetch(query, 0, 100).keys
        with few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many:
            assert many.table("t").fetch(query, 0, 2).keys == wanted[:2] == [(4,), (3,)]


def test_texts_that_are_no_utf_8(tmp_path):
    sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);" + "".join(
        f"INSERT INTO t (a) VALUES (CAST(X'{value}' AS TEXT));" for value in ("ff61", "61", "c3", "7a", "61ff"))
    query = Query(sort=(Sort("a"),))
    with opened(tmp_path / "u.sqlite", sql) as source, few_rows_count_as_many():
        table = source.table("t")
        assert table.prepare(query, lambda part: None) == 5
        prepared = table.fetch(query, 0, 9)
    with contextlib.closing(SqliteSource(tmp_path / "u.sqlite")) as source:
        assert source.table("t").fetch(query, 0, 9) == prepared


@pytest.mark.parametrize(("text", "is_searched"), [
    ("name contains 'AB'", True), ("name contains 'é'", True), ("name contains 'STRASSE'", True),
    ("name contains '%_'", True), ("name contains p.text", True), ("name contains ''", False),
    ("name contains 'a' and id > 2", False), ("name contains id", False), ("mixed contains '1'", False),
    ("broken contains 'a'", True), ("broken contains 'é'", False), ("bordered contains 'a'", True),
    ("bordered contains 'é'", False), ("name contains '\\x1f'", False),
])  # fmt: skip
def test_texts_that_are_looked_for_are_found(tmp_path, monkeypatch, text, is_searched):
    """Beyond ASCII, letters may fold to others: ß to ss, the Kelvin sign to k."""
    names = ["xaby", "ABBA", None, "", "Straße 1", "É", "e\u0301", "100%_", "\u212aab", "b a", "ﬁn ab"]
    others = [1, "21", b"1", None, 2.5]
    rows = [("INSERT INTO t (name, mixed, broken, bordered) VALUES (?, ?, CAST(? AS TEXT), ?)",
             (name, others[n % 5], b"a\xff" if n == 3 else b"ab", "a\x1fa" if n == 4 else "a"))
            for n, name in enumerate(names)]
    asked, ask = [], search.searched

    def noted(*given):
        asked.append(False)
        found = ask(*given)
        asked[-1] = True
        return found

    monkeypatch.setattr(search, "searched", noted)
    query = Query(filter=text, parameters={"p.text": "K"})
    for numbers in ("", "; DELETE FROM t WHERE id = 2; UPDATE t SET id = 900 WHERE id = 11"):
        sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, mixed, broken TEXT, bordered TEXT)"
        path = tmp_path / f"{len(numbers)}.sqlite"
        with opened(path, sql, [*rows, *((part, ()) for part in numbers.split(";") if part)]) as source:
            wanted = source.table("t").fetch(query, 0, 100)
            asked.clear()
            with few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many:
                assert many.table("t").prepare(query, lambda part: None) == len(wanted)
                assert many.table("t").fetch(query, 0, 100) == wanted
            assert any(asked) is is_searched


@pytest.mark.parametrize("odd", ["\u212a", "Straße ſ ﬁn", "zero\0 k!b", "a\x1fß", None, b"K", b"\0K", b"s\xc5\xbf", 50])
@pytest.mark.parametrize("is_stored", [True, False], ids=["pages", "LIKE"])
def test_few_odd_texts_among_plain_ones_are_looked_into(tmp_path, monkeypatch, odd, is_stored):
    """SQLite's LIKE ends at a zero, and folds ASCII alone; of signs in a pattern it makes something else. Bytes are no
    texts for anybody. What is in the file's pages is only looked through for texts that no odd one may hold."""
    if not is_stored:
        monkeypatch.setattr(scan, "find_stored", lambda *given: None)
    names = ["Kilo", "plain", "50%", "a_b", "k!b", "", None, "Ab"] * 25
    names[::60] = [odd] * len(names[::60])
    rows = [("INSERT INTO t (name) VALUES (?)", (name,)) for name in names]
    asked, ask = [], search.sifted
    monkeypatch.setattr(search, "sifted", lambda *given: asked.append(True) or ask(*given))
    with opened(tmp_path / "s.sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)", rows) as source:
        for text in ("K", "s", "SS", "fi", "n", "%", "_", "k!", "ab", "lo", "0"):
            query = Query(filter="name contains p.text", parameters={"p.text": text})
            wanted = source.table("t").fetch(query, 0, 300).keys
            with few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many:
                assert many.table("t").prepare(query, lambda part: None) == len(wanted), text
                assert many.table("t").fetch(query, 0, 300).keys == wanted, text
    assert len(asked) == 11 or is_stored


def test_the_letters_that_fold_to_ascii_are_known():
    letters = map(chr, (*range(0x80, 0xD800), *range(0xE000, sys.maxunicode + 1)))
    assert {folded for letter in letters if min(folded := letter.casefold()) < "\x80"} == sifting.FOLDED


@pytest.mark.parametrize(("text", "expected"), [
    ("garnet 77", False), ("50%", False), ("ask", True), ("strasse", True), ("s", True), ("mos", True), ("if", True),
    ("not", True), ("fig", True), ("ink", True), ("lemur", True), ("velour", False), ("dodo", False),
])  # fmt: skip
def test_a_text_meets_letters_where_one_of_them_may_be_a_part_of_it(text, expected):
    """As every text can tell that has one such letter between others."""
    assert sifting.meets_letters(text) is expected
    letters = "ßŉſǰẖẗẘẙẚẞİ\u212aﬀﬁﬂﬃﬄﬅﬆ"
    parts = {text[:at] for at in range(len(text) + 1)} | {text[at:] for at in range(len(text) + 1)}
    texts = [f"{before}{letter}{after}" for letter in letters for before in parts for after in parts]
    is_met = any(text in one.casefold() and not any(text in part for part in one.split(letter))
                 for one in texts for letter in letters if letter in one)  # fmt: skip
    assert is_met <= expected


COUNTED = (Aggregate("count"), Aggregate("sum", "cents"), Aggregate("average", "n"), Aggregate("minimum", "cents"),
           Aggregate("maximum", "n"), Aggregate("count", "n"))


@pytest.mark.parametrize(("group", "text", "is_coded"), [
    (("word",), "", True), (("n",), "", True), (("cents", "word"), "", True), ((), "", True), ((), "n > 100", True),
    (("word",), "cents > 0", True), (("day",), "", True), (("is_on", "n"), "", True),
    (("lower(word)",), "", False), (("weight",), "", False),
])  # fmt: skip
def test_groups_by_numpy_are_the_same(tmp_path, monkeypatch, group, text, is_coded):
    sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT, n INT, cents DECIMAL(9,2), is_on BOOLEAN, day DATE," \
          " weight REAL)"
    rows = [("INSERT INTO t (word, n, cents, is_on, day, weight) VALUES (?, ?, ?, ?, ?, ?)",
             ([None, "a", "A", "Zürich", ""][number % 5], [7, None, -3][number % 3], [1.25, -2, None, 0.1][number % 4],
              number % 2, f"2024-01-0{number % 3 + 1}", number / 3)) for number in range(60)]
    asked, ask = [], coded_group.coded_groups
    monkeypatch.setattr(coded_group, "coded_groups", lambda *given: asked.append(ask(*given)) or asked[-1])
    query = Query(filter=text, group=group, aggregates=COUNTED)
    with opened(tmp_path / "g.sqlite", sql, rows) as source:
        wanted = source.table("t").fetch(query, 0, 100)
        with few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many:
            assert repr(many.table("t").fetch(query, 0, 100)) == repr(wanted)
    assert [found is not None for found in asked] == ([is_coded] if asked else [])
    assert asked or not is_coded


TABLES = {
    "dense": "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)",
    "hidden": "CREATE TABLE t (id INT, a INT)",
    "descending": "CREATE TABLE t (id INTEGER PRIMARY KEY DESC, a INT)",
    "text key": "CREATE TABLE t (id TEXT PRIMARY KEY, a INT)",
    "two parts": "CREATE TABLE t (a INT, id INT, PRIMARY KEY (a, id)) WITHOUT ROWID",
    "no row number": "CREATE TABLE t (id INT PRIMARY KEY, a INT) WITHOUT ROWID",
    "text, no row number": "CREATE TABLE t (id TEXT PRIMARY KEY COLLATE NOCASE, a INT) WITHOUT ROWID",
    "downwards, no row number": "CREATE TABLE t (id INT, a INT, PRIMARY KEY (id DESC, a)) WITHOUT ROWID",
}


@pytest.mark.parametrize("numbers", [range(1, 12), [-7, -2, 0, 3, 4, 5, 900, 2**62]], ids=["dense", "sparse"])
@pytest.mark.parametrize("table", TABLES)
def test_positions_in_the_own_order(tmp_path, table, numbers):
    rows = [("INSERT INTO t (id, a) VALUES (?, ?)", (number, number % 3)) for number in numbers]
    with opened(tmp_path / "p.sqlite", TABLES[table], rows) as source:
        whole = source.table("t").fetch(Query(), 0, 100)
        with few_rows_count_as_many():
            table = source.table("t")
            assert table.prepare(Query(), lambda part: None) == len(whole)
            for start in range(len(whole) + 2):
                page = table.fetch(Query(), start, start + 3)
                assert page.keys == whole.keys[start : start + 3]
            assert [table.locate(Query(), key) for key in whole.keys] == list(range(len(whole)))
            assert table.estimate(Query()).count == table.count(Query()) == len(whole)


def test_an_empty_table(tmp_path):
    with opened(tmp_path / "e.sqlite", TABLES["dense"]) as source, few_rows_count_as_many():
        table = source.table("t")
        for query in (Query(), Query(sort=(Sort("a"),)), Query(filter="a > 1")):
            assert table.prepare(query, lambda part: None) == 0 == len(table.fetch(query, 0, 5))
            assert table.estimate(query).count == 0


@pytest.mark.parametrize("query", [Query(), Query(sort=(Sort("a", True),)), Query(filter="a != 1"),
                                   Query(group=("a",), aggregates=(Aggregate("count"),))],
                         ids=["plain", "sort", "filter", "group"])
@WAYS
def test_what_was_prepared_is_prepared_anew_after_a_change(tmp_path, query, way):
    rows = [("INSERT INTO t (id, a) VALUES (?, ?)", (number, number % 3)) for number in range(1, 12)]
    with opened(tmp_path / "c.sqlite", TABLES["dense"], rows) as source, way():
        table = source.table("t")

        def check() -> None:
            with contextlib.closing(SqliteSource(source.path)) as fresh:
                wanted = fresh.table("t").fetch(query, 0, 100)
            assert table.fetch(query, 0, 100) == wanted
            assert table.prepare(query, lambda part: None) == table.count(query) == len(wanted)
            assert table.fetch(query, 0, 100) == wanted

        check()
        table.commit([Insert({"a": 7}), Delete((3,), ""), Update((5,), "", {"a": 9})])
        check()
        with contextlib.closing(sqlite3.connect(source.path)) as other:
            other.execute("UPDATE t SET a = a + 1 WHERE id > 5")
            other.commit()
        check()
        with contextlib.closing(sqlite3.connect(source.path)) as other:
            other.execute("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'x'")
            other.commit()
        check()


KEPT = """
CREATE TABLE boss (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO boss VALUES (1, 'Ada'), (2, 'Bo');
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, boss_id INT REFERENCES boss);
WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
    INSERT INTO t SELECT i, i % 4, 'b' || i, i % 3 FROM n;
CREATE TABLE made (id INTEGER PRIMARY KEY, a INT, twice INT AS (a * 2), b TEXT); INSERT INTO made (a) VALUES (1), (2);
CREATE TABLE heard (id INTEGER PRIMARY KEY, a INT, b TEXT); INSERT INTO heard (a) VALUES (2), (1);
CREATE TRIGGER hear AFTER UPDATE OF b ON heard BEGIN UPDATE heard SET a = 9 WHERE id = 1; END;
CREATE TABLE only (id INTEGER PRIMARY KEY, a INT UNIQUE ON CONFLICT REPLACE, b TEXT); INSERT INTO only (a) VALUES (1);
CREATE VIEW seen AS SELECT * FROM t;
"""


@pytest.mark.parametrize(("table", "sort", "written", "values", "is_kept"), [
    ("t", "a", "t", {"b": "x"}, True),
    ("t", "-a", "t", {"a": 99}, False),
    ("t", "", "t", {"b": "x"}, True),
    ("t", "a", "t", {"id": 99}, False),
    ("t", "a", "boss", {"name": "Zoe"}, True),
    ("t", "boss.name", "boss", {"name": "Zoe"}, False),
    ("t", "boss:label", "t", {"boss_id": 2}, False),
    ("t", "boss.name", "t", {"a": 99}, True),
    ("made", "twice", "made", {"a": 99}, False),
    ("made", "a", "made", {"b": "x"}, False),
    ("heard", "a", "heard", {"b": "x"}, False),
    ("only", "a", "only", {"b": "x"}, False),
])  # fmt: skip
@WAYS
def test_an_order_is_kept_when_other_columns_are_written(tmp_path, table, sort, written, values, is_kept, way):
    query = Query(sort=parse_sort(sort))
    with opened(tmp_path / "k.sqlite", KEPT) as source, way():
        assert source.table(table).prepare(query, lambda part: None)
        before = _kept(source, query, table)
        source.table(written).commit([Update((1,), "", values)])
        after = _kept(source, query, table)
        assert before is not None and (after is before) is is_kept
        with contextlib.closing(SqliteSource(source.path)) as fresh:
            assert source.table(table).fetch(query, 0, 99) == fresh.table(table).fetch(query, 0, 99)


@pytest.mark.parametrize("sql", ["UPDATE t SET a = 5 WHERE id = 2", "INSERT INTO t (a) VALUES (0)", "DELETE FROM t"])
def test_an_order_is_not_kept_when_others_write_too(tmp_path, monkeypatch, sql):
    """Another program writes between the commit and the look at what was written."""
    query = Query(sort=(Sort("a"),))
    with opened(tmp_path / "k.sqlite", KEPT) as source, few_rows_count_as_many():
        source.table("t").prepare(query, lambda part: None)
        look = source.connections.after_writing

        def late(*arguments) -> None:
            with contextlib.closing(sqlite3.connect(source.path)) as other:
                other.execute(sql)
                other.commit()
            look(*arguments)

        monkeypatch.setattr(source.connections, "after_writing", late)
        source.table("t").commit([Update((1,), "", {"b": "x"})])
        assert _kept(source, query, "t") is None
        with contextlib.closing(SqliteSource(source.path)) as fresh:
            assert source.table("t").fetch(query, 0, 99) == fresh.table("t").fetch(query, 0, 99)


def _kept(source: SqliteSource, query: Query, table: str):
    """What is known of the order of a query."""
    name = f"landmarks {table}" if not query.sort else ordering.name_of(table, query)
    with source.connections.reader() as reader:
        return reader.known.find(name)


@pytest.fixture
def large(tmp_path):
    """200,000 rows with texts, decimals, and numbers that only SQL sorts."""
    sql = """
        CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, price DECIMAL(9,2), odd REAL);
        WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
        INSERT INTO t SELECT i, 'name ' || (i * 7919 % 200003), (i * 104729 % 1000003) / 100.0, 1.0 / i FROM n;
    """
    with opened(tmp_path / "l.sqlite", sql) as source:
        yield source


def test_two_that_prepare_the_same_share_the_work(large, monkeypatch):
    begun, may_go = threading.Event(), threading.Event()
    runs, rows = [], scan.Scan.rows

    def counted(self, report):
        runs.append(1)
        begun.set()
        assert may_go.wait(PATIENCE_S)
        return rows(self, report)

    monkeypatch.setattr(scan.Scan, "rows", counted)
    query, counts = Query(sort=(Sort("price"),)), []
    threads = [threading.Thread(target=lambda: counts.append(large.table("t").prepare(query, lambda part: None)))
               for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(PATIENCE_S)
    may_go.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert counts == [200_000] * 3 and len(runs) == 1


@pytest.mark.parametrize("query", [
    Query(sort=(Sort("price"),)), Query(sort=(Sort("name"),)), Query(sort=(Sort("odd"),)),
    Query(filter="name contains '77'"), Query(filter="name contains 'ü' or price > 9"),
    Query(group=("name",), aggregates=(Aggregate("sum", "price"),)), Query(group=("odd",)),
], ids=["numbers", "texts", "by SQL", "filter", "callback", "groups", "many groups"])  # fmt: skip
def test_what_is_given_up_ends_and_is_done_again(large, query):
    table, interrupt, told = large.table("t"), Interrupt(), []
    before = threading.active_count()
    timer = threading.Timer(0.02, interrupt.set)
    timer.start()

    def report(part: float) -> None:
        told.append(part)
        interrupt.set()

    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        table.prepare(query, report)
        interrupt.check()  # it was done within the 20 ms
    timer.join()
    assert threading.active_count() <= before
    parts: list[float] = []
    count = table.prepare(query, parts.append)
    assert count == table.count(query) > 0
    assert parts == sorted(parts) and parts[-1] == 1.0 and parts[0] >= 0


def test_only_so_much_is_kept(large, monkeypatch):
    monkeypatch.setattr(known, "MOST_BYTES", 2_000_000)
    table = large.table("t")
    for sort in ("price", "name", "-price", "-name"):
        table.prepare(Query(sort=parse_sort(sort)), lambda part: None)
    with large.connections.reader() as reader:
        assert sum(kept.size for kept in reader.known._kept.values()) <= 2_000_000
    assert table.fetch(Query(sort=parse_sort("price")), 150_000, 150_003).keys


@pytest.mark.parametrize("text", ["a" * 1_000_000, "price > 1 and " * 70_000, "(" * 1_000_000, "not " * 250_000],
                         ids=["word", "tests", "brackets", "not"])
def test_a_filter_of_a_million_characters_is_refused(large, text):
    for call in (large.table("t").count, large.table("t").estimate):
        with pytest.raises(EspalierError, match="longer than 10,000 characters"):
            call(Query(filter=text))
    with pytest.raises(EspalierError, match="longer than 10,000 characters"):
        large.table("t").prepare(Query(sort=(Sort("x"),), computed={"x": text}), lambda part: None)


def test_a_file_that_is_overwritten_says_so(large):
    query = Query(sort=(Sort("price"),))
    assert large.table("t").prepare(query, lambda part: None) == 200_000
    with large.path.open("r+b") as file:
        file.write(bytes(1 << 20))
    with pytest.raises(SourceError, match="damaged|no SQLite database"):
        large.table("t").prepare(query, lambda part: None)


FULL = """
import resource, signal, sys
from kernel.tables.error import TableError
from kernel.tables.query import Query, Sort
from kernel.tables.sqlite import SqliteSource
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
source = SqliteSource(sys.argv[1], is_read_only=True)
query = Query(sort=(Sort("odd"),))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    source.table("t").prepare(query, lambda part: None)
except TableError as error:
    print(type(error).__name__, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(source.table("t").prepare(query, lambda part: None))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes are not limited so")
def test_no_room_for_a_sort_says_so_and_ends_nothing(large):
    command = [sys.executable, "-c", FULL, str(large.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first.startswith("SourceError") and "l.sqlite" in first and "disk" in first
    assert second == "200000"


@pytest.mark.parametrize("made", [
    "", "; DELETE FROM t WHERE id % 7 = 3", "; UPDATE t SET id = id * 1000 + 1000000", "; UPDATE t SET id = -id",
    "; DELETE FROM t WHERE id BETWEEN 50 AND 250", "; DELETE FROM t WHERE id > 3; DELETE FROM t WHERE id < 3",
], ids=["dense", "gaps", "sparse", "negative", "hole", "one"])  # fmt: skip
@pytest.mark.parametrize("text", ["a contains 'ER 1'", "a contains 'é'", "b > 3", "a contains 'er' and b != 5"])
def test_a_filter_reads_a_table_once(tmp_path, monkeypatch, made, text):
    """Its parts come from the pages that lead to the leaves; the rows are not counted beforehand."""
    sql = "PRAGMA page_size = 512; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);" \
          "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)" \
          "SELECT i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'Ember ' || i WHEN 2 THEN 'É' ELSE 'x' END, i % 9 FROM n"
    query = Query(filter=text)
    with opened(tmp_path / "l.sqlite", sql + made) as source:
        wanted = source.table("t").fetch(query, 0, 400).keys
        monkeypatch.setattr(ordering, "find_landmarks", mock.Mock(side_effect=AssertionError))
        monkeypatch.setattr(scan, "part_row", noted := mock.Mock(wraps=scan.part_row))
        with few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many:
            table = many.table("t")
            if made == "; UPDATE t SET id = -id":  # such pages are not read this way
                monkeypatch.undo()
            assert table.prepare(query, lambda part: None) == len(wanted)
            assert table.fetch(query, 0, 400).keys == wanted
    assert noted.call_count > 2 or text != "b > 3" or made.endswith(("-id", "< 3"))


@pytest.mark.parametrize("made", [
    "a TEXT", "a", "a NUMERIC", "a VARCHAR(9) DEFAULT 'ember'", "late TEXT", "late TEXT DEFAULT 'the ember'",
])  # fmt: skip
@pytest.mark.parametrize("odd", [
    "50", "x'ff456d626572'", "'E' || printf('%.*c', 900, 'm') || 'ember'", "'éember\u212a'",
])  # fmt: skip
@pytest.mark.parametrize("text", ["ember", "5", "no such", "the e"])
def test_rows_far_from_a_hit_are_not_taken_for_texts(tmp_path, made, odd, text):
    """Numbers, bytes, rows that are continued on other pages, and columns that were added later."""
    name, is_late = made.split()[0], made.startswith("late")
    sql = f"PRAGMA page_size = 512; CREATE TABLE t (id INTEGER PRIMARY KEY, {'a TEXT' if is_late else made});" \
          "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)" \
          "SELECT i, CASE i % 40 WHEN 7 THEN 'Ember' WHEN 8 THEN NULL ELSE 'nothing' END FROM n;" \
          f"{f'ALTER TABLE t ADD COLUMN {made};' if is_late else ''} UPDATE t SET {name} = {odd} WHERE id IN (20, 150)"
    query = Query(filter=f"{name} contains '{text}'")
    with opened(tmp_path / "n.sqlite", sql) as source:
        wanted = source.table("t").fetch(query, 0, 400).keys
        with few_rows_count_as_many(), contextlib.closing(SqliteSource(source.path)) as many:
            table = many.table("t")
            assert table.prepare(query, lambda part: None) == len(wanted)
            assert table.fetch(query, 0, 400).keys == wanted
