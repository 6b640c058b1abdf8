"""Selecting in a grid by keys and mouse: ranges, rows, columns, several of them, beyond the edges of the view."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.change import Delete, Insert  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.selection import Area  # noqa: E402
from widgets.listing.ranges import merged, without  # noqa: E402

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(), world.context)
    made.resize(900, 400)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == 300)
    made.go(2, 1)
    yield made
    made.close()


def place(grid: Grid, row: int, column: int) -> QPoint:
    return grid.places.cell_rect(row, column).center()


def click(grid: Grid, row: int, column: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, modifiers, place(grid, row, column))


def test_shift_extends_and_a_bare_move_ends_it(world: World, grid: Grid) -> None:
    for key in (KEY.Key_Down, KEY.Key_Down, KEY.Key_Right):
        QTest.keyClick(grid, key, SHIFT)
    assert grid.selection.areas() == [Area(2, 1, 4, 2)]
    assert world.context.scope.read("list.selection.count") == 3
    QTest.keyClick(grid, KEY.Key_Left)
    assert grid.selection.areas() == [Area(4, 1, 4, 1)]
    assert not grid.selection.is_several()


def test_rows_columns_and_everything_by_keys(world: World, grid: Grid) -> None:
    QTest.keyClick(grid, KEY.Key_Space, SHIFT)
    assert grid.selection.areas() == [Area(2, 0, 2, 6)]
    QTest.keyClick(grid, KEY.Key_Down, SHIFT)
    assert grid.selection.areas() == [Area(2, 0, 3, 6)]
    QTest.keyClick(grid, KEY.Key_Escape)
    QTest.keyClick(grid, KEY.Key_Space, CTRL)
    assert grid.selection.areas() == [Area(0, 1, 299, 1)]
    QTest.keyClick(grid, KEY.Key_Space, SHIFT)
    assert grid.selection.areas() == [Area(0, 0, 299, 6)]
    assert (grid.current_row, world.context.scope.read("list.selection.count")) == (3, 300)
    QTest.keyClick(grid, KEY.Key_Escape)
    assert world.context.scope.read("list.selection.count") == 1


def test_several_ranges_by_keys(grid: Grid) -> None:
    QTest.keyClick(grid, KEY.Key_Down, SHIFT)
    QTest.keyClick(grid, KEY.Key_F8, SHIFT)
    for _ in range(3):
        QTest.keyClick(grid, KEY.Key_Down)
    QTest.keyClick(grid, KEY.Key_Down, SHIFT)
    assert grid.selection.areas() == [Area(2, 1, 3, 1), Area(6, 1, 7, 1)]
    QTest.keyClick(grid, KEY.Key_Escape)
    assert grid.selection.areas() == [Area(7, 1, 7, 1)]


def test_ctrl_click_takes_rows_in_and_out(world: World, grid: Grid) -> None:
    click(grid, 1, 0)
    click(grid, 4, 0, CTRL)
    click(grid, 5, 2, CTRL)
    assert grid.selection.spans() == [(1, 1), (4, 5)]
    click(grid, 4, 0, CTRL)
    assert (grid.selection.spans(), grid.current_row) == ([(1, 1), (5, 5)], 4)
    assert world.context.scope.read("list.selection.count") == 2
    assert grid.selection.contains(5, 6)
    assert not grid.selection.contains(4, 0)
    click(grid, 7, 0)
    assert grid.selection.spans() == [(7, 7)]


def test_drag_selects_and_goes_on_beyond_the_edge(grid: Grid, wait_until: Callable[..., None]) -> None:
    view = grid.viewport()
    QTest.mousePress(view, LEFT, NONE, place(grid, 1, 0))
    QTest.mouseMove(view, place(grid, 3, 2))
    assert grid.selection.areas() == [Area(1, 0, 3, 2)]
    QTest.mouseMove(view, QPoint(40, view.height() + 60))
    wait_until(lambda: grid.current_row > 60)
    assert grid.places.first_row() > 30
    QTest.mouseRelease(view, LEFT, NONE, QPoint(40, view.height() + 60))
    assert grid.drag is None
    assert grid.selection.areas() == [Area(1, 0, grid.current_row, 0)]


def test_shift_click_extends_and_ctrl_on_a_heading_takes_the_column(grid: Grid) -> None:
    click(grid, 1, 1)
    click(grid, 6, 3, SHIFT)
    assert grid.selection.areas() == [Area(1, 1, 6, 3)]
    middle = QPoint(grid.places.column_left(2) + 30, 10)
    QTest.mouseClick(grid.header, LEFT, CTRL, middle)
    assert grid.selection.areas() == [Area(0, 2, 299, 2)]
    assert not grid.rows.sort


def test_the_selection_stays_at_its_rows(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(10, 0)
    grid.go(12, 2, is_extending=True)
    world.source.table("orders").commit([Delete((1,), ""), Delete((2,), "")])
    wait_until(lambda: grid.rows.cache.count == 298)
    assert (grid.selection.areas(), grid.current_key) == ([Area(8, 0, 10, 2)], (13,))
    grid.sort_by(5, is_descending=True)
    wait_until(lambda: grid.current_row != 10)
    assert not grid.selection.is_several()


def test_whole_columns_follow_the_number_of_rows(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    grid.selection.take_in("columns")
    values = {"customer_id": 1, "placed": "2026-01-01", "status": "open", "total": 1}
    with pytest.raises(Exception, match="date"):
        world.source.table("orders").commit([Insert(values)])
    import datetime

    world.source.table("orders").commit([Insert({**values, "placed": datetime.date(2026, 1, 1)})])
    wait_until(lambda: grid.rows.cache.count == 301)
    assert grid.selection.row_total() == 301


def test_row_numbers_select_rows(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.set_numbers(True)
    gutter = grid.bands.gutter
    assert grid.viewport().x() == gutter.width() > 30

    def press(row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        y = grid.viewport().y() - gutter.y() + grid.places.cell_rect(row, 0).center().y()
        QTest.mouseClick(gutter, LEFT, modifiers, QPoint(8, y))

    press(3)
    assert grid.selection.areas() == [Area(3, 0, 3, 6)]
    press(5, SHIFT)
    assert grid.selection.areas() == [Area(3, 0, 5, 6)]
    press(8, CTRL)
    assert grid.selection.spans() == [(3, 5), (8, 8)]
    start = QPoint(8, grid.viewport().y() + 5)
    QTest.mousePress(gutter, LEFT, NONE, start)
    QTest.mouseMove(gutter, start + QPoint(0, 2 * grid.look.row_height))
    QTest.mouseRelease(gutter, LEFT, NONE, start)
    assert grid.selection.areas() == [Area(0, 0, 2, 6)]
    QTest.mouseClick(gutter, LEFT, NONE, QPoint(8, 6))
    assert grid.selection.row_total() == 300
    grid.set_numbers(False)
    assert grid.viewport().x() == 0


def test_ranges_of_rows_are_joined_and_split() -> None:
    assert merged([(5, 9), (0, 2), (3, 3), (8, 12)]) == [(0, 3), (5, 12)]
    assert without([(0, 3), (5, 5)], 5) == [(0, 3)]
    assert without([(0, 1_000_000_000)], 7) == [(0, 6), (8, 1_000_000_000)]


def test_selected_cells_are_tinted(grid: Grid) -> None:
    grid.go(1, 0)
    before = grid.viewport().grab().toImage().pixelColor(place(grid, 3, 2) + QPoint(30, 8))
    grid.go(4, 2, is_extending=True)
    image = grid.viewport().grab().toImage()
    assert image.pixelColor(place(grid, 3, 2) + QPoint(30, 8)) != before
    assert image.pixelColor(place(grid, 6, 2) + QPoint(30, 8)) == before
