"""Files as people have them: broken, huge, binary, changed or deleted while they are read."""

from __future__ import annotations

import base64
import codecs
import concurrent.futures
import datetime
import os
import zlib
from decimal import Decimal

import pytest

from kernel.tables.change import Insert
from kernel.tables.error import InterruptedCallError, ReadOnlyError, SourceError, UnavailableError, UnknownColumnError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Aggregate, Query, parse_sort
from kernel.tables.source import open_source


@pytest.fixture
def opened(tmp_path):
    """Opens bytes as a file and answers its table; ``opened.source`` is the last one."""
    sources = []

    def make(content, name="t.csv", kind="csv", **told):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        sources.append(open_source({"kind": kind, "path": name, **told}, tmp_path))
        make.source = sources[-1]
        return sources[-1].table(sources[-1].table_names()[0])

    yield make
    for source in sources:
        source.close()


def rows(table, query=None):
    block = table.fetch(query or Query(), 0, 1000)
    return [tuple(block.row(place).values()) for place in range(len(block))]


def types(table):
    return {column.name: column.type for column in table.schema.columns}


def test_types_are_told_by_the_cells(opened):
    table = opened(
        "id,price,ratio,on,day,at,clock,zip,who\n"
        "1,9.90,1e3,true,2024-02-29,2024-01-05T12:30:00Z,08:15,01234,Ann\n"
        "2,,2.5,false,,2024-01-05 14:30:00+02:00,,99999,\n"
    )
    assert list(types(table).values()) == [
        "integer", "decimal", "real", "boolean", "date", "datetime", "time", "text", "text"
    ]  # fmt: skip
    noon = datetime.datetime(2024, 1, 5, 12, 30)
    first = (1, Decimal("9.90"), 1000.0, True, datetime.date(2024, 2, 29), noon, datetime.time(8, 15), "01234", "Ann")
    assert rows(table) == [first, (2, None, 2.5, False, None, noon, None, "99999", None)]
    assert str(rows(table)[0][1]) == "9.90"


def test_a_cell_that_does_not_fit_its_type_stays_as_it_is(opened):
    table = opened("n\n" + "1\n" * 2000 + "many\n0x1F\n1_000\n 5\n")
    assert types(table) == {"n": "integer"}
    assert [row[0] for row in rows(table, Query(filter="text(n) != '1'"))] == ["many", "0x1F", "1_000", " 5"]
    assert table.fetch(Query(sort=parse_sort("-n")), 0, 1).columns["n"] == ["many"]


@pytest.mark.parametrize(
    ("content", "columns", "wanted"),
    [
        ("a;b\n1;2\n", ["a", "b"], [(1, 2)]),
        ("a\tb\n1\tx,y\n", ["a", "b"], [(1, "x,y")]),
        ("a|b\n1|2\n", ["a", "b"], [(1, 2)]),
        ("1,2\n3,4\n", ["column 1", "column 2"], [(1, 2), (3, 4)]),
        ("a,a,,b\n1,2,3,4\n", ["a", "a 2", "column 3", "b"], [(1, 2, 3, 4)]),
        ("a\r\n1\r\n2\r\n", ["a"], [(1,), (2,)]),
        ("a,b\r1,2\r3,4", ["a", "b"], [(1, 2), (3, 4)]),
        ('a,b\n"1\n2","say ""hi"""\n', ["a", "b"], [("1\n2", 'say "hi"')]),
        ('a,b\n5" pipe,"x"\n', ["a", "b"], [('5" pipe', "x")]),
        (codecs.BOM_UTF8 + "ä,b\n1,2\n".encode(), ["ä", "b"], [(1, 2)]),
        ("ä,b\n1,é\n".encode("utf-16"), ["ä", "b"], [(1, "é")]),
        ("ab,b\n1,é😀\n".encode("utf-16-le"), ["ab", "b"], [(1, "é😀")]),
        ("ab,b\n1,é\n".encode("utf-16-be"), ["ab", "b"], [(1, "é")]),
        ("name,b\nJosé,€\n".encode("cp1252"), ["name", "b"], [("José", "€")]),
        ("a,b\n", ["a", "b"], []),
        ("a,b", ["a", "b"], []),
        ("", [], []),
        ("a,b\n\n1,2\n", ["a", "b"], [(None, None), (1, 2)]),
    ],
)
def test_dialects(opened, content, columns, wanted):
    table = opened(content)
    assert [column.name for column in table.schema.columns] == columns
    if wanted is not None:
        assert rows(table) == wanted and table.count(Query()) == len(wanted)


def test_the_description_goes_before_what_is_guessed(opened):
    table = opened("1:'a:b'\n", separator=":", quote="'", header=False, encoding="latin-1", types={"column 1": "text"})
    assert rows(table) == [("1", "a:b")]
    for told, message in [
        ({"separator": ",,"}, "separator"),
        ({"encoding": "utf-99"}, "no encoding utf-99"),
        ({"types": {"wrong": "text"}}, "no column wrong"),
        ({"types": {"column 1": "number"}}, "no type number"),
        ({"speparator": ","}, "no entry speparator"),
    ]:
        with pytest.raises(SourceError, match=message):
            opened("1,2\n", **told)


def test_ragged_rows_lose_nothing(opened):
    table = opened("a,b\n1,2\n3\n4,5,6,7\n")
    assert list(types(table)) == ["a", "b", "more"]
    assert rows(table) == [(1, 2, None), (3, None, None), (4, 5, "6,7")]
    late = opened("a,b\n" + "1,2\n" * 2000 + "4,5,6\n")
    assert rows(late, Query(filter="a == 4")) == [(4, "5,6")]


def test_odd_characters_stay(opened):
    table = opened(b"a,b\n" + "ü\n".encode() * 5 + b"x\0y,caf\xe9\n\x1b[1m,\xe2\x80\xae\n")
    assert rows(table)[5:] == [("x\0y", b"caf\xe9"), ("\x1b[1m", "\u202e")]
    assert rows(table, Query(filter="b contains 'caf'"))[0][0] == "x\0y"
    assert len(rows(table, Query(sort=parse_sort("b")))) == 7


def test_binary_rubbish_is_refused(opened):
    with pytest.raises(SourceError, match="t.csv is no text"):
        opened(bytes(range(1, 32)) * 50)


def test_huge_cells_and_lines(opened):
    cell = "x" * (10 << 20)
    table = opened(f'a,b\n1,{cell}\n2,"{cell}\n"\n3,end\n')
    assert table.count(Query()) == 3
    values = table.fetch(Query(columns=("b",)), 0, 3).columns["b"]
    assert [len(value) for value in values] == [len(cell), len(cell) + 1, 3]
    line = opened("y" * (50 << 20), header=False)
    assert line.count(Query()) == 1 and len(line.fetch(Query(), 0, 1).columns["column 1"][0]) == 50 << 20


def test_a_file_that_is_changed_is_read_anew(opened, tmp_path):
    table = opened("a\n1\n2\n")
    heard = []
    table.subscribe(heard.append)
    ordered = Query(sort=parse_sort("-a"))
    assert table.fetch(ordered, 0, 9).columns["a"] == [2, 1] and not opened.source.poll()
    (tmp_path / "t.csv").write_text("a\n1\n2\n3\n")
    assert opened.source.poll() and [change.is_everything for change in heard] == [True]
    assert table.fetch(ordered, 0, 9).columns["a"] == [3, 2, 1] and table.count(Query()) == 3
    (tmp_path / "new").write_text("b\nx\n")
    os.replace(tmp_path / "new", tmp_path / "t.csv")
    assert rows(table) == [("x",)] and types(table) == {"b": "text"}


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_file_that_is_deleted_is_unavailable(opened, tmp_path, kind):
    import duckdb

    if kind == "parquet":
        duckdb.sql(f"COPY (SELECT 1 AS a) TO '{tmp_path / 'p.parquet'}' (FORMAT parquet)")
        content = (tmp_path / "p.parquet").read_bytes()
    else:
        content = b"a\n1\n" if kind == "csv" else b'{"a": 1}\n'
    table = opened(content, f"d.{kind}", kind)
    assert rows(table) == [(1,)]
    (tmp_path / f"d.{kind}").unlink()
    for ask in (rows, lambda table: table.count(Query()), lambda table: table.count(Query(filter="a > 1"))):
        with pytest.raises(UnavailableError, match=f"d.{kind} is not there any more"):
            ask(table)
    assert opened.source.poll()
    (tmp_path / f"d.{kind}").write_bytes(content)
    assert rows(table) == [(1,)]


def test_what_is_no_file_is_refused(tmp_path):
    for path, message in [("none.csv", "there is no file"), (".", "is a folder"), ("", "needs a path")]:
        with pytest.raises(SourceError, match=message):
            open_source({"kind": "csv", "path": path}, tmp_path)


def test_files_are_read_only(opened):
    with pytest.raises(ReadOnlyError, match="read in place"):
        opened("a\n1\n").commit([Insert({"a": 2})])


def test_json_lines(opened):
    table = opened(
        '{"id": 1, "price": 9.90, "tags": ["a", {"b": 1}], "day": "2024-05-06", "on": true}\n'
        '{"id": 12345678901234567890, "name": "Jos\\u00e9", "day": null}\n',
        "t.jsonl",
        "jsonl",
    )
    assert types(table) == {
        "id": "integer", "price": "decimal", "tags": "text", "day": "date", "on": "boolean", "name": "text"
    }  # fmt: skip
    assert rows(table) == [
        (1, Decimal("9.90"), '["a", {"b": 1}]', datetime.date(2024, 5, 6), True, None),
        (12345678901234567890, None, None, None, None, "José"),
    ]


def test_a_broken_json_line_shows_itself_and_others_stay(opened):
    table = opened(b'{"a": 1}\n{"a": 2\n[3]\n\xff\xfe\n{"a": "\\ud800"}\n{"a": 6}\n', "t.jsonl", "jsonl")
    assert list(types(table)) == ["a", "problem"]
    assert rows(table) == [
        (1, None), (None, '{"a": 2'), (None, "[3]"), (None, b"\xff\xfe"), (None, '{"a": "\\ud800"}'), (6, None)
    ]  # fmt: skip
    late = opened('{"a": 1}\n' * 2000 + '{"a"\n', "late.jsonl", "jsonl")
    assert [row[0] for row in rows(late, Query(filter="a != 1"))] == ['{"a"']
    with pytest.raises(SourceError, match="no JSON objects"):
        opened("1\n2\n", "numbers.jsonl", "jsonl")


def test_broken_columnar_files_are_refused(opened, tmp_path):
    import duckdb

    duckdb.sql(f"COPY (SELECT range AS a FROM range(5000)) TO '{tmp_path / 'w.parquet'}' (FORMAT parquet)")
    whole = (tmp_path / "w.parquet").read_bytes()
    for content in (whole[: len(whole) // 2], b"PAR1", b"rubbish" * 9):
        with pytest.raises(SourceError, match=r"b\.parquet cannot be read"):
            opened(content, "b.parquet", "parquet")
    for content in (b"ARROW1\0\0" + b"\xff" * 50, b"rubbish" * 9, b"ARROW1\0\0"):
        with pytest.raises(SourceError, match=r"b\.arrow"):
            opened(content, "b.arrow", "arrow")


def test_a_name_with_letters_of_patterns_is_one_file(opened, tmp_path):
    import duckdb

    duckdb.sql(f"COPY (SELECT 1 AS a) TO '{tmp_path / 'w.parquet'}' (FORMAT parquet)")
    table = opened((tmp_path / "w.parquet").read_bytes(), "it's [a]*?.parquet", "parquet")
    assert rows(table) == [(1,)]


def test_work_that_is_given_up_goes_on_where_it_stopped(opened):
    table = opened("a,b\n" + "".join(f"{number},{number % 7}\n" for number in range(30_000)))
    interrupt = Interrupt()
    done = []

    def report(part):
        done.append(part)
        if len(done) == 3:
            interrupt.set()

    query = Query(filter="b == 3", sort=parse_sort("-a"))
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        table.prepare(query, report)
    assert len(done) == 3 and not table.estimate(query).is_exact
    more = []
    assert table.prepare(query, more.append) == 4286 and more[0] >= done[-1] and more[-1] == 1.0
    assert table.fetch(query, 0, 1).columns["a"] == [29998 - 29998 % 7 + 3 - 7 * (29998 % 7 < 3)]


def test_threads_share_one_work(opened):
    table = opened("a,b\n" + "".join(f"{number},x{number % 100}\n" for number in range(40_000)))
    query = Query(filter="b != 'x5'", sort=parse_sort("b,-a"))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        counts = [pool.submit(table.prepare, query, lambda part: None) for _ in range(2)]
        pages = [pool.submit(table.fetch, query, start, start + 2) for start in (0, 39_598)]
        assert [one.result() for one in counts] == [39_600] * 2
        assert [one.result().columns["a"] for one in pages] == [[39_900, 39_800], [199, 99]]


def test_rows_near_the_start_do_not_wait_for_all(opened):
    table = opened("a,b\n" + "".join(f"{number},x{number}\n" for number in range(60_000)))
    query = Query(filter="b contains 'x1'")
    assert len(table.fetch(query, 0, 20)) == 20
    estimate = table.estimate(query)
    assert not estimate.is_exact and 20 <= estimate.count <= 60_000
    assert table.count(query) == 11_111 and table.estimate(query).is_exact
    assert not table.estimate(Query()).is_exact or table.estimate(Query()).count == 60_000


def test_a_search_for_nothing_asks_no_row(opened):
    table = opened("a,b\n" + "".join(f"{number},x{number}\n" for number in range(60_000)))
    text = "(a contains find.text or b contains find.text) and not false"
    searched = Query(filter=text, parameters={"find.text": ""})
    assert table.estimate(searched) == table.estimate(Query()) and table.estimate(searched).count > 1000
    assert table.fetch(searched, 50_000, 50_001).keys == [(50_001,)]
    assert table.count(Query(filter=text, parameters={"find.text": "5999"})) == 16
    assert table.count(Query(filter="a > 1 and find.text", parameters={"find.text": ""})) == 0
    with pytest.raises(UnknownColumnError):
        table.count(Query(filter="wrong == 1 or b contains ''"))


def test_groups_of_a_file(opened):
    table = opened("a,b\n" + "".join(f"{number % 3},{number}.5\n" for number in range(900)))
    block = table.fetch(Query(group=("a",), aggregates=(Aggregate("sum", "b", "sum"),)), 0, 9)
    assert block.columns == {"a": [0, 1, 2], "sum": [Decimal(f"{134700 + 300 * rest}.0") for rest in range(3)]}


def test_half_a_character_at_the_end_of_a_file_that_was_cut_off(tmp_path):
    (tmp_path / "t.csv").write_bytes("a,b\né,x\n".encode("utf-16") + b"x")
    source = open_source({"kind": "csv", "path": "t.csv"}, tmp_path)
    assert source.table("t").fetch(Query(), 0, 9).columns == {"a": ["é", "\ufffd"], "b": ["x", None]}
    source.close()


def test_an_encoding_of_four_bytes_is_refused(tmp_path):
    (tmp_path / "t.csv").write_bytes("a,b\n1,2\n".encode("utf-32"))
    with pytest.raises(SourceError, match="UTF-32"):
        open_source({"kind": "csv", "path": "t.csv"}, tmp_path)

#: One column of forty ones as an Arrow stream, as pyarrow writes it; packed.
ARROW = {
    "uncompressed": (
        b'c-rkzF$#b%47}E=MLIZ$IQRe`;oxIj{DDvK*YQ#Vg5c!pL2^xVy{1$|WCzef(IBBhiO3b<0&B2}%)v6Z8C^cpaj!z1RjqkAu'
        b'RNMo;ThYiK8aCh9~CZ4yj~9TQzY~@LCUTu0tV9JOu)$oc7n|~+w2o=c)a8Gx!y57`tIjXtpBNe0=pj(UH'
    ),
    "lz4": (
        b'c-nPOI}XAy41Fn~jZh>qWaz*`7dS>n79@_qz`_lfIR&>h&#tASO1#LQSkKS4h{y{-fntY@9$O@4M2P%@zeFG1vrMbjQ(5aV7'
        b'^}EO=rkUjtLSLYhw5b7U^+@{bQ~`q*HdJSzCkusY@%tMu^_WjY@eBP@p*N{i}vRE|8V-r!>V7=f@@9J@!sBg+7!s#C&=-(@b'
        b'nIiUxMrv5&'
    ),
    "zstd": (
        b'c-nPOISv9b5OWT)E0iL|7F!@HB<T1;8hQ#IfDjG5fO4NgO~21W!4nOKKv?o5GxFF;DWzNhBnYO62$-PdjWC`)*tM))E5~G4c'
        b'RJ1jnyO0bVXT}p)e0<mI*Lyuo9ZLN%)<C`RX;&QuP=zz70y?$72b%LGt0j;TXI46Upml9@`C1B{Kw~>`SAg=QQf${?=wc=uy'
        b'I2gZcm(-I}2yzKcag8(@GuI'
    ),
}


@pytest.mark.parametrize("compression", ARROW)
def test_arrow_with_compressed_columns_is_refused_with_a_way_out(opened, compression):
    content = zlib.decompress(base64.b85decode(ARROW[compression]))
    if compression == "uncompressed":  # what the hint says is read
        assert rows(opened(content, "t.arrows", "arrow")) == [(1,)] * 40
        return
    with pytest.raises(SourceError, match=r"the columns of t\.arrows are compressed") as caught:
        opened(content, "t.arrows", "arrow").fetch(Query(), 0, 1)
    assert "compression='uncompressed'" in caught.value.hint and "Parquet" in caught.value.hint
