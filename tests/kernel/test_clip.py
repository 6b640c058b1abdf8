"""Cells on the clipboard: as text and as HTML, from here and as LibreOffice and Excel put them there."""

from __future__ import annotations

import gc
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.tables.change import Update
from kernel.tables.clip_html import read_html, write_html
from kernel.tables.clip_text import ClipCell, read_text, write_text

FIXTURES = Path(__file__).parent / "clip"


def texts(rows: list[list[ClipCell]]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a", [["a"]]),
        ("a\tb\r\n1\t2\r\n", [["a", "b"], ["1", "2"]]),
        ("a\tb\n\nc", [["a", "b"], [""], ["c"]]),
        ('"two\nlines"\tx\r\n"with ""quotes"""\t"a\tb"\r\n', [["two\nlines", "x"], ['with "quotes"', "a\tb"]]),
        ('say "hi"\t6" pipe\n"open\tend', [['say "hi"', '6" pipe'], ['"open', "end"]]),
        ('""\t"x"', [["", "x"]]),
        ("", [[""]]),
        ("a\x00b\t\u202e\u05d0e\u0301", [["a\x00b", "\u202e\u05d0e\u0301"]]),
    ],
)
def test_text_is_read_as_spreadsheets_write_it(text: str, rows: list[list[str]]) -> None:
    assert texts(read_text(text)) == rows


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_text_comes_back_as_it_was_written(rows: list[list[str]]) -> None:
    assert texts(read_text(write_text(rows))) == rows


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_text(text)
    read_html(f"<table><tr><td>{text}")
    read_html(text)


plain = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\xa0"), max_size=12)


@given(st.lists(st.lists(st.one_of(plain.map(ClipCell), st.integers().map(lambda n: ClipCell(str(n), str(n)))),
                         min_size=1, max_size=4), min_size=1, max_size=4))  # fmt: skip
def test_a_table_comes_back_as_it_was_written(rows: list[list[ClipCell]]) -> None:
    assert read_html(write_html(rows)) == rows


def test_libreoffice_tells_numbers_texts_and_line_breaks() -> None:
    rows = read_html((FIXTURES / "libreoffice.html").read_text())
    assert rows[0] == [ClipCell("Article"), ClipCell("Price"), ClipCell("Since"), ClipCell("Code")]
    assert rows[1] == [ClipCell("Chair, blue"), ClipCell("1.234,50", "1234.5"), ClipCell("01.03.26", "46082"),
                       ClipCell("0042")]  # fmt: skip
    assert rows[2][0].text == "Table\nround"
    assert rows[2][1:] == [ClipCell("7,00", "7"), ClipCell(""), ClipCell("  x")]


def test_excel_tells_merged_cells_and_numbers() -> None:
    rows = read_html((FIXTURES / "excel.html").read_text())
    assert texts(rows) == [["Orders 2026", "", ""], ["Chair & co", "1,234.50", "TRUE"], ["Two\nlines", "12%", ""]]
    assert rows[1][1].number == "1234.5"


def test_texts_that_look_like_numbers_stay_texts() -> None:
    written = write_html([[ClipCell("007"), ClipCell("=1+1"), ClipCell("7", "7")]], ["A<b", "B", "C"])
    assert written.count("mso-number-format") == 2
    assert "A&lt;b" in written and 'sdval="7"' in written


def test_a_page_without_a_table_is_no_cells() -> None:
    assert read_html("<p>Hello</p>") == []


def test_what_there_may_be_millions_of_is_not_looked_through_for_garbage() -> None:
    rows = read_text("a\tb\nc\td\n" + '"e\tf"')
    change = Update((1,), "", {"name": "a", "price": Decimal(1)})
    gc.collect()  # finds out which tuples hold nothing to look through
    assert not any(map(gc.is_tracked, (*rows, rows[0][0], change, change.key, change.values)))
