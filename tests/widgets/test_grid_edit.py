"""The grid by keys: what is typed ends in the file, what is refused stays in its editor."""

from __future__ import annotations

import datetime
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from kernel.tables.change import Update  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
TOTAL = 5


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(filter=formula("customer.name contains find.text")), world.context)
    made.resize(900, 400)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == 300)
    made.go(0, 0)
    yield made
    made.close()


def type_cell(grid: Grid, text: str, end: Qt.Key = KEY.Key_Return) -> None:
    QTest.keyClicks(grid, text[0])
    QTest.keyClicks(grid.editing.editor.line, text[1:])
    QTest.keyClick(grid.editing.editor.line, end)


def test_typed_value_is_written(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(2, TOTAL)
    type_cell(grid, "17.25")
    wait_until(lambda: not grid.editing.marks)
    assert world.stored("SELECT total FROM orders WHERE id = 3") == 17.25
    assert grid.current_row == 3


def test_refused_value_stays_in_its_editor(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.setFocus()
    grid.go(0, TOTAL)
    type_cell(grid, "-7")
    wait_until(lambda: grid.editing.message())
    assert "total" in grid.editing.message().lower()
    assert world.stored("SELECT total FROM orders WHERE id = 1") == 1
    assert next(iter(grid.editing.marks.values())).value == -7
    grid.editing.cancel()
    grid.editing.escape()
    assert not grid.editing.marks


def test_escape_takes_the_edit_back(world: World, grid: Grid) -> None:
    grid.go(0, TOTAL)
    type_cell(grid, "99", KEY.Key_Escape)
    assert not grid.editing.marks
    assert world.stored("SELECT total FROM orders WHERE id = 1") == 1


def test_conflict_offers_both_values(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, TOTAL)
    grid.open_edit = grid.editing.open()
    grid.handle.changed.disconnect(grid.rows._hear)
    world.source.table("orders").commit([Update((1,), "", {"total": 50})])
    grid.editing.editor.start("60")
    QTest.keyClick(grid.editing.editor.line, KEY.Key_Return)
    wait_until(lambda: grid.editing.notice.bubble is not None and "50" in grid.editing.notice.bubble.text)
    assert "60" in grid.editing.notice.bubble.text
    assert world.stored("SELECT total FROM orders WHERE id = 1") == 50
    [button] = [part for part in grid.editing.notice.bubble.findChildren(QPushButton) if part.text() == "Keep mine"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: world.stored("SELECT total FROM orders WHERE id = 1") == 60)


def test_a_value_that_came_while_the_editor_was_open_is_not_overwritten(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    grid.go(0, TOTAL)
    assert grid.editing.open()
    world.source.table("orders").commit([Update((1,), "", {"total": 50})])
    wait_until(lambda: grid.content.texts(0)[TOTAL][2] == 50)
    grid.editing.editor.start("60")
    QTest.keyClick(grid.editing.editor.line, KEY.Key_Return)
    wait_until(lambda: grid.editing.notice.bubble is not None and "50" in grid.editing.notice.bubble.text)
    assert world.stored("SELECT total FROM orders WHERE id = 1") == 50
    [button] = [part for part in grid.editing.notice.bubble.findChildren(QPushButton) if part.text() == "Keep mine"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: world.stored("SELECT total FROM orders WHERE id = 1") == 60)


def test_what_came_into_other_cells_is_kept_beside_the_edit(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    grid.go(0, TOTAL)
    assert grid.editing.open()
    world.source.table("orders").commit([Update((1,), "", {"remark": "theirs"})])
    wait_until(lambda: "theirs" in [text for text, *_ in grid.content.texts(0)])
    grid.editing.editor.start("62")
    QTest.keyClick(grid.editing.editor.line, KEY.Key_Return)
    wait_until(lambda: world.stored("SELECT total FROM orders WHERE id = 1") == 62)
    assert world.stored("SELECT remark FROM orders WHERE id = 1") == "theirs" and not grid.editing.message()


def test_edit_of_another_column_is_no_conflict(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, TOTAL)
    grid.handle.changed.disconnect(grid.rows._hear)
    world.source.table("orders").commit([Update((1,), "", {"remark": "theirs"})])
    type_cell(grid, "61")
    wait_until(lambda: world.stored("SELECT total FROM orders WHERE id = 1") == 61)
    assert world.stored("SELECT remark FROM orders WHERE id = 1") == "theirs"


def test_new_row_is_written_and_deleted(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    QTest.keyClick(grid, KEY.Key_Insert, CTRL)
    assert grid.current_row == 300
    QTest.keyClick(grid, KEY.Key_F2)
    QTest.keyClick(grid.editing.editor.line, KEY.Key_Escape)
    grid.editing.draft.values.update({"customer_id": 3, "status": "open"})
    grid.go(300, 2)
    type_cell(grid, "2026-05-05", KEY.Key_Tab)
    grid.go(300, TOTAL)
    type_cell(grid, "12.5")
    wait_until(lambda: grid.rows.cache.count == 301)
    assert grid.editing.draft is None
    assert world.stored("SELECT placed FROM orders WHERE id = 301") == "2026-05-05"
    assert grid.current_key == (301,)
    QTest.keyClick(grid, KEY.Key_Delete, CTRL)
    QTest.keyClick(grid.window().focusWidget(), KEY.Key_Tab)
    QTest.keyClick(grid.window().focusWidget(), KEY.Key_Space)
    wait_until(lambda: grid.rows.cache.count == 300)
    assert world.stored("SELECT count(*) FROM orders") == 300


def test_new_row_refused_stays(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    QTest.keyClick(grid, KEY.Key_Insert, CTRL)
    grid.go(300, TOTAL)
    type_cell(grid, "5")
    wait_until(lambda: grid.editing.notice.bubble is not None and grid.editing.notice.bubble.text)
    assert grid.editing.draft.values == {"total": 5}
    assert world.stored("SELECT count(*) FROM orders") == 300
    QTest.keyClick(grid, KEY.Key_Escape)
    assert grid.editing.draft is None


def test_the_new_row_takes_no_key_of_a_row_that_is_not_counted_yet(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(299)
    wait_until(lambda: grid.rows.cache.key(299) is not None)
    grid.rows.cache.count = 299
    grid.add_row()
    assert grid.current.row == 299 and grid.current.key is None
    grid.go(299, TOTAL)
    type_cell(grid, "5")
    assert grid.editing.draft.values == {"total": 5}


def test_new_rows_are_typed_one_after_the_other(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    def press(letters: str) -> None:
        for letter in letters:
            QTest.keyClick(grid.window().focusWidget(), letter)

    for total, ends in ("11", "\r"), ("22", ""), ("33", "\r"):
        grid.add_row()  # where the one before is open or on its way, what follows waits for it
        draft = grid.editing.draft
        wait_until(lambda draft=draft: grid.editing.draft is not None and draft.then is None)
        grid.editing.draft.values.update({"customer_id": 3, "status": "open", "placed": datetime.date(2026, 5, 5)})
        grid.go(grid.row_count() - 1, TOTAL)
        press(total + ends)
    wait_until(lambda: grid.rows.cache.count == 303)
    assert world.stored("SELECT group_concat(total) FROM orders WHERE id > 300") == "11,22,33"
    grid.add_row()
    grid.add_row()
    assert grid.row_count() == 304


def test_what_is_typed_while_a_row_is_stored_is_of_the_next(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    grid.add_row()
    grid.editing.draft.values.update({"customer_id": 3, "status": "open", "placed": datetime.date(2026, 5, 5)})
    grid.go(300, TOTAL)
    commit, sent = grid.handle.commit, []
    grid.handle.commit = lambda *change: sent.append(change)
    for letter in "11\r":
        QTest.keyClick(grid.window().focusWidget(), letter)
    grid.add_row()
    for letter in "customer 41\t":
        QTest.keyClick(grid.window().focusWidget(), letter)
    assert grid.editing.cell is None and len(sent) == 1
    del grid.handle.commit
    commit(*sent[0])
    wait_until(lambda: grid.editing.draft is not None and grid.editing.draft.values.get("customer_id") == 41)
    assert world.stored("SELECT total, customer_id FROM orders WHERE id = 301") == 11


def test_required_cell_is_not_emptied(world: World, grid: Grid) -> None:
    grid.go(0, TOTAL)
    QTest.keyClick(grid, KEY.Key_Delete)
    assert "required" in grid.editing.notice.bubble.text
    assert not grid.editing.marks


def test_space_switches_a_boolean(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, 4)
    QTest.keyClick(grid, KEY.Key_Space)
    wait_until(lambda: world.stored("SELECT is_gift FROM orders WHERE id = 1") == 0)


@pytest.mark.parametrize("stored", ["yes", 7])
def test_a_switch_leaves_alone_what_is_neither_yes_nor_no(
    world: World, grid: Grid, wait_until: Callable[..., None], stored: Any
) -> None:
    with sqlite3.connect(world.path) as database:
        database.execute("UPDATE orders SET is_gift = ? WHERE id = 1", (stored,))
    world.source.poll()
    wait_until(lambda: grid.content.reader(0)("is_gift") == stored)
    grid.go(0, 4)
    QTest.keyClick(grid, KEY.Key_Space)
    assert f"“{stored}”" in grid.editing.notice.bubble.text and not grid.editing.marks
    middle = grid.places.cell_rect(0, 4).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert not grid.editing.marks and world.stored("SELECT is_gift FROM orders WHERE id = 1") == stored


def test_filter_sort_and_labels(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    assert grid.content.texts(0)[1][0] == "Customer 2"
    world.context.scope.publish("find.text", "customer 50")
    wait_until(lambda: grid.rows.cache.count == 6)
    assert world.context.scope.read("list.count") == 6
    world.context.scope.publish("find.text", "")
    wait_until(lambda: grid.rows.cache.count == 300)
    grid.go(0, TOTAL)
    QTest.keyClick(grid, KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: grid.current_row == 299)
    assert grid.current_key == (1,)
    grid.go(0)
    wait_until(lambda: grid.current_key == (300,))


def test_change_by_others_keeps_the_place(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(150, 2)
    wait_until(lambda: grid.current_key is not None)
    top = grid.places.top_pixel()
    key = grid.current_key
    world.source.table("orders").commit([Update(key, "", {"remark": "hello"})])
    wait_until(lambda: (world.context.scope.read("list.current") or {}).get("remark") == "hello")
    assert (grid.current_row, grid.current_key, grid.places.top_pixel()) == (150, key, top)
    assert "row 151 of 300" in grid.accessibleDescription()


def test_copy_is_tab_separated(qapp: Any, grid: Grid) -> None:
    QTest.keyClick(grid, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, KEY.Key_C, CTRL)
    assert qapp.clipboard().text() == "1\tCustomer 2\n2\tCustomer 3"


def test_all_rows_are_copied_also_those_not_read(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> None:
    world = World(tmp_path, rows=3000)
    grid = Grid(grid_node(), world.context)
    grid.show()
    wait_until(lambda: grid.rows.cache.count == 3000)
    grid.go(1, 0)
    qapp.clipboard().setText("")
    QTest.keyClick(grid, KEY.Key_A, CTRL)
    QTest.keyClick(grid, KEY.Key_C, CTRL)
    wait_until(lambda: qapp.clipboard().text())
    lines = qapp.clipboard().text().split("\n")
    assert (len(lines), grid.current_row) == (3000, 1)
    assert lines[2999].split("\t")[:2] == ["3000", "Customer 1"]
    assert world.messages[-1][1] == "3,000 rows are on the clipboard"
    QTest.keyClick(grid, KEY.Key_Down)
    assert grid.selection.row_total() == 1
    grid.close()
    world.close()


def test_nothing_found_is_designed(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    world.context.scope.publish("find.text", "nobody")
    wait_until(lambda: grid.condition.view.isVisible())
    assert grid.condition.view.title.text() == "Nothing found"
    assert world.context.scope.read("list.current") is None


def test_who_clicks_elsewhere_gets_no_new_row_when_the_one_before_is_stored(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    grid.add_row()
    grid.editing.draft.values.update({"customer_id": 3, "status": "open", "placed": datetime.date(2026, 5, 5)})
    grid.go(300, TOTAL)
    QTest.keyClick(grid.window().focusWidget(), "7")
    grid.add_row()
    assert grid.editing.draft.then is not None  # the next one waits for it
    QTest.mouseClick(grid.header, Qt.MouseButton.MiddleButton)
    wait_until(lambda: world.stored("SELECT group_concat(total) FROM orders WHERE id > 300") == "7")
    wait_until(lambda: grid.rows.cache.count == 301)
    assert grid.editing.draft is None and grid.row_count() == 301
