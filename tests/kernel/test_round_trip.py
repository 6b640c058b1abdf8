"""Rows that were written to a file come back from it as what they were, whatever they look like."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal

import pytest

from kernel.tables.exchange.export import all_columns, export
from kernel.tables.exchange.format import format_of
from kernel.tables.exchange.given import open_given
from kernel.tables.exchange.intake import bring_in
from kernel.tables.exchange.mapping import mode_of, suggested
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema

#: Texts that look like something else; each fills a column, so that nothing beside it tells.
TEXTS = (
    "", "1e5", "TRUE", "12:30", "2024-01-01T10:00", "2024-01-01T10:00:00Z", "007", ".5", "null", " x ", "a\r\nb",
    "a\rb", 'q"q', '"', '""', ',"",', "a;b;c", "a|b", "a\tb", "a,b", "x\0y", "\ufeffx", "=1+1", "שלום", "e\u0301",
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


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".jsonl", ".parquet"])
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
    assert repr(theirs.fetch(Query(), 0, 99).columns) == repr(ours.fetch(Query(), 0, 99).columns)


def test_where_all_is_quoted_nothing_tells_empty_from_missing(tmp_path):
    (tmp_path / "t.csv").write_text('"a","b"\n"","1"\n')
    source, given = open_given(tmp_path / "t.csv")
    assert given.fetch(Query(), 0, 9).columns == {"a": [None], "b": ["1"]}
    source.close()
