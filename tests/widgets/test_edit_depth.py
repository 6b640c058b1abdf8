"""Editing to the end: conflicts answered both ways, new rows under a master, deletes that are refused, what is said."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from layouts.node import Node  # noqa: E402
from widgets.form import Form  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
CUSTOMER, PLACED, STATUS, TOTAL = 1, 2, 3, 5


class Desk:
    """A grid of orders and the form of its row, over a file that others write too."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grid = Grid(grid_node(), world.context)
        self.form = Form(Node("form", "form", {"of": formula("list.current")}), world.context)
        for part in (self.form, self.grid):
            part.resize(900, 420)
            part.show()
        self.grid.activateWindow()

    def by_others(self, sql: str) -> None:
        """Another program changes the file; nobody tells us."""
        with sqlite3.connect(self.world.path) as database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute(sql)
        database.close()

    def type_cell(self, row: int, column: int, text: str, end: Qt.Key = KEY.Key_Return) -> None:
        self.grid.go(row, column)
        QTest.keyClick(self.grid, KEY.Key_F2)
        line = self.grid.editing.editor.line
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, end)

    def type_field(self, column: str, text: str) -> Any:
        line = next(field for field in self.form.fields if field.column_name == column).editor.line
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        return line

    def said(self) -> str:
        """What stands beside the cell."""
        bubble = self.grid.editing.notice.bubble
        return bubble.text if bubble is not None else ""

    def answer(self, title: str) -> None:
        """Press the answer as a person with keys would."""
        bubble = self.grid.editing.notice.bubble
        button = next(button for button in bubble.findChildren(QPushButton) if button.text() == title)
        QTest.keyClick(button, KEY.Key_Return)


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    world = World(tmp_path, rows=20)
    made = Desk(world)
    wait_until(lambda: made.grid.rows.cache.count == 20 and made.form.row and made.form.row.values)
    made.grid.setFocus()
    yield made
    made.grid.close()
    made.form.close()
    world.close()


@pytest.mark.parametrize(("answer", "kept"), [("Take theirs", 50), ("Keep mine", 60)])
def test_a_conflict_in_a_cell_is_answered(desk: Desk, wait_until: Callable[..., None], answer: str, kept: int) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    wait_until(lambda: "50" in desk.said() and "60" in desk.said())
    assert desk.world.stored("SELECT total FROM orders WHERE id = 1") == 50
    desk.answer(answer)
    wait_until(lambda: not desk.grid.editing.marks)
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == kept)
    wait_until(lambda: desk.grid.cell_text(0, TOTAL) == f"{kept}.00")
    assert not desk.said()


@pytest.mark.parametrize(("answer", "kept"), [("Take theirs", 50), ("Keep mine", 60)])
def test_a_conflict_in_a_form_is_answered(desk: Desk, wait_until: Callable[..., None], answer: str, kept: int) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    line = desk.type_field("total", "60")
    QTest.keyClick(line, KEY.Key_S, CTRL)
    wait_until(lambda: desk.form.bar.isVisible() and "50" in desk.form.bar.text.text())
    assert line.text() == "60"
    button = next(one for one in (desk.form.bar.first, desk.form.bar.second) if one.text() == answer)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: not desk.form.has_edits())
    wait_until(lambda: desk.world.stored("SELECT total FROM orders WHERE id = 1") == kept)
    wait_until(lambda: line.text() == f"{kept}.00")


def test_a_row_deleted_by_others_is_said(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.by_others("DELETE FROM orders WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    wait_until(lambda: "deleted meanwhile" in desk.said())
    assert desk.world.stored("SELECT count(*) FROM orders WHERE id = 1") == 0


def test_grid_and_form_show_the_same_row(desk: Desk, wait_until: Callable[..., None]) -> None:
    line = desk.type_field("total", "33")
    QTest.keyClick(line, KEY.Key_S, CTRL)
    wait_until(lambda: desk.grid.cell_text(0, TOTAL) == "33.00")
    desk.grid.setFocus()
    desk.type_cell(0, TOTAL, "34", KEY.Key_Tab)
    wait_until(lambda: line.text() == "34.00")


def test_a_referenced_row_is_not_deleted(desk: Desk, world_grid: Callable[..., Grid], wait_until: Any) -> None:
    grid = world_grid("customers")
    grid.go(4, 0)
    QTest.keyClick(grid, KEY.Key_Delete, CTRL)
    assert "cannot be undone" in grid.editing.notice.bubble.text
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    wait_until(lambda: "still used" in grid.editing.notice.bubble.text)
    assert desk.world.stored("SELECT count(*) FROM customers") == 50


def test_a_new_row_takes_the_masters_key(desk: Desk, world_grid: Callable[..., Grid], wait_until: Any) -> None:
    desk.grid.go(6, 0)
    lines = world_grid("orders", filter=formula("customer_id == list.current.customer_id"))
    customer = desk.world.stored("SELECT customer_id FROM orders WHERE id = 7")
    wait_until(lambda: lines.row_count() == 1)
    QTest.keyClick(lines, KEY.Key_Insert, CTRL)
    assert lines.editing.draft.values == {"customer_id": customer}
    assert not lines.has_edits()
    for column, text in ((PLACED, "2026-05-05"), (TOTAL, "12")):
        lines.go(lines.current_row, column)
        QTest.keyClick(lines, KEY.Key_F2)
        QTest.keyClicks(lines.editing.editor.line, text)
        QTest.keyClick(lines.editing.editor.line, KEY.Key_Tab)
    assert lines.has_edits()
    lines.go(lines.current_row, STATUS)
    QTest.keyClicks(lines, "s")
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    wait_until(lambda: lines.row_key(lines.current_row) == (21,))
    assert desk.world.stored("SELECT customer_id FROM orders WHERE id = 21") == customer
    assert desk.world.stored("SELECT status FROM orders WHERE id = 21") == "shipped"


@pytest.fixture
def lines(desk: Desk, world_grid: Callable[..., Grid], wait_until: Any) -> Grid:
    """The orders of the customer of the order that is current in the desk's grid, with a new one begun."""
    desk.grid.go(6, 0)
    grid = world_grid("orders", filter=formula("customer_id == list.current.customer_id"))
    wait_until(lambda: grid.row_count() == 1)
    QTest.keyClick(grid, KEY.Key_Insert, CTRL)
    return grid


def test_an_empty_new_row_goes_with_its_master(desk: Desk, lines: Grid, wait_until: Any) -> None:
    desk.grid.go(2, 0)
    wait_until(lambda: lines.row_key(0) == (3,))
    assert lines.editing.draft is None and lines.row_count() == 1


def test_a_new_row_is_written_when_its_master_goes(desk: Desk, lines: Grid, wait_until: Any) -> None:
    lines.editing.draft.values.update({"placed": date(2026, 5, 5), "status": "open", "total": 12})
    desk.grid.go(2, 0)
    wait_until(lambda: lines.editing.draft is None)
    wait_until(lambda: lines.row_count() == 1 and lines.row_key(0) == (3,))
    customer = desk.world.stored("SELECT customer_id FROM orders WHERE id = 7")
    assert desk.world.stored("SELECT customer_id FROM orders WHERE id = 21") == customer


def test_a_refused_new_row_says_where_it_belongs(desk: Desk, lines: Grid, wait_until: Any) -> None:
    lines.editing.draft.values.update({"placed": date(2026, 5, 5), "status": "open", "total": -12})
    customer = desk.world.stored("SELECT customer_id FROM orders WHERE id = 7")
    desk.grid.go(2, 0)
    wait_until(lambda: f"Customer {customer}" in lines.editing.notice.text)
    assert "total" in lines.editing.notice.text.lower()
    assert lines.editing.draft.values["customer_id"] == customer
    desk.grid.go(6, 0)
    lines.editing.draft.values["total"] = 12
    lines.editing.write_draft()
    wait_until(lambda: lines.row_count() == 2 and lines.editing.draft is None)


def test_rows_that_are_only_shown_say_so(desk: Desk, world_grid: Callable[..., Grid]) -> None:
    grid = world_grid("customers", editable=False)
    for key in (KEY.Key_Insert, KEY.Key_Delete):
        QTest.keyClick(grid, key, CTRL)
        assert "only shown" in grid.editing.notice.bubble.text
        QTest.keyClick(grid, KEY.Key_Escape)
    assert grid.editing.draft is None


def test_a_typed_cell_is_an_edit_until_it_is_written(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.grid.go(0, TOTAL)
    QTest.keyClick(desk.grid, KEY.Key_F2)
    assert not desk.grid.has_edits()
    QTest.keyClicks(desk.grid.editing.editor.line, "9")
    assert desk.grid.has_edits()
    QTest.keyClick(desk.grid.editing.editor.line, KEY.Key_Escape)
    assert not desk.grid.has_edits()
    desk.type_cell(0, TOTAL, "-9")
    wait_until(lambda: desk.grid.editing.message())
    assert desk.grid.has_edits()


def test_arrows_browse_choices_and_return_takes_one(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.grid.go(0, STATUS)
    QTest.keyClick(desk.grid, KEY.Key_F2)
    box = desk.grid.editing.editor.box
    QTest.keyClick(box, KEY.Key_Down)
    assert desk.grid.is_editing() and box.currentText() == "shipped"
    assert desk.world.stored("SELECT status FROM orders WHERE id = 1") == "open"
    QTest.keyClick(box, KEY.Key_Return)
    wait_until(lambda: desk.world.stored("SELECT status FROM orders WHERE id = 1") == "shipped")
    assert desk.grid.current_row == 1 and not desk.grid.is_editing()


def test_escape_closes_the_list_before_the_editor(desk: Desk) -> None:
    desk.grid.go(0, STATUS)
    QTest.keyClick(desk.grid, KEY.Key_F2)
    box = desk.grid.editing.editor.box
    QTest.keyClick(box, KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    QTest.keyClick(popup.focusWidget() or popup, KEY.Key_Escape)
    assert QApplication.activePopupWidget() is None and desk.grid.is_editing()
    QTest.keyClick(box, KEY.Key_Escape)
    assert not desk.grid.is_editing()


@pytest.fixture
def world_grid(desk: Desk, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    """Opens another grid over the same file."""
    made: list[Grid] = []

    def open_grid(table: str, **properties: Any) -> Grid:
        desk.world.context.tables[table] = desk.world.open(table)
        grid = Grid(Node("grid", f"other_{table}", {"table": table, **properties}), desk.world.context)
        made.append(grid)
        grid.resize(900, 420)
        grid.show()
        grid.activateWindow()
        wait_until(lambda: grid.rows.cache.count)
        grid.go(0, 0)
        grid.setFocus()
        wait_until(grid.hasFocus)
        return grid

    yield open_grid
    for grid in made:
        grid.close()
