"""Work on many cells when something goes wrong: given up half way, dying, huge, and what others do meanwhile."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))
from block_world import REMARK, TOTAL, Shop  # noqa: E402

from kernel.tables.change import Delete  # noqa: E402
from kernel.tables.interrupt import current  # noqa: E402
from tests.waiting import PATIENCE_S  # noqa: E402
from widgets.grid import block, copying, paste  # noqa: E402
from widgets.grid.mark import Mark  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: Any, qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Shop]:
    made = Shop(request.param, tmp_path, wait_until, rows=300)
    yield made
    made.close()


def press_paste(shop: Shop, text: str) -> None:
    QApplication.clipboard().setText(text)
    QTest.keyClick(shop.grid, KEY.Key_V, CTRL)


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_a_paste_that_is_given_up_writes_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    reading, go_on = threading.Event(), threading.Event()
    fetch = shop.table.fetch

    def slow(*arguments: Any) -> Any:
        if current() is not None:
            reading.set()
            assert go_on.wait(PATIENCE_S)
        return fetch(*arguments)

    shop.grid.go(0, TOTAL)
    monkeypatch.setattr(shop.table, "fetch", slow)
    press_paste(shop, "\n".join(["5"] * 200))
    shop.wait(reading.is_set)
    assert shop.grid.has_edits()
    strip = shop.grid.block.work._strip
    shop.wait(strip.isVisible)
    if how == "button":
        QTest.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(shop.grid, KEY.Key_Escape)
    go_on.set()
    shop.settle()
    assert shop.column("total")[:3] == [1, 2, 3]
    assert shop.world.messages[-1][1].endswith("was given up; nothing was changed")
    assert shop.history.journal.entries == []


def test_a_commit_that_is_given_up_leaves_the_source_as_it_was(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = shop.table.commit

    def given_up(changes: Any) -> Any:
        shop.grid.block.work.cancel()
        current().check()
        return commit(changes)

    monkeypatch.setattr(shop.table, "commit", given_up)
    shop.grid.go(0, TOTAL)
    press_paste(shop, "5\n6")
    shop.settle()
    assert shop.column("total")[:3] == [1, 2, 3]
    assert "given up" in shop.world.messages[-1][1]


def test_what_waits_behind_work_that_fails_is_not_done(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_changes: Any) -> Any:
        raise OSError("the disk is full")

    shop.grid.go(0, TOTAL)
    monkeypatch.setattr(shop.table, "commit", broken)
    press_paste(shop, "5")
    press_paste(shop, "6")
    shop.settle()
    assert "nothing was changed. The disk is full" in shop.said()
    assert shop.column("total")[0] == 1


def test_a_cell_of_ten_megabytes_is_taken_or_refused_whole(shop: Shop) -> None:
    shop.grid.go(0, REMARK)
    press_paste(shop, "x" * 10_000_000)
    shop.settle()
    [mark] = shop.grid.block.work.preview.grid.editing.marks.values()
    assert "at most 80 characters" in mark.message
    assert shop.row(1)["remark"] is None


def test_too_many_cells_are_told_before_anything_is_read(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "MOST_CELLS", 100)
    monkeypatch.setattr(paste, "MOST_CELLS", 100)
    QTest.keyClick(shop.grid, KEY.Key_A, CTRL)
    QTest.keyClick(shop.grid, KEY.Key_C, CTRL)
    assert "2,100 cells are too many for the clipboard" in shop.said() and "export" in shop.said()
    press_paste(shop, "5")
    shop.settle()
    assert "too many to paste into" in shop.said()
    assert shop.column("total")[:2] == [1, 2]


def test_too_many_rows_for_one_edit_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "MOST_ROWS", 100)
    shop.select(0, REMARK, 299, REMARK)
    QTest.keyClick(shop.grid, KEY.Key_Delete)
    shop.settle()
    assert "300 rows are too many for one edit. At most 100" in shop.said()


def test_a_refused_edit_that_is_pasted_over_is_gone(shop: Shop) -> None:
    shop.grid.editing.marks[(1,), "total"] = Mark(-5, "-5", "Total must be positive")
    shop.grid.go(0, TOTAL)
    press_paste(shop, "8")
    shop.settle()
    assert not shop.grid.editing.marks and shop.row(1)["total"] == 8


def test_ranges_that_make_no_table_are_not_copied(shop: Shop) -> None:
    shop.select(0, 0, 1, 1)
    shop.grid.selection.start_adding()
    shop.select(5, 3, 8, 3)
    QApplication.clipboard().setText("before")
    QTest.keyClick(shop.grid, KEY.Key_C, CTRL)
    assert "cannot be copied together" in shop.said()
    assert QApplication.clipboard().text() == "before"


def test_a_row_that_goes_while_its_cell_is_edited_is_told(shop: Shop) -> None:
    shop.grid.go(4, TOTAL)
    QTest.keyClick(shop.grid, KEY.Key_F2)
    shop.grid.editing.editor.line.selectAll()
    QTest.keyClicks(shop.grid.editing.editor.line, "77")
    shop.table.commit([Delete((5,), "")])
    shop.wait(lambda: shop.grid.rows.cache.count == 299)
    QTest.keyClick(shop.grid.editing.editor.line, KEY.Key_Return)
    shop.wait(lambda: "deleted" in shop.said())
    assert "77" in shop.said()
    assert 77 not in shop.column("total")[:10]


def test_a_table_that_becomes_read_only_refuses_and_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from kernel.tables.change import TableChange

    closed = msgspec.structs.replace(shop.table.schema, is_editable=False, read_only_reason="The year is closed")
    monkeypatch.setattr(type(shop.table), "schema", property(lambda _table: closed))
    shop.grid.handle._hear(TableChange("orders", is_everything=True))
    shop.wait(lambda: not shop.grid.can_edit())
    shop.grid.go(0, TOTAL)
    press_paste(shop, "5")
    assert shop.said() == "The year is closed"
    for action in (shop.grid.block.fill_down, shop.grid.block.duplicate_rows, shop.grid.block.cut):
        shop.grid.editing.notice.hide()
        action()
        assert shop.said() == "The year is closed"


def test_an_input_method_begins_an_edit(shop: Shop) -> None:
    shop.grid.go(0, REMARK)
    QApplication.sendEvent(shop.grid, QInputMethodEvent("に", []))
    line = shop.grid.editing.editor.line
    assert shop.grid.is_editing()
    done = QInputMethodEvent("", [])
    done.setCommitString("日本")
    QApplication.sendEvent(line, done)
    assert line.text() == "日本"
    QTest.keyClick(line, KEY.Key_Return)
    shop.wait(lambda: shop.row(1)["remark"] == "日本")


def test_an_edit_far_to_the_right_is_scrolled_into_sight(shop: Shop) -> None:
    shop.grid.resize(260, 300)
    shop.grid.go(0, 0)
    QTest.keyClick(shop.grid, KEY.Key_End)
    QTest.keyClick(shop.grid, KEY.Key_F2)
    box, view = shop.grid.editing.editor.geometry(), shop.grid.viewport()
    assert shop.grid.horizontalScrollBar().value() > 0
    assert box.left() < view.width() and shop.grid.current_column == REMARK
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert shop.grid.current_column == REMARK - 1
