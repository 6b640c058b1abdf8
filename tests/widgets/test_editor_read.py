"""What editors read from typed text, and formats."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QLocale, QMimeData, Qt
from PySide6.QtGui import QTextOption
from PySide6.QtTest import QTest

from kernel.tables.schema import Column, Schema
from widgets.context import Context
from widgets.editor.editor import Subject
from widgets.editor.lookup import label_text
from widgets.editor.moment import read_date, read_datetime, read_time
from widgets.editor.table import EDITORS, make_editor
from widgets.format import size_text, writer
from widgets.scope import Scope
from widgets.theme import Theme


@pytest.fixture(autouse=True)
def english(qapp: Any) -> Any:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def context() -> Context:
    return Context(
        scope=Scope(), commands=None, reporter=None, theme=Theme("light"), tables={}, open_table=None, read_file=None
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "123456789012345678901234567890", 123456789012345678901234567890),
        ("decimal", "1,234.50", Decimal("1234.50")),
        ("decimal", "-12,34,567.5", Decimal("-1234567.5")),
        ("integer", "1,234,567", 1234567),
        ("decimal", "0.1000000000000000000001", Decimal("0.1000000000000000000001")),
        ("real", "-1e3", -1000.0),
        ("date", "3/14/2026", datetime.date(2026, 3, 14)),
        ("date", "2026-03-14", datetime.date(2026, 3, 14)),
        ("time", "9:05", datetime.time(9, 5)),
        ("datetime", "2026-03-14 09:05", datetime.datetime(2026, 3, 14, 9, 5)),
        ("text", "", None),
        ("integer", "", None),
    ],
)
def test_typed(context: Context, kind: str, text: str, value: Any) -> None:
    editor = make_editor(kind, Subject(Column("x", kind), context), None)
    editor.start(text)
    assert editor.is_valid() == ""
    assert editor.value() == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1.5"), ("decimal", "x"), ("date", "2026-02-30"), ("time", "25"), ("integer", "1,5"),
        ("real", "1,5"), ("decimal", "12,34"), ("decimal", "1234,567.5"), ("decimal", "1.000,5"), ("integer", "1,2345"),
    ],
)
def test_refused(context: Context, kind: str, text: str) -> None:
    editor = make_editor(kind, Subject(Column("x", kind), context), None)
    editor.start(text)
    assert "must be" in editor.is_valid()


@pytest.mark.parametrize("kind", [kind for kind in EDITORS if kind != "lookup"])
def test_visited_value_stays(context: Context, kind: str) -> None:
    editor = make_editor(kind, Subject(Column("x", kind, choices=("a",)), context), None)
    for value in (None, "odd text", 7):
        editor.set_value(value)
        assert editor.value() == value


def test_moments() -> None:
    assert read_date("20260314") == datetime.date(2026, 3, 14)
    assert read_time("09:30:15") == datetime.time(9, 30, 15)
    assert read_datetime("2026-03-14T09:30Z").tzinfo is datetime.UTC


@pytest.mark.parametrize(
    ("kind", "pattern", "value", "text"),
    [
        ("decimal", "#,##0.00", Decimal("1234567.005"), "1,234,567.01"),
        ("decimal", "0.0%", Decimal("0.125"), "12.5%"),
        ("integer", "", 10**30, "1" + "0" * 30),
        ("real", "", 1.1 + 2.2, "3.3"),
        ("real", "", -1261.3999999999999, "-1261.4"),
        ("real", "", 1 / 3, "0.3333333333333333"),
        ("real", "", 1e300, "1e+300"),
        ("date", "yyyy-MM-dd", datetime.date(2026, 3, 1), "2026-03-01"),
        ("date", "", "some day", "some day"),
        ("integer", "#,##0", "n/a", "n/a"),
        ("text", "", None, ""),
    ],
)
def test_written(kind: str, pattern: str, value: Any, text: str) -> None:
    assert writer(kind, pattern)(value) == text


def test_a_row_whose_label_is_empty_is_called_by_its_key() -> None:
    columns = (Column("id", "integer"), Column("first", "text"), Column("last", "text"))
    schema = Schema("person", columns, ("id",), label=("first", "last"))
    assert label_text(schema, {"id": 7, "first": None, "last": "Lind"}) == "Lind"
    assert label_text(schema, {"id": 7, "first": None, "last": ""}) == "7"


def test_size() -> None:
    assert size_text(12_300) == "12 kB"


@pytest.mark.parametrize(
    "text", ["2026-10-31", "31 Oct 2026", "31. october 2026", "Oct 31, 2026", "2026 oct 31", "31 oct 26"]
)
def test_dates_in_words_and_in_iso(text: str) -> None:
    assert read_date(text) == datetime.date(2026, 10, 31)


@pytest.mark.parametrize("text", ["32 Oct 2026", "31 Octane 2026", "Oct", "1 2 Oct 2026"])
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("31 Oct 2026 14:05", datetime.datetime(2026, 10, 31, 14, 5)),
        ("31 Oct 2026 9", datetime.datetime(2026, 10, 31, 9)),
        ("31 Oct 26", datetime.datetime(2026, 10, 31)),
        ("2026-10-31", datetime.datetime(2026, 10, 31)),
    ],
)
def test_moments_in_words(text: str, moment: datetime.datetime) -> None:
    assert read_datetime(text) == moment


def test_every_date_that_is_written_reads_back() -> None:
    write = writer("date")
    for at in range(0, 4000, 37):
        day = datetime.date(1990, 1, 1) + datetime.timedelta(days=at)
        assert read_date(write(day)) == day


def test_a_text_too_long_to_lay_out_shows_its_beginning_and_stays_whole(context: Context) -> None:
    editor = make_editor("longtext", Subject(Column("x", "longtext"), context), None)
    stored = "x" * 10_000_000
    editor.set_value(stored)
    editor.show()
    assert editor.value() is stored and editor.text.isReadOnly()
    assert len(editor.text.toPlainText()) < 101_000 and "10,000,000 characters" in editor.text.toPlainText()
    editor.set_read_only(False)
    assert editor.text.isReadOnly(), "its end would be lost"
    editor.start("new")
    assert editor.value() == "new" and not editor.text.isReadOnly()
    editor.set_value("short enough")
    assert editor.text.toPlainText() == "short enough" and not editor.text.isReadOnly()


@pytest.mark.parametrize("kind", ["text", "longtext"])
@pytest.mark.parametrize("stored", [b"\xff\xfe\x00\x01\x02", "x" * 10_000_000])
def test_what_cannot_be_edited_as_a_text_is_shown_only(context: Context, kind: str, stored: Any) -> None:
    editor = make_editor(kind, Subject(Column("x", kind), context), None)
    editor.set_read_only(False)
    editor.set_value(stored)
    part = editor.line if kind == "text" else editor.text
    shown = (lambda: part.text()) if kind == "text" else (lambda: part.toPlainText())
    if isinstance(stored, bytes):
        assert shown() == "5 bytes"
    else:
        assert "10,000,000 characters" in shown() and len(shown()) < 101_000
    editor.set_read_only(False)
    editor.show()
    before = shown()
    QTest.keyClicks(part, "abc")
    QTest.keyClick(part, Qt.Key.Key_Backspace)
    editor.break_line()
    assert shown() == before and part.isReadOnly() and editor.value() is stored and not editor.is_touched
    editor.set_value("fine")
    assert shown() == "fine" and not part.isReadOnly()
    editor.set_read_only(True)
    editor.set_value("other")
    assert part.isReadOnly()


def test_a_long_word_breaks_anywhere_whether_stored_or_pasted(context: Context) -> None:
    editor = make_editor("longtext", Subject(Column("x", "longtext"), context), None)
    quick = QTextOption.WrapMode.WrapAnywhere
    editor.set_value("some words " * 1_000)
    assert editor.text.wordWrapMode() != quick
    editor.set_value("x" * 50_000)
    assert editor.text.wordWrapMode() == quick
    editor.set_value("")
    assert editor.text.wordWrapMode() != quick
    pasted = QMimeData()
    pasted.setText("x" * 50_000)
    editor.text.insertFromMimeData(pasted)
    assert editor.text.wordWrapMode() == quick and len(editor.value()) == 50_000
