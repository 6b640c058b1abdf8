"""Rows that were written to a file come back from it as what they were, whatever they look like."""

from __future__ import annotations

import datetime
import math
import sqlite3
from decimal import Decimal

import pytest

from kernel.tables.error import TableError
from kernel.tables.exchange.export import all_columns, export
from kernel.tables.exchange.format import format_of
from kernel.tables.exchange.given import open_given
from kernel.tables.exchange.intake import bring_in, preview
from kernel.tables.exchange.mapping import mode_of, suggested
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema
from kernel.tables.source import open_source

#: Texts that look like something else; each fills a column, so that nothing beside it tells.
TEXTS = (
    "", "1e5", "TRUE", "12:30", "2024-01-01T10:00", "2024-01-01T10:00:00Z", "007", ".5", "null", " x ", "a\r\nb",
    "a\rb", "_x0007_", "\a\x1b\x7f\x85\u2028\ufffe",
    'q"q', '"', '""', ',"",', "a;b;c", "a|b", "a\tb", "a,b", "x\0y", "\ufeffx", "=1+1", "שלום", "e\u0301", "\U0001f600",
)  # fmt: skip
VALUES = {
    "integer": [0, -1, 2**64, 10**30],
    "decimal": [Decimal("1.50"), Decimal("1E-20"), Decimal("12345678901234567890.1234567890123456789012345")],
    "real": [0.0, -0.0, 5e-324, math.inf, -math.inf],
    "boolean": [True, False],
    "date": [datetime.date.min, datetime.date(999, 12, 31), datetime.date.max],
    "datetime": [datetime.datetime.min, datetime.datetime(1969, 12, 31, 23, 59, 59, 1), datetime.datetime.max],
    "time": [datetime.time.min, datetime.time.max],
    "blob": [b"", b"1234", b"\0\xff"],
}
COLUMNS = [(f"text {place}", "text", [text, None, text]) for place, text in enumerate(TEXTS)]
COLUMNS += [(type_, type_, [None, *values]) for type_, values in VALUES.items()]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx"])
@pytest.mark.parametrize("column", [COLUMNS, *([one] for one in COLUMNS)], ids=lambda columns: columns[0][0])
def test_back_again(tmp_path, suffix, column):
    schema = Schema("t", tuple(Column(name, type_) for name, type_, _ in column))
    count = max(len(values) for _, _, values in column)
    rows = [{name: (values * count)[place] for name, _, values in column} for place in range(count)]
    ours, theirs = (MemorySource([(schema, some)]).table("t") for some in (rows, []))
    path = tmp_path / f"t{suffix}"
    export(ours, Query(), all_columns(schema), path, format_of(path), lambda part: None)
    source, given = open_given(path)
    done = bring_in(given, theirs, suggested(given.schema, schema), mode_of("add"), lambda part: None)
    source.close()
    assert done.problems == []
    found, wanted = (shown(table.fetch(Query(), 0, 99).columns, suffix) for table in (theirs, ours))
    assert found == wanted


def shown(columns, suffix):
    """The columns to the last bit; numbers of a workbook as what they are worth, since it keeps neither -0 nor 1.50."""

    def plain(value):
        if suffix == ".xlsx" and isinstance(value, Decimal | float) and math.isfinite(value):
            return type(value), repr(value + 0.0) if isinstance(value, float) else value.normalize()
        return repr(value)

    return {name: [plain(value) for value in values] for name, values in columns.items()}


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_large_files_come_back(tmp_path, suffix, kind):
    schema = Schema("t", (Column("id", "integer", is_key=True), Column("photo", "blob")), ("id",))
    rows = [{"id": 1, "photo": b"small"}, {"id": 2, "photo": bytes(range(256)) * 5_000}, {"id": 3, "photo": None}]
    source = MemorySource([(schema, rows)])
    if kind == "sqlite":
        with sqlite3.connect(tmp_path / "t.sqlite") as connection:
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, photo BLOB)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", [tuple(row.values()) for row in rows])
        connection.close()
        source = open_source({"kind": "sqlite", "path": "t.sqlite"}, tmp_path)
    path, theirs = tmp_path / f"t{suffix}", MemorySource([(schema, [])]).table("t")
    export(source.table("t"), Query(), all_columns(schema), path, format_of(path), lambda part: None)
    source.close()
    source, given = open_given(path)
    pairs = suggested(given.schema, schema)
    assert preview(given, schema, pairs).problems == []
    assert bring_in(given, theirs, pairs, mode_of("add"), lambda part: None).problems == []
    source.close()
    found = [theirs.fetch(Query(columns=("photo",), keys=((row["id"],),)), 0, 1).columns["photo"][0] for row in rows]
    assert found == [row["photo"] for row in rows]


@pytest.mark.parametrize("suffix", [".json", ".xlsx"])
def test_half_a_character_comes_back_where_the_format_has_a_way(tmp_path, suffix):
    columns = [("a", "text", ["\ud800", "x\udc80y", "\udc00\ud800"]), ("b \ud800", "text", ["x"] * 3)]
    test_back_again(tmp_path, suffix, columns)


@pytest.mark.parametrize(("suffix", "text"), [
    (".csv", "\ud800"), (".tsv", "x\udc00"), (".parquet", "\ud800"), (".parquet", "x\udc80y"),
])  # fmt: skip
def test_half_a_character_is_refused_where_it_has_none(tmp_path, suffix, text):
    schema = Schema("t", (Column("id", "integer", is_key=True), Column("name")), ("id",))
    rows = [{"id": number, "name": "x" if number != 6_000 else text} for number in range(1, 6_010)]
    table, path = MemorySource([(schema, rows)]).table("t"), tmp_path / f"t{suffix}"
    path.write_text("old")
    with pytest.raises(TableError, match="row 6,000 has half a character in name") as caught:
        export(table, Query(), all_columns(schema), path, format_of(path), lambda part: None)
    assert "JSON" in caught.value.hint
    assert path.read_text() == "old" and [one.name for one in tmp_path.iterdir()] == [path.name]


def test_where_all_is_quoted_nothing_tells_empty_from_missing(tmp_path):
    (tmp_path / "t.csv").write_text('"a","b"\n"","1"\n')
    source, given = open_given(tmp_path / "t.csv")
    assert given.fetch(Query(), 0, 9).columns == {"a": [None], "b": ["1"]}
    source.close()
