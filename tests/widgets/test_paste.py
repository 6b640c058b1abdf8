"""Copying and pasting cells by keys, over memory and SQLite: what spreadsheets give, what does not fit, all or none."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

sys.path.insert(0, str(Path(__file__).parent))
from block_world import CUSTOMER, GIFT, ID, PLACED, REMARK, STATUS, TOTAL, Shop  # noqa: E402
from grid_world import formula  # noqa: E402

from kernel.tables.change import Delete, Update  # noqa: E402
from kernel.tables.error import UnavailableError  # noqa: E402
from tests.waiting import PATIENCE_S  # noqa: E402
from widgets.grid.selection import Area  # noqa: E402

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: Any, qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Shop]:
    made = Shop(request.param, tmp_path, wait_until)
    yield made
    made.close()


def put(qapp: Any, text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    qapp.clipboard().setMimeData(data)


def paste(qapp: Any, shop: Shop, text: str, html: str = "") -> None:
    put(qapp, text, html)
    QTest.keyClick(shop.grid, KEY.Key_V, CTRL)
    shop.settle()


def press(shop: Shop, title: str) -> None:
    parent = shop.grid.editing.notice.bubble
    [button] = [one for one in parent.findChildren(QPushButton) if one.text().startswith(title)]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    shop.settle()


def test_numbers_dates_and_switches_are_copied_for_spreadsheets(qapp: Any, shop: Shop) -> None:
    shop.select(0, CUSTOMER, 1, REMARK)
    QTest.keyClick(shop.grid, KEY.Key_C, CTRL | SHIFT)
    data = qapp.clipboard().mimeData()
    lines = data.text().split("\n")
    assert lines[0] == "Customer\tPlaced\tStatus\tIs gift\tTotal\tRemark"
    assert lines[1].split("\t")[:4] == ["Customer 2", "2026-01-02", "open", "TRUE"]
    assert Decimal(lines[1].split("\t")[4]) == 1
    assert 'sdval="1' in data.html() and "<th>Customer</th>" in data.html()


def test_what_is_copied_comes_back_the_same(qapp: Any, shop: Shop) -> None:
    shop.select(0, CUSTOMER, 2, REMARK)
    QTest.keyClick(shop.grid, KEY.Key_C, CTRL)
    shop.grid.go(10, CUSTOMER)
    QTest.keyClick(shop.grid, KEY.Key_V, CTRL)
    shop.settle()
    names = ("customer_id", "placed", "status", "is_gift", "total", "remark")
    assert [shop.row(11)[name] for name in names] == [shop.row(1)[name] for name in names]
    assert shop.grid.selection.areas() == [Area(10, CUSTOMER, 12, REMARK)]
    assert [entry.title for entry in shop.history.journal.entries] == ["Paste 9 cells"]
    told: list[Any] = []
    shop.history.undo(lambda _entry, error: told.append(error))
    shop.wait(lambda: told)
    assert (told, shop.row(12)["customer_id"]) == ([None], 13)


def test_libreoffice_numbers_are_exact_whatever_they_look_like(qapp: Any, shop: Shop) -> None:
    html = (
        '<table><tr><td sdval="1234.5" sdnum="1031;0;#.##0,00">1.234,50</td><td>two<br>lines</td></tr>'
        '<tr><td sdval="7">7,00</td><td sdnum="1033;0;@">007</td></tr></table>'
    )
    shop.grid.go(3, TOTAL)
    paste(qapp, shop, "1.234,50\ttwo lines\n7,00\t007", html)
    assert shop.column("total")[3:5] == [Decimal("1234.5"), 7]
    assert shop.column("remark")[3:5] == ["two\nlines", "007"]


def test_a_date_of_a_spreadsheet_is_read_by_its_number_when_its_text_is_not_understood(qapp: Any, shop: Shop) -> None:
    shop.grid.go(0, PLACED)
    paste(qapp, shop, "Sunday", '<table><tr><td sdval="46082">Sunday</td></tr></table>')
    assert shop.row(1)["placed"] == datetime.date(2026, 3, 1)


def test_one_value_fills_every_selected_range(qapp: Any, shop: Shop) -> None:
    shop.select(0, TOTAL, 2, TOTAL)
    QTest.keyClick(shop.grid, KEY.Key_F8, SHIFT)
    shop.select(5, TOTAL, 5, TOTAL)
    paste(qapp, shop, "9.5\r\n")
    assert shop.column("total")[:6] == [Decimal("9.5")] * 3 + [4, 5, Decimal("9.5")]


def test_a_block_is_repeated_in_a_range_that_is_a_multiple(qapp: Any, shop: Shop) -> None:
    shop.select(0, TOTAL, 3, TOTAL)
    paste(qapp, shop, "1\n2")
    assert shop.column("total")[:5] == [1, 2, 1, 2, 5]
    shop.select(0, TOTAL, 2, TOTAL)
    paste(qapp, shop, "7\n8")
    assert shop.column("total")[:4] == [7, 8, 1, 2]


def test_labels_keys_choices_and_words_are_understood(qapp: Any, shop: Shop) -> None:
    shop.grid.go(0, CUSTOMER)
    paste(qapp, shop, "customer 7\t1 feb 2026\tShipped\tno\n8\t2026-02-03\topen\tTRUE")
    assert shop.column("customer_id")[:2] == [7, 8]
    assert shop.column("placed")[:2] == [datetime.date(2026, 2, 1), datetime.date(2026, 2, 3)]
    assert (shop.column("status")[0], shop.column("is_gift")[:2]) == ("shipped", [False, True])


def test_rows_beyond_the_end_are_added(qapp: Any, shop: Shop) -> None:
    shop.grid.go(29, CUSTOMER)
    line = "Customer 3\t2026-05-05\topen\tyes\t12\t"
    paste(qapp, shop, "\n".join([line] * 4))
    shop.wait(lambda: shop.grid.rows.cache.count == 33)
    assert (shop.column("customer_id")[29:], shop.column("id")[-1]) == ([3, 3, 3, 3], 33)


def test_many_new_rows_are_asked_about(qapp: Any, shop: Shop) -> None:
    shop.grid.go(29, CUSTOMER)
    paste(qapp, shop, "\n".join(["Customer 3\t2026-05-05\topen\tyes\t12"] * 41))
    assert "40 rows do not exist yet" in shop.said()
    assert len(shop.column("id")) == 30
    press(shop, "Add 40 rows")
    assert len(shop.column("id")) == 70
    told: list[Any] = []
    shop.history.undo(lambda _entry, error: told.append(error))
    shop.wait(lambda: told)
    assert (told, len(shop.column("id"))) == ([None], 30)


def test_what_does_not_fit_is_shown_and_the_rest_can_be_written(qapp: Any, shop: Shop) -> None:
    shop.grid.go(0, CUSTOMER)
    paste(qapp, shop, "nobody\tsoon\topen\tyes\t5\nCustomer 9\t2026-02-02\tlost\tyes\tmuch")
    preview = shop.grid.block.work.preview
    assert preview.isVisible() and preview.title.text() == "Paste: 4 cells do not fit"
    assert shop.row(2)["customer_id"] == 3
    shop.wait(lambda: preview.grid.rows.cache.count == 2 and preview.grid.content.texts(0))
    messages = [mark.message for mark in preview.grid.editing.marks.values()]
    assert any("there is no row “nobody”" in message for message in messages)
    assert any("must be one of open, shipped" in message for message in messages)
    assert preview.accept.text() == "Paste the 4 cells that fit"
    QTest.mouseClick(preview.accept, Qt.MouseButton.LeftButton)
    shop.settle()
    assert (shop.row(1)["total"], shop.row(2)["customer_id"], shop.row(2)["status"]) == (5, 9, "open")
    assert shop.row(1)["customer_id"] == 2


def test_cancelling_the_preview_changes_nothing(qapp: Any, shop: Shop) -> None:
    shop.grid.go(0, TOTAL)
    paste(qapp, shop, "5\nmuch")
    preview = shop.grid.block.work.preview
    QTest.keyClick(preview.grid, KEY.Key_Escape)
    assert not preview.isVisible()
    assert (shop.column("total")[:2], shop.history.journal.entries) == ([1, 2], [])


def test_columns_beyond_the_last_one_are_told(qapp: Any, shop: Shop) -> None:
    shop.grid.go(0, REMARK)
    paste(qapp, shop, "a\tb\tc")
    preview = shop.grid.block.work.preview
    assert preview.title.text() == "Paste: 2 columns beyond the last one"
    QTest.mouseClick(preview.accept, Qt.MouseButton.LeftButton)
    shop.settle()
    assert shop.row(1)["remark"] == "a"


def test_a_value_that_the_source_refuses_is_shown_at_its_row(qapp: Any, tmp_path: Path, wait_until: Any) -> None:
    shop = Shop("sqlite", tmp_path, wait_until)
    shop.grid.go(0, TOTAL)
    paste(qapp, shop, "5\n-6\n7")
    preview = shop.grid.block.work.preview
    assert preview.isVisible() and shop.column("total")[:3] == [1, 2, 3]
    shop.wait(lambda: preview.grid.rows.cache.count == 3 and preview.grid.content.texts(0))
    assert preview.grid.content.texts(0)[0][0] == "2"
    QTest.mouseClick(preview.accept, Qt.MouseButton.LeftButton)
    shop.settle()
    assert shop.column("total")[:3] == [5, 2, 7]
    shop.close()


def test_a_source_that_goes_away_leaves_all_as_it_was_and_the_block_can_be_tried_again(
    qapp: Any, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_changes: Any) -> Any:
        raise UnavailableError("the server is away")

    shop.grid.go(0, TOTAL)
    with monkeypatch.context() as patched:
        patched.setattr(shop.table, "commit", away)
        paste(qapp, shop, "5\n6")
    assert "nothing was changed. The server is away" in shop.said()
    put(qapp, "something else")
    press(shop, "Try again")
    assert shop.column("total")[:3] == [5, 6, 3]


def test_rows_that_moved_meanwhile_are_not_written_over(qapp: Any, shop: Shop) -> None:
    shop.grid.go(5, TOTAL)
    shop.grid.handle.changed.disconnect(shop.grid.rows._hear)
    shop.table.commit([Delete((1,), "")])
    paste(qapp, shop, "99")
    assert "the rows moved meanwhile" in shop.said().lower()
    assert 99 not in shop.column("total")


def test_new_rows_take_what_the_filter_asks(qapp: Any, tmp_path: Path, wait_until: Any) -> None:
    shop = Shop("memory", tmp_path, wait_until, filter_=formula("customer_id == chosen.id"))
    shop.world.context.scope.publish("chosen.id", 5)
    shop.wait(lambda: shop.grid.rows.cache.count == 1)
    shop.grid.go(0, PLACED)
    QTest.keyClick(shop.grid, KEY.Key_Down)
    paste(qapp, shop, "2026-05-05\topen\tyes\t1\n2026-05-06\topen\tyes\t2")
    assert shop.column("customer_id")[-1] == 5
    assert shop.column("placed")[-1] == datetime.date(2026, 5, 6)
    shop.close()


def test_nothing_to_paste_and_nowhere_to_paste_are_told(qapp: Any, shop: Shop) -> None:
    shop.grid.go(0, TOTAL)
    qapp.clipboard().clear()
    QTest.keyClick(shop.grid, KEY.Key_V, CTRL)
    assert "nothing" in shop.said() or "no text" in shop.said()
    shop.grid.set_editable(False)
    paste(qapp, shop, "5")
    assert "only shown here" in shop.said()
    assert shop.column("total")[0] == 1


@pytest.mark.parametrize("text", ["a\x00b\x07", "\u202e\u05d0\u05d1 e\u0301 \U0001f469\u200d\U0001f680", "x" * 81])
def test_strange_texts_are_kept_or_refused_never_cut(qapp: Any, shop: Shop, text: str) -> None:
    shop.grid.go(0, REMARK)
    html = f"<table><tr><td>{text}</td></tr></table>"
    paste(qapp, shop, text, html if "\x00" not in text else "")
    if len(text) > 80:
        assert "at most 80" in next(iter(shop.grid.block.work.preview.grid.editing.marks.values())).message
        assert shop.row(1)["remark"] is None
    else:
        assert shop.row(1)["remark"] == text


def test_read_only_columns_take_only_what_they_say(qapp: Any, shop: Shop) -> None:
    shop.grid.columns[ID].is_editable = False
    shop.grid.go(0, ID)
    paste(qapp, shop, "1\tCustomer 9")
    assert shop.row(1)["customer_id"] == 9
    paste(qapp, shop, "77\tCustomer 8")
    [mark] = shop.grid.block.work.preview.grid.editing.marks.values()
    assert mark.message.lower() == "id cannot be edited"


def test_cut_empties_what_it_copied(qapp: Any, shop: Shop) -> None:
    shop.table.commit([Update((1,), "", {"remark": "one"}), Update((2,), "", {"remark": "two"})])
    shop.wait(lambda: shop.grid.content.texts(1) and shop.grid.content.texts(1)[REMARK][0] == "two")
    shop.select(0, REMARK, 1, REMARK)
    QTest.keyClick(shop.grid, KEY.Key_X, CTRL)
    shop.settle()
    assert (qapp.clipboard().text(), shop.column("remark")[:2]) == ("one\ntwo", [None, None])
    shop.select(0, STATUS, 0, GIFT)
    QTest.keyClick(shop.grid, KEY.Key_Delete)
    shop.settle()
    assert "Clear: 2 cells do not fit" in shop.grid.block.work.preview.title.text()


def test_a_process_that_copied_cells_ends_well() -> None:
    code = (
        "from PySide6.QtWidgets import QApplication\n"
        "application = QApplication([])\n"
        "from widgets.grid.copying import _put\n"
        "_put('a\\tb', '<table><tr><td>a</td></tr></table>')\n"
        "assert QApplication.clipboard().mimeData().hasHtml()\n"
    )
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], env=environ, timeout=PATIENCE_S)
    assert done.returncode == 0
