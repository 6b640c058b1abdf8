"""Filling, setting, duplicating and deleting many cells and rows at once, each as one edit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from block_world import CUSTOMER, PLACED, REMARK, TOTAL, Shop  # noqa: E402

from widgets.grid.menu import make_menu  # noqa: E402
from widgets.grid.series import next_value  # noqa: E402

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: Any, qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Shop]:
    made = Shop(request.param, tmp_path, wait_until)
    yield made
    made.close()


def _actions(menu: Any) -> dict[str, Any]:
    """Title → action, those of submenus among them."""
    found = {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}
    for action in menu.actions():
        if action.menu() is not None:
            found |= _actions(action.menu())
    return found


def press(shop: Shop, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    bits = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        bits |= one
    QTest.keyClick(shop.grid, key, bits)
    shop.settle()


def test_filling_down_repeats_the_first_row(shop: Shop) -> None:
    shop.select(2, CUSTOMER, 5, PLACED)
    press(shop, KEY.Key_D, CTRL)
    assert shop.column("customer_id")[2:7] == [4, 4, 4, 4, 8]
    assert len(set(shop.column("placed")[2:6])) == 1
    shop.grid.go(1, TOTAL)
    press(shop, KEY.Key_D, CTRL)
    assert shop.column("total")[:3] == [1, 1, 3]
    assert [entry.title for entry in shop.history.journal.entries] == ["Fill 6 cells", "Fill 1 cell"]


def test_filling_right_reads_by_the_columns_type(shop: Shop) -> None:
    shop.select(0, TOTAL, 1, REMARK)
    press(shop, KEY.Key_R, CTRL)
    assert [remark.rstrip("0").rstrip(".") for remark in shop.column("remark")[:2]] == ["1", "2"]


def test_a_series_goes_on(shop: Shop) -> None:
    shop.select(0, PLACED, 4, TOTAL)
    shop.grid.block.fill_series()
    shop.settle()
    assert shop.column("total")[:6] == [1, 2, 3, 4, 5, 6]
    assert [day.day for day in shop.column("placed")[:5]] == [2, 3, 4, 5, 6]
    shop.select(9, TOTAL, 10, TOTAL)
    press(shop, KEY.Key_D, CTRL)
    shop.select(9, TOTAL, 12, TOTAL)
    shop.grid.block.fill_series()
    shop.settle()
    assert shop.column("total")[9:13] == [10, 11, 12, 13]


@pytest.mark.parametrize(
    ("first", "second", "count", "value"),
    [(1, 3, 4, 9), (5, None, 2, 7), (True, False, 3, True), ("a", "b", 2, "a"), (1.5, 1.5, 2, 3.5), (None, 4, 2, None)],
)
def test_steps_of_a_series(first: Any, second: Any, count: int, value: Any) -> None:
    assert next_value(first, second, count) == value


def test_ctrl_return_sets_all_selected_cells(shop: Shop) -> None:
    shop.select(0, TOTAL, 2, TOTAL)
    QTest.keyClicks(shop.grid, "4")
    QTest.keyClicks(shop.grid.editing.editor.line, "2.5")
    QTest.keyClick(shop.grid.editing.editor.line, KEY.Key_Return, CTRL)
    shop.settle()
    assert [float(total) for total in shop.column("total")[:4]] == [42.5, 42.5, 42.5, 4]
    assert (shop.grid.current_row, shop.grid.selection.row_total()) == (2, 3)


def test_return_and_tab_walk_within_the_selection(shop: Shop) -> None:
    shop.select(2, PLACED, 0, CUSTOMER)
    walked = []
    for _ in range(7):
        QTest.keyClick(shop.grid, KEY.Key_F2)
        QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Tab)
        walked.append((shop.grid.current_row, shop.grid.current_column))
    assert walked == [(0, PLACED), (1, CUSTOMER), (1, PLACED), (2, CUSTOMER), (2, PLACED), (0, CUSTOMER), (0, PLACED)]
    assert shop.grid.selection.row_total() == 3
    QTest.keyClick(shop.grid, KEY.Key_Right)
    assert not shop.grid.selection.is_several()


def test_rows_are_duplicated_without_their_keys(shop: Shop) -> None:
    shop.select(0, CUSTOMER, 1, CUSTOMER)
    press(shop, KEY.Key_D, CTRL, SHIFT)
    shop.wait(lambda: shop.grid.rows.cache.count == 32 and shop.grid.current_key == (31,))
    assert shop.row(31) == {**shop.row(1), "id": 31}
    assert shop.column("customer_id")[30:] == [2, 3]
    assert shop.history.journal.entries[-1].title == "Duplicate 2 rows"


def test_several_rows_are_deleted_as_one_edit_and_come_back(shop: Shop) -> None:
    before = shop.column("total")
    shop.grid.go(1, 0)
    shop.grid.selection.toggle_row(4)
    shop.grid.selection.toggle_row(6)
    press(shop, KEY.Key_Delete, CTRL)
    assert "Ctrl+Z brings" in shop.said()
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Tab)
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Return)
    shop.wait(lambda: shop.grid.rows.cache.count == 27 and shop.history.journal.entries)
    assert shop.column("id")[:6] == [1, 3, 4, 6, 8, 9]
    told: list[Any] = []
    shop.history.undo(lambda _entry, error: told.append(error))
    shop.wait(lambda: told)
    assert (told, shop.column("total")) == ([None], before)


def test_rows_that_are_not_here_are_deleted_too(qapp: Any, tmp_path: Path, wait_until: Any) -> None:
    shop = Shop("sqlite", tmp_path, wait_until, rows=3000)
    shop.select(5, 0, 2994, 0)
    press(shop, KEY.Key_Delete, CTRL)
    assert "2,990 rows" in shop.said()
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Tab)
    QTest.keyClick(shop.grid.window().focusWidget(), KEY.Key_Return)
    shop.wait(lambda: shop.grid.rows.cache.count == 10)
    assert shop.column("id")[4:6] == [5, 2996]
    shop.close()


def test_the_menu_offers_what_can_be_done(shop: Shop) -> None:
    menu = make_menu(shop.grid)
    assert len([action for action in menu.actions() if action.isVisible()]) < 24, "it fits a small screen"
    enabled = {title: action.isEnabled() for title, action in _actions(menu).items()}
    assert all(enabled[title] for title in ("Paste", "Clear", "Fill down", "Duplicate row"))
    shop.grid.set_editable(False)
    action = _actions(make_menu(shop.grid))
    assert not action["Paste"].isEnabled() and action["Copy with headings"].isEnabled()
    shop.grid.set_editable(True)
    shop.select(0, TOTAL, 1, TOTAL)
    _actions(menu)["Fill down"].trigger()
    shop.settle()
    assert shop.column("total")[:2] == [1, 1]
