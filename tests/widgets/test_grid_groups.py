"""Rows of a grid under groups: by the layout and by the person, opened and closed by keys and mouse, live."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.change import Delete, Update  # noqa: E402
from kernel.tables.outline.row import path_of  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
ALT, SHIFT, CTRL = MODIFIER.AltModifier, MODIFIER.ShiftModifier, MODIFIER.ControlModifier
SHOWS = [("id", ""), ("customer_id", ""), ("placed", ""), ("status", ""), ("total", "sum")]
MORE = "UPDATE orders SET status = 'shipped' WHERE id % 3 = 0; UPDATE orders SET placed = '2025-02-03' WHERE id < 11"


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, more=MORE)
    yield made
    made.close()


@pytest.fixture
def open_grid(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    grids: list[Grid] = []

    def open_it(rows: int, **properties: Any) -> Grid:
        shows = [Node("show", properties={"column": path, **({"summary": one} if one else {})}) for path, one in SHOWS]
        made = Grid(msgspec.structs.replace(grid_node(**properties), children=shows), world.context)
        grids.append(made)
        made.resize(1000, 420)
        made.show()
        made.activateWindow()
        wait_until(lambda: made.rows.cache.count == rows and made.widths.is_fitted)
        made.go(0, 0)
        made.setFocus()
        return made

    yield open_it
    for grid in grids:
        grid.close()
        grid.deleteLater()


@pytest.fixture
def grid(open_grid: Callable[..., Grid]) -> Grid:
    return open_grid(2, group="status")


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def words(grid: Grid, row: int) -> tuple[str, str]:
    if grid.outline.group(row) is None:
        return "", ""
    key, value, count = grid.outline.words(grid.outline.group(row))
    return f"{key} {value}", count


def test_the_layout_groups_and_groups_have_figures(grid: Grid) -> None:
    assert [words(grid, row) for row in (0, 1)] == [("Status open", "(200)"), ("Status shipped", "(100)")]
    assert grid.outline.figures(grid.outline.group(1)) == {4: "15,150.00"}
    assert "Status open, 200 rows, closed, level 1" in grid.accessibleDescription()


def test_keys_open_and_close(grid: Grid, wait_until) -> None:
    press(grid, KEY.Key_Down)
    press(grid, KEY.Key_Right)
    wait_until(lambda: grid.row_count() == 102)
    assert grid.current_row == 1
    press(grid, KEY.Key_Right)
    assert grid.current_row == 2 and grid.current_key == (3,)
    assert grid.cell_text(2, 0) == "3"
    press(grid, KEY.Key_Left)
    assert grid.current_row == 1
    press(grid, KEY.Key_Space)
    wait_until(lambda: grid.row_count() == 2)
    press(grid, KEY.Key_PageDown, ALT)
    wait_until(lambda: grid.row_count() == 302)
    assert grid.current_row == 201, "the person stays at the line of the group"
    press(grid, KEY.Key_PageUp, ALT)
    wait_until(lambda: grid.row_count() == 2)


def test_a_press_on_the_triangle_opens(grid: Grid, wait_until) -> None:
    spot = QPoint(grid.look.padding + 4, grid.look.row_height + grid.look.row_height // 2)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    wait_until(lambda: grid.row_count() == 102)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=spot + QPoint(200, 0))
    assert grid.current_row == 1 and grid.row_count() == 102


def test_a_person_groups_by_several_columns_and_it_is_kept(world, open_grid, wait_until) -> None:
    grid = open_grid(300)
    assert grid.outline is None
    grid.go(0, 3)
    press(grid, KEY.Key_G, ALT)
    wait_until(lambda: grid.row_count() == 2)
    grid.go(0, 1)
    press(grid, KEY.Key_G, ALT)
    press(grid, KEY.Key_Space)
    wait_until(lambda: grid.row_count() == 52)
    assert words(grid, 1) == ("Customer Customer 1", "(4)")
    assert world.context.recall("groups:list")["keys"] == [["status", ""], ["customer_id", "customer:label"]]
    press(grid, KEY.Key_Down)
    press(grid, KEY.Key_Right)
    wait_until(lambda: grid.row_count() == 56)
    again = open_grid(56)
    assert again.cell_text(2, 1) == "Customer 1"
    press(again, KEY.Key_K, ALT)
    chip = again.window().focusWidget()
    assert chip.text() == "Status"
    QTest.keyClick(chip, KEY.Key_Right, CTRL)
    wait_until(lambda: again.row_count() == 50)
    assert [one.text() for one in again.bands.get("groups").chips] == ["Customer", "Status"]
    QTest.keyClick(again.window().focusWidget(), KEY.Key_Delete)
    wait_until(lambda: len(again.outline.keys) == 1)
    again.setFocus()
    press(again, KEY.Key_G, ALT | SHIFT)
    wait_until(lambda: again.row_count() == 300)
    assert again.outline is None and again.bands.get("groups").isHidden()


def test_expressions_are_keys_and_groups_are_sorted(open_grid, wait_until) -> None:
    grid = open_grid(2, group="year(placed)")
    assert [words(grid, row)[0] for row in (0, 1)] == ["year(placed) 2025", "year(placed) 2026"]
    grid.sort_by(4)
    wait_until(lambda: words(grid, 0)[1] == "(10)")
    grid.sort_by(4)
    wait_until(lambda: words(grid, 0)[1] == "(290)")


def test_an_edit_moves_a_row_to_another_group(world, grid: Grid, wait_until) -> None:
    press(grid, KEY.Key_PageDown, ALT)
    wait_until(lambda: grid.row_count() == 302)
    grid.go(1, 3)
    assert grid.current_key == (1,)
    press(grid, KEY.Key_F2)
    assert grid.is_editing()
    press(grid, KEY.Key_Escape)
    world.source.table("orders").commit([Update((1,), "", {"status": "shipped"})])
    wait_until(lambda: grid.current_row == 201 and grid.current_key == (1,))
    assert grid.outline.figures(grid.outline.group(200)) == {4: "15,151.00"}
    world.source.table("orders").commit([Delete((3,), ""), Update((2,), "", {"total": Decimal("1000")})])
    wait_until(lambda: grid.row_count() == 301)
    assert grid.current_key == (1,)


def test_lines_of_groups_are_not_edited_and_not_pasted_over(world, grid: Grid, wait_until) -> None:
    grid.go(0, 4)
    press(grid, KEY.Key_F2)
    assert not grid.is_editing() and grid.context.scope.read("list.current") is None
    assert "stands for a group" in grid.editing.notice.text
    press(grid, KEY.Key_PageDown, ALT)
    wait_until(lambda: grid.row_count() == 302)
    grid.go(199, 4)
    grid.go(203, 4, is_extending=True)
    QApplication.clipboard().setText("7")
    press(grid, KEY.Key_V, CTRL)
    wait_until(lambda: world.stored("SELECT count(*) FROM orders WHERE total = 7 AND id NOT IN (7)") == 4)
    wait_until(lambda: [grid.cell_text(row, 4) for row in (199, 200, 202, 203)] == ["7.00"] * 4)
    press(grid, KEY.Key_C, CTRL)
    wait_until(lambda: QApplication.clipboard().text().split() == ["7.00"] * 4)


def test_find_opens_what_hides_a_row(grid: Grid, wait_until) -> None:
    grid.use("find")
    for letter in "Customer 12":
        QTest.keyClick(grid.window().focusWidget(), letter)
    wait_until(lambda: path_of(grid.current_key) is None and grid.current_key is not None)
    assert grid.current_key == (11,)


def test_a_filter_changes_the_groups(grid: Grid, wait_until) -> None:
    grid.filters.set_part(("row", "total"), "total > 298")
    wait_until(lambda: words(grid, 0)[1] == "(1)")
    grid.filters.set_part(("row", "total"), "total > 1000")
    wait_until(lambda: grid.row_count() == 0)


def test_the_line_of_a_group_is_no_row_for_forms(grid: Grid, wait_until) -> None:
    grid.go(0, 0)
    assert grid.outline.refuses(0) and grid.current_key is None
    press(grid, KEY.Key_Right)
    wait_until(lambda: grid.row_count() > 1 and grid.outline.is_open(0))


def test_assistive_technology_hears_what_is_open(grid: Grid, wait_until) -> None:
    from PySide6.QtGui import QAccessible

    from widgets.listing.accessible import walked

    def state() -> tuple[bool, bool, bool]:
        found = walked(grid).cell(grid.current_row - grid.places.first_row(), 0).state()
        return bool(found.expandable), bool(found.expanded), bool(found.collapsed)

    QAccessible.setActive(True)
    try:
        grid.go(0, 0)
        grid.outline.open_level(False)
        wait_until(lambda: state() == (True, False, True))
        QTest.keyClick(grid, KEY.Key_Right)
        wait_until(lambda: state() == (True, True, False))
        grid.outline.open_below()
        wait_until(lambda: any(grid.row_key(row) and not grid.outline.can_open(row) for row in range(1, 8)))
        row = next(row for row in range(1, 8) if not grid.outline.can_open(row))
        grid.go(row, 0)
        assert state() == (False, False, False)
    finally:
        QAccessible.setActive(False)
