"""A grid in a language that is written from right to left: the columns, what stands at their sides, the pointer, the
keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layouts.node import Node
from tests.widgets.grid_world import World, grid_node
from widgets.grid.cell_editor import within
from widgets.grid.grid import Grid
from widgets.grid.header_paint import funnel_box
from widgets.grid.outline_paint import triangle_left
from widgets.grid.paint import handle_box
from widgets.grid.shown_text import direction
from widgets.tree import Tree

WaitUntil = Callable[..., None]
LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
_NO, _BUTTON = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
NAMES = "UPDATE customers SET name = 'نورة' WHERE id = 2;"
COLUMNS = ("id", "customer_id", "placed", "status", "is_gift", "total", "remark")


def shows(**more: Any) -> list[Node]:
    looks = {"status": "tag"}
    return [
        Node("show", properties={"column": name, **({"as": looks[name]} if name in looks else {}), **more})
        for name in COLUMNS
    ]


@pytest.fixture
def world(tmp_path: Path, qapp: QApplication) -> Iterator[World]:
    made = World(tmp_path, 120, NAMES)
    yield made
    made.close()


def opened(world: World, wait_until: WaitUntil, direction: Qt.LayoutDirection = RIGHT, width: int = 1400,
           **properties: Any) -> Grid:  # fmt: skip
    node = grid_node(editable=True, **properties)
    node.children = shows()
    grid = Grid(node, world.context)
    grid.setLayoutDirection(direction)
    grid.resize(width, 400)
    grid.show()
    wait_until(lambda: grid.row_count() == 120 and grid.ready.cells(0) is not None)
    wait_until(grid.verticalScrollBar().isVisible)
    wait_until(grid.verticalScrollBar().isVisible)
    return grid


def at(grid: Grid, row: int, column: int) -> QPoint:
    return grid.places.cell_rect(row, column).center()


def test_columns_stand_from_the_right_and_the_pointer_finds_them(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until, numbers=True)
    try:
        places, view = grid.places, grid.viewport()
        rights = [places.column_right(index) for index in range(len(grid.columns))]
        assert rights[0] == view.width()
        assert rights == sorted(rights, reverse=True)
        assert [places.column_at(at(grid, 0, index).x()) for index in range(len(grid.columns))] == list(range(7))
        gutter = grid.bands.gutter.geometry()
        assert gutter.left() == view.geometry().right() + 1
        assert grid.rect().contains(gutter)
        assert grid.header.geometry().right() == view.geometry().right()
    finally:
        grid.close()


def test_turning_a_shown_grid_round_mirrors_every_cell(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until, LEFT)
    try:
        width = grid.viewport().width()
        before = [grid.places.cell_rect(0, index) for index in range(7)]
        tag = grid.ready.cells(0)[3].rest[4]
        grid.setLayoutDirection(RIGHT)
        for index, box in enumerate(before):
            assert grid.places.cell_rect(0, index).left() == width - box.left() - box.width()
        assert (tag, grid.ready.cells(0)[3].rest[4]) == ("start", "end")
        grid.setLayoutDirection(LEFT)
        assert [grid.places.cell_rect(0, index) for index in range(7)] == before
    finally:
        grid.close()


def test_texts_stand_where_they_begin_and_numbers_end_at_the_right(world: World, wait_until: WaitUntil) -> None:
    assert [direction(text) for text in ("Ada", "نورة", "12 %", "١٢ ريال", "(Ada) נעה")] == [
        "left", "right", "", "right", "left",
    ]  # fmt: skip
    for way in (LEFT, RIGHT):
        grid = opened(world, wait_until, way)
        try:
            look = grid.look
            arabic, latin = (grid.ready.cells(row)[1] for row in (0, 1))
            assert "نورة" in arabic.text and arabic.offset > look.padding
            assert latin.offset == look.padding
            total = grid.ready.cells(0)[5]
            end = total.offset + look.measure.width(total.text)
            assert abs(end - (grid.columns[5].width - look.padding)) < 1
        finally:
            grid.close()


def test_going_sideways_shows_what_is_farther_at_the_left(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until, width=420, frozen=1)
    try:
        side, places, view = grid.horizontalScrollBar(), grid.places, grid.viewport()
        assert side.maximum() > 0
        assert places.still_part(10).right() == view.width() - 1
        first = places.cell_rect(0, 0)
        for index in range(1, 7):
            grid.go(0, index)
            box = places.cell_rect(0, index)
            assert box.left() >= 0
            assert box.right() <= places.moving_part(10).right()
        assert side.value() > 0
        assert places.cell_rect(0, 0) == first
        before = places.column_left(6)
        side.setValue(side.value() - 10)
        assert places.column_left(6) == before - 10
    finally:
        grid.close()


def test_arrows_go_where_they_point(world: World, wait_until: WaitUntil) -> None:
    for way, key, back in ((RIGHT, Qt.Key.Key_Left, Qt.Key.Key_Right), (LEFT, Qt.Key.Key_Right, Qt.Key.Key_Left)):
        grid = opened(world, wait_until, way)
        try:
            grid.go(0, 0)
            QTest.keyClick(grid, key)
            QTest.keyClick(grid, key)
            assert grid.current.column == 2
            QTest.keyClick(grid, back, Qt.KeyboardModifier.ShiftModifier)
            assert (grid.selection.active().left, grid.selection.active().right) == (1, 2)
            QTest.keyClick(grid, Qt.Key.Key_Home)
            assert grid.current.column == 0
        finally:
            grid.close()


def test_a_border_is_dragged_and_a_heading_moved_by_the_mouse(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until)
    try:
        header, places = grid.header, grid.places
        border, width = places.column_left(2), grid.columns[2].width
        assert header.border_at(border) == 2
        QTest.mousePress(header, _BUTTON, _NO, QPoint(border, 8))
        QTest.mouseMove(header, QPoint(border - 30, 8))
        QTest.mouseRelease(header, _BUTTON, _NO, QPoint(border - 30, 8))
        assert grid.columns[2].width == width + 30
        start, goal = at(grid, 0, 0).x(), places.column_left(1) + 4
        QTest.mousePress(header, _BUTTON, _NO, QPoint(start, 8))
        for x in (start - 20, goal):
            QTest.mouseMove(header, QPoint(x, 8))
        QTest.mouseRelease(header, _BUTTON, _NO, QPoint(goal, 8))
        assert [column.path for column in grid.columns][:3] == ["customer_id", "id", "placed"]
    finally:
        grid.close()


def test_a_drag_selects_and_the_handle_is_at_the_end_of_the_line(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until)
    try:
        grid.window().activateWindow()
        grid.setFocus()
        wait_until(grid.hasFocus)
        view = grid.viewport()
        QTest.mousePress(view, _BUTTON, _NO, at(grid, 0, 2))
        QTest.mouseMove(view, at(grid, 1, 3))
        QTest.mouseMove(view, at(grid, 2, 4))
        QTest.mouseRelease(view, _BUTTON, _NO, at(grid, 2, 4))
        area = grid.selection.active()
        assert (area.top, area.left, area.bottom, area.right) == (0, 2, 2, 4)
        box = handle_box(grid)
        assert box is not None
        assert box.left() == grid.places.cell_rect(2, 4).left() + 1
    finally:
        grid.close()


def test_the_funnel_stands_where_the_name_leaves_room(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until)
    try:
        text, number = (funnel_box(grid, index, 0, 30) for index in (1, 5))
        assert text.center().x() < grid.columns[1].width / 2
        assert number.center().x() < grid.columns[5].width / 2
        assert grid.header.is_funnel(1, grid.places.column_left(1) + text.center().x())
    finally:
        grid.close()


def test_an_editor_wider_than_its_cell_grows_to_the_left(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until)
    try:
        cell = grid.places.cell_rect(0, 3)
        grid.go(0, 3)
        grid.editing.open()
        field = grid.editing.cell.field
        assert field.geometry().right() == cell.right()
        wide = cell.adjusted(-900, 0, 0, 0)
        assert within(wide, cell, grid.viewport(), is_turned=True).left() >= 0
        grid.editing.cancel()
    finally:
        grid.close()


def test_filters_stand_below_their_columns(world: World, wait_until: WaitUntil) -> None:
    grid = opened(world, wait_until, width=500, frozen=1, filters=True)
    try:
        row = grid.bands.get("filters")
        for index in (0, 1):
            box = row.boxes[grid.columns[index].id]
            left = box.mapTo(grid.header.parentWidget(), QPoint(0, 0)).x() - grid.header.x()
            assert abs(left - grid.places.column_left(index)) <= 4
    finally:
        grid.close()


def test_triangles_of_a_tree_stand_at_the_right_and_arrows_open(tmp_path: Path, wait_until: WaitUntil) -> None:
    more = (
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT, above INTEGER REFERENCES parts (id));"
        "INSERT INTO parts VALUES (1, 'Whole', NULL), (2, 'Half', 1), (3, 'Other half', 1);"
    )
    world = World(tmp_path, 1, more)
    try:
        world.context.tables["parts"] = world.open("parts")
        children = [Node("show", properties={"column": name}) for name in ("name", "id")]
        grid = Tree(Node("tree", "parts", {"table": "parts", "by": "above"}, children), world.context)
        grid.setLayoutDirection(RIGHT)
        grid.resize(600, 300)
        grid.show()
        wait_until(lambda: grid.outline is not None and grid.outline.can_open(0))
        left = triangle_left(grid, 0)
        assert grid.viewport().width() / 2 < left < grid.places.column_right(0) - grid.look.padding
        grid.go(0, 0)
        QTest.keyClick(grid, Qt.Key.Key_Left)
        wait_until(lambda: grid.row_count() == 3)
        QTest.keyClick(grid, Qt.Key.Key_Right)
        wait_until(lambda: grid.row_count() == 1)
        place = QPointF(left + 9, at(grid, 0, 0).y()).toPoint()
        QTest.mouseClick(grid.viewport(), _BUTTON, _NO, place)
        wait_until(lambda: grid.row_count() == 3)
        grid.close()
    finally:
        world.close()
