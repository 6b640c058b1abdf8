"""Rows to bring in, from workbooks and JSON files, good and broken ones."""

from __future__ import annotations

import datetime
from decimal import Decimal

import openpyxl
import pytest

from kernel.tables.error import SourceError
from kernel.tables.exchange.given import open_given
from kernel.tables.exchange.workbook_reader import sheet_names
from kernel.tables.query import Query


def _read(path, **told):
    source, table = open_given(path, told)
    block = table.fetch(Query(), 0, 100)
    rows = [tuple(block.row(index).values()) for index in range(len(block))]
    source.close()
    return list(block.columns), rows


def _book(path, *lines, title="Sheet"):
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.create_sheet("Second").append(["other"])
    book.save(path)
    return path


def test_workbook(tmp_path):
    day = datetime.datetime(2024, 2, 29)
    path = _book(tmp_path / "t.xlsx", [None], ["Name", None, "Name", "Day"], ["Anna", 1.0, 1.5, day], [None], ["Bert"])
    assert _read(path) == (
        ["Name", "column 2", "Name 2", "Day"], [("Anna", 1, 1.5, day), ("Bert", None, None, None)],
    )  # fmt: skip
    assert _read(path, sheet="Second") == (["other"], []) and sheet_names(path) == ["Sheet", "Second"]


def test_workbook_mistakes(tmp_path):
    path = _book(tmp_path / "t.xlsx", ["a"], [1, 2])
    with pytest.raises(SourceError, match="right of the headings in row 1: 2"):
        open_given(path)
    with pytest.raises(SourceError, match="no sheet Third") as caught:
        open_given(path, {"sheet": "Third"})
    assert "Second" in caught.value.hint
    whole = path.read_bytes()
    for length in (0, 100, len(whole) // 2, len(whole) - 10):
        (tmp_path / "cut.xlsx").write_bytes(whole[:length])
        with pytest.raises(SourceError, match=r"cut\.xlsx"):
            open_given(tmp_path / "cut.xlsx")
    with pytest.raises(SourceError, match="no rows"):
        open_given(_book(tmp_path / "e.xlsx"))


def test_json(tmp_path):
    path = tmp_path / "t.json"
    path.write_bytes('\ufeff[{"a": 0.10, "b": {"c": [1]}}, {"d": null, "a": "ü"}]'.encode())
    assert _read(path) == (["a", "b", "d"], [(Decimal("0.10"), '{"c": [1]}', None), ("ü", None, None)])
    path.write_text('{"count": 1, "rows": [{"a": 1}]}')
    assert _read(path) == (["a"], [(1,)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a": 1},\n {"a": }]', "t.json:2:8: this is no JSON"),
        ("7", "no list of objects"),
        ("[1]", "entry 1 of t.json"),
        ("[]", "no rows"),
        ("[" * 100_000, "no JSON"),
        ("\udcff", "no JSON"),
    ],
)
def test_json_mistakes(tmp_path, text, message):
    path = tmp_path / "t.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceError) as caught:
        open_given(path)
    assert message in str(caught.value)


def test_no_file_and_no_format(tmp_path):
    with pytest.raises(SourceError, match=r"none\.json cannot be read"):
        open_given(tmp_path / "none.json")
    with pytest.raises(SourceError, match=r"t\.doc") as caught:
        open_given(tmp_path / "t.doc")
    assert ".xlsx" in caught.value.hint
