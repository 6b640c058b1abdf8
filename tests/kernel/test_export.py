"""Exporting rows: every format holds every value, and a file is whole or as before."""

from __future__ import annotations

import csv
import datetime
import errno
import gc
import json
import tempfile
from decimal import Decimal
from importlib import import_module
from unittest import mock

import duckdb
import pytest

from kernel.tables.change import Insert, Update
from kernel.tables.error import InterruptedCallError, SourceError, TableError
from kernel.tables.exchange.export import all_columns, export, titled
from kernel.tables.exchange.format import FORMATS, format_of
from kernel.tables.exchange.parquet_writer import ParquetWriter
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query, parse_sort
from kernel.tables.schema import Column, Schema

SCHEMA = Schema(
    "things",
    (
        Column("id", "integer", is_key=True),
        Column("name"),
        Column("price", "decimal"),
        Column("weight", "real"),
        Column("is_on", "boolean"),
        Column("day", "date"),
        Column("at", "datetime"),
        Column("clock", "time"),
        Column("file", "blob"),
    ),
    ("id",),
)
FULL = {
    "id": 2**53 + 1,
    "name": 'a "b", c\nd =1',
    "price": Decimal("12345678901234567890.123"),
    "weight": 0.1,
    "is_on": True,
    "day": datetime.date(2024, 2, 29),
    "at": datetime.datetime(2024, 2, 29, 1, 2, 3, 450000),
    "clock": datetime.time(23, 59, 1),
    "file": b"\0\xff",
}
EMPTY = dict.fromkeys(FULL) | {"id": 2, "name": ""}
NOTHING = dict.fromkeys(FULL) | {"id": 3}


@pytest.fixture
def things():
    source = MemorySource([(SCHEMA, [FULL, EMPTY, NOTHING])])
    yield source.table("things")
    source.close()


def _write(table, path, query=Query(sort=parse_sort("-id"))):  # noqa: B008 - frozen
    done: list[float] = []
    count = export(table, query, all_columns(table.schema), path, format_of(path), done.append)
    assert done == sorted(done) and done[-1] == 1.0
    return count


def test_csv_tells_empty_from_missing(things, tmp_path):
    assert _write(things, tmp_path / "t.csv") == 3
    text = (tmp_path / "t.csv").read_bytes().decode()
    assert text.splitlines()[0] == "id,name,price,weight,is_on,day,at,clock,file"
    assert '\r\n3,,,,,,,,\r\n2,"",,,,,,,\r\n' in text
    row = list(csv.reader(text.splitlines(keepends=True)))[1]
    assert row == [
        "9007199254740993", 'a "b", c\nd =1', "12345678901234567890.123", "0.1", "true", "2024-02-29",
        "2024-02-29 01:02:03.450000", "23:59:01", "AP8=",
    ]  # fmt: skip


def test_tsv(things, tmp_path):
    _write(things, tmp_path / "t.tsv")
    rows = list(csv.reader((tmp_path / "t.tsv").open(newline=""), delimiter="\t"))
    assert rows[1][1] == FULL["name"] and len(rows) == 4


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_json_keeps_all_digits(things, tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    _write(things, path)
    text = path.read_text()
    read = lambda one: json.loads(one, parse_float=Decimal)  # noqa: E731
    rows = read(text) if suffix == ".json" else [read(line) for line in text.splitlines()]
    assert [row["id"] for row in rows] == [2**53 + 1, 3, 2]
    assert rows[0]["price"] == FULL["price"] and rows[0]["is_on"] is True and rows[0]["file"] == "AP8="
    assert rows[1]["name"] is None and rows[2]["name"] == ""


def test_json_of_no_rows(things, tmp_path):
    assert _write(things, tmp_path / "t.json", Query(filter="id == 0")) == 0
    assert json.loads((tmp_path / "t.json").read_text()) == []


def test_parquet_has_types(things, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    _write(things, tmp_path / "it's.parquet")
    found = duckdb.sql(f"SELECT * FROM '{tmp_path / 'it'}''s.parquet' ORDER BY id DESC")
    assert [str(kind) for kind in found.types] == [
        "BIGINT", "VARCHAR", "DECIMAL(23,3)", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "TIME", "BLOB",
    ]  # fmt: skip
    assert found.fetchall() == [tuple(FULL.values()), tuple(NOTHING.values()), tuple(EMPTY.values())]
    assert [path.name for path in tmp_path.iterdir()] == ["it's.parquet"]


def test_workbook_has_types_and_no_formulas(things, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    _write(things, tmp_path / "t.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "t.xlsx").active.values)
    assert rows[0] == tuple(FULL)
    assert rows[1][:5] == ("9007199254740993", FULL["name"], "12345678901234567890.123", 0.1, True)
    assert rows[1][5:8] == (datetime.datetime(2024, 2, 29), FULL["at"], FULL["clock"])
    assert rows[3][2] is None


def test_formula_stays_a_text(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    source = MemorySource([(Schema("t", (Column("a"),)), [{"a": "=1+1"}, {"a": "x\0y"}])])
    _write(source.table("t"), tmp_path / "t.xlsx", Query())
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet["A2"].data_type == "s" and sheet["A2"].value == "=1+1" and sheet["A3"].value == "x_x0000_y"


def test_titles_are_headings_unless_two_are_the_same():
    schema = Schema("t", (Column("customer_id", "integer"), Column("customer"), Column("day", label="Delivery")))
    assert [one.heading for one in titled(all_columns(schema), schema)] == ["customer_id", "customer", "Delivery"]


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_given_up_leaves_the_old_file(things, tmp_path, row, monkeypatch):
    scratch = tmp_path.parent / f"{tmp_path.name}-scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = tmp_path / f"t{row.suffixes[0]}"
    path.write_text("old")
    interrupt = Interrupt()

    def report(part: float) -> None:
        interrupt.set()

    rows = [{"id": number} for number in range(10, 12_000)]
    things.commit([Insert(one) for one in rows])
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        export(things, Query(), all_columns(SCHEMA), path, row, report)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path] and list(scratch.iterdir()) == []


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_giving_up_at_the_end_leaves_the_old_file(things, tmp_path, monkeypatch, row):
    path, scratch = tmp_path / f"t{row.suffixes[0]}", tmp_path.with_name(f"{tmp_path.name}-scratch")
    path.write_text("old")
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    interrupt = Interrupt()
    module, _, name = row.writer.partition(":")
    writer_class = getattr(import_module(module), name)
    close = writer_class.close

    def closing(writer):
        interrupt.set()
        close(writer)

    monkeypatch.setattr(writer_class, "close", closing)
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        export(things, Query(), all_columns(SCHEMA), path, row, lambda part: None)
    gc.collect()
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    assert [one.name for one in scratch.iterdir()] == []


def test_rows_that_come_meanwhile_begin_it_again(things, tmp_path):
    things.commit([Insert({"id": number}) for number in range(10, 10_000)])
    fresh = iter([20_001])

    def report(part: float) -> None:
        if 0.2 < part < 1 and (key := next(fresh, None)):
            things.commit([Insert({"id": key})])

    path = tmp_path / "t.csv"
    assert export(things, Query(), all_columns(SCHEMA), path, format_of(path), report) == 9_994
    assert len(path.read_text().splitlines()) == 9_994 + 1 + 1  # a text of two lines, and the headings


def test_updates_that_move_rows_begin_it_again(things, tmp_path):
    things.commit([Insert({"id": number, "name": str(number)}) for number in range(10_000, 19_000)])
    fresh = iter([18_999])

    def report(part: float) -> None:
        if 0.2 < part < 1 and (key := next(fresh, None)):
            things.commit([Update((key,), "", {"name": "0"})])

    path = tmp_path / "t.jsonl"
    query = Query(filter="10000 <= id < 20000", sort=parse_sort("name"))
    export(things, query, all_columns(SCHEMA), path, format_of(path), report)
    ids = [json.loads(line)["id"] for line in path.read_text().splitlines()]
    assert (ids[0], len(ids), len(set(ids))) == (18_999, 9_000, 9_000)


@pytest.mark.parametrize(("count", "length"), [(2, 6_000_000), (20_000, 1_000)])
def test_parquet_of_long_texts_and_of_many_rows(tmp_path, count, length):
    schema = Schema("t", (Column("id", "integer"), Column("text")), ("id",))
    rows = ({"id": number, "text": "x" * length} for number in range(count))
    table, path = MemorySource([(schema, rows)]).table("t"), tmp_path / "t.parquet"
    assert export(table, Query(), all_columns(schema), path, format_of(path), lambda part: None) == count
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT count(*), min(length(text)) FROM '{path}'").fetchone()
    assert found == (count, length)


def test_a_file_that_is_replaced_keeps_who_may_read_it_and_the_links_to_it(things, tmp_path):
    path, link = tmp_path / "t.csv", tmp_path / "link.csv"
    path.write_text("old")
    path.chmod(0o600)
    link.symlink_to(path)
    _write(things, link)
    assert link.is_symlink() and path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("id,")


def test_full_disk_leaves_nothing_beside_a_parquet_file(tmp_path):
    writer = ParquetWriter(tmp_path / "t.parquet", all_columns(SCHEMA))
    writer._file.close()
    writer._file = mock.Mock(**{"close.side_effect": OSError(errno.ENOSPC, "full")})
    with pytest.raises(OSError, match="full"):
        writer.close()
    assert list(tmp_path.iterdir()) == []


def test_rows_that_never_rest_are_an_error(things, tmp_path):
    things.commit([Insert({"id": number}) for number in range(10, 10_000)])
    keys = iter(range(20_000, 30_000))

    def report(part: float) -> None:
        things.commit([Insert({"id": next(keys)})])

    with pytest.raises(TableError, match="whole"):
        export(things, Query(), all_columns(SCHEMA), tmp_path / "t.csv", FORMATS[0], report)
    assert list(tmp_path.iterdir()) == []


def test_unwritable_place_and_unknown_ending(things, tmp_path):
    with pytest.raises(SourceError, match=r"none.t\.csv cannot be written"):
        _write(things, tmp_path / "none" / "t.csv")
    with pytest.raises(TableError, match=r"\.csv, \.tsv"):
        format_of(tmp_path / "t.doc")


def test_too_many_rows_for_the_format(things, tmp_path):
    short = FORMATS[0]._replace(most_rows=2)
    with pytest.raises(TableError, match="3 rows do not fit"):
        export(things, Query(), all_columns(SCHEMA), tmp_path / "t.csv", short, lambda part: None)
