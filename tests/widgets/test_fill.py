"""Filling cells by the handle at the corner of a selection, and by its keys."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from block_world import CUSTOMER, ID, PLACED, STATUS, TOTAL, Shop  # noqa: E402

from widgets.grid.paint import handle_box  # noqa: E402

_LEFT, _CTRL, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def shop(tmp_path: Path, qapp: Any, wait_until: Any) -> Iterator[Shop]:
    shop = Shop("memory", tmp_path, wait_until)
    yield shop
    shop.close()


def _drag(shop: Shop, row: int, column: int, modifier: Any = _NONE, *, is_ended: bool = True) -> None:
    """Take the handle to the middle of a cell."""
    shop.wait(shop.grid.hasFocus)
    view, box = shop.grid.viewport(), handle_box(shop.grid)
    assert box is not None
    target = shop.grid.places.cell_rect(row, column).center()
    QTest.mousePress(view, _LEFT, modifier, box.center().toPoint())
    QTest.mouseMove(view, QPoint((box.center().toPoint() + target) / 2))
    QTest.mouseMove(view, target)
    if is_ended:
        QTest.mouseRelease(view, _LEFT, modifier, target)
        shop.settle()


def test_the_handle_repeats_what_is_selected(shop: Shop) -> None:
    shop.select(0, TOTAL, 1, TOTAL)
    _drag(shop, 5, TOTAL)
    assert shop.column("total")[:7] == [Decimal(one) for one in (1, 2, 1, 2, 1, 2, 7)]
    assert shop.grid.selection.areas()[0][:3] == (0, TOTAL, 5), "what was filled is selected"
    assert [entry.title for entry in shop.history.journal.entries] == ["Fill 4 cells"]
    shop.history.undo(lambda *_told: None)
    shop.wait(lambda: shop.column("total")[2] == Decimal(3))
    assert shop.column("total")[:7] == [Decimal(at) for at in range(1, 8)], "one step takes all of it back"


def test_with_ctrl_a_series_goes_on(shop: Shop) -> None:
    shop.select(2, PLACED, 3, PLACED)
    _drag(shop, 6, PLACED, _CTRL)
    assert shop.column("placed")[4:7] == [datetime.date(2026, 1, day) for day in (6, 7, 8)]


def test_a_series_goes_backward_too(shop: Shop) -> None:
    shop.select(5, TOTAL, 6, TOTAL)
    _drag(shop, 2, TOTAL, _CTRL)
    assert shop.column("total")[2:7] == [Decimal(at) for at in range(3, 8)]
    shop.select(9, TOTAL, 10, TOTAL)
    _drag(shop, 7, TOTAL)
    assert shop.column("total")[7:11] == [Decimal(at) for at in (10, 11, 10, 11)], "the pattern goes on upwards"


def test_the_handle_fills_to_the_side_by_what_the_columns_say(shop: Shop) -> None:
    shop.select(0, STATUS, 1, STATUS)
    _drag(shop, 1, CUSTOMER)
    assert shop.grid.block.work.preview is not None, "a status is no customer"
    assert "do not fit" in shop.grid.block.work.preview.title.text()
    shop.grid.block.work.preview.close_card()


def test_escape_lets_the_handle_go(shop: Shop) -> None:
    shop.select(0, TOTAL, 0, TOTAL)
    _drag(shop, 4, TOTAL, is_ended=False)
    assert shop.grid.drag is not None
    QTest.keyClick(shop.grid, Qt.Key.Key_Escape)
    QTest.mouseRelease(shop.grid.viewport(), _LEFT, _NONE, shop.grid.places.cell_rect(4, TOTAL).center())
    shop.settle()
    assert shop.column("total")[:5] == [Decimal(at) for at in range(1, 6)]


def test_there_is_a_handle_only_where_something_can_be_filled(shop: Shop) -> None:
    grid = shop.grid
    grid.go(0, TOTAL)
    assert handle_box(grid) is not None
    grid.set_editable(False)
    assert handle_box(grid) is None
    grid.set_editable(True)
    grid.selection.take_in_rows()
    assert handle_box(grid) is None, "whole rows have no corner to take"
    grid.go(0, ID)
    grid.add_row()
    assert handle_box(grid) is None


def test_a_series_has_a_key(shop: Shop) -> None:
    shop.select(7, TOTAL, 9, TOTAL)
    QTest.keyClick(shop.grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    assert shop.column("total")[6:10] == [Decimal(at) for at in (7, 8, 8, 8)]
    shop.select(6, TOTAL, 9, TOTAL)
    QTest.keyClick(shop.grid, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    shop.settle()
    assert shop.column("total")[6:10] == [Decimal(at) for at in (7, 8, 9, 10)]
