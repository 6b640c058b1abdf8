"""However quotes, ends of rows and chunks meet: the rows are those that the csv module reads from the whole text."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.tables.files import rows as rows_module
from kernel.tables.query import Query
from kernel.tables.source import open_source

TEXTS = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", "b c", "é", "\0", " "]), max_size=60).map("".join)


def _wanted(text):
    rows = [row or [""] for row in csv.reader(io.StringIO(text, newline=""))]
    return rows


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(1, 9), st.integers(1, 9))
@example('a,b\n5" pipe,"x\ny"\n"1","2""3"\n', 3, 3)
@example('"' * 12, 2, 2)
@example('"""\n"', 3, 2)
@example('a,"b"\n"c""d",\n' * 70, 5, 4)
def test_rows(text, chunk, small):
    text = "x,y\n" + text
    with tempfile.TemporaryDirectory() as folder, mock.patch.multiple(rows_module, _CHUNK=chunk, _SMALL=small):
        (Path(folder) / "t.csv").write_text(text, encoding="utf-8", newline="")
        told = {"kind": "csv", "path": "t.csv", "header": True, "separator": ",", "encoding": "utf-8",
                "types": {"x": "text", "y": "text"}}  # fmt: skip
        source = open_source(told, Path(folder))
        table = source.table("t")
        wanted = _wanted(text)[1:]
        assert table.count(Query()) == len(wanted)
        block = table.fetch(Query(), 0, 500)
        assert [value or "" for value in block.columns["x"]] == [row[0] for row in wanted]
        more = block.columns.get("more", [None] * len(wanted))
        rest = [f"{y or ''},{beyond or ''}".rstrip(",") for y, beyond in zip(block.columns["y"], more, strict=True)]
        assert rest == [",".join(row[1:]).rstrip(",") for row in wanted]
        source.close()
