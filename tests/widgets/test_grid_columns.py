"""Columns of a grid, arranged by keys and mouse: order, widths, hidden and frozen ones, kept for the next time."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.change import Insert  # noqa: E402
from kernel.tables.query import Sort  # noqa: E402
from kernel.tables.schema import Column, Reference, Schema  # noqa: E402
from layouts.kinds.grid_tool import TOOLS  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.column import GridColumn  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
CTRL_SHIFT, ALT_SHIFT = MODIFIER.ControlModifier | MODIFIER.ShiftModifier, MODIFIER.AltModifier | MODIFIER.ShiftModifier
TOTAL = 5
ALL = ["id", "customer_id", "placed", "status", "is_gift", "total", "remark"]


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def shown(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    made: list[Grid] = []

    def show(*children: Node, **properties: Any) -> Grid:
        grid = Grid(msgspec.structs.replace(grid_node(**properties), children=list(children)), world.context)
        made.append(grid)
        grid.resize(900, 400)
        grid.show()
        grid.activateWindow()
        wait_until(lambda: grid.rows.cache.count == 300 and grid.widths.is_fitted)
        grid.go(0, 0)
        grid.setFocus()
        return grid

    yield show
    for grid in made:
        grid.close()
        grid.deleteLater()


def paths(grid: Grid) -> list[str]:
    return [column.path for column in grid.columns]


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def drag(grid: Grid, start: int, end: int, *, release: bool = True) -> None:
    """Drag on the headings from one x to another."""
    header, y = grid.header, grid.header.height() // 2
    QTest.mousePress(header, Qt.MouseButton.LeftButton, pos=QPoint(start, y))
    for step in (1, 2, 3, 4):
        QTest.mouseMove(header, QPoint(start + (end - start) * step // 4, y))
    if release:
        QTest.mouseRelease(header, Qt.MouseButton.LeftButton, pos=QPoint(end, y))


def test_columns_move_by_key_and_stay_moved(world: World, shown: Callable[..., Grid]) -> None:
    grid = shown()
    grid.go(4, 5)
    press(grid, KEY.Key_Left, CTRL_SHIFT)
    press(grid, KEY.Key_Left, CTRL_SHIFT)
    press(grid, KEY.Key_Left, CTRL_SHIFT)
    assert paths(grid) == ["id", "customer_id", "total", "placed", "status", "is_gift", "remark"]
    assert (grid.current_row, grid.current_column) == (4, 2)
    assert grid.cell_text(4, 2) == "5.00" or grid.cell_text(4, 2) == "5"
    press(grid, KEY.Key_Right, CTRL_SHIFT)
    assert paths(grid)[3] == "total"
    assert paths(shown())[3] == "total"


def test_a_dragged_heading_goes_where_the_mark_is(shown: Callable[..., Grid]) -> None:
    grid = shown()
    start = grid.places.column_left(5) + 20
    drag(grid, start, grid.places.column_left(1) + 5)
    assert paths(grid) == ["id", "total", "customer_id", "placed", "status", "is_gift", "remark"]
    assert grid.rows.sort == ()
    drag(grid, grid.places.column_left(0) + 10, grid.places.column_left(3) - 4)
    assert paths(grid)[:3] == ["total", "customer_id", "id"]


def test_escape_lets_a_dragged_heading_go_back(shown: Callable[..., Grid]) -> None:
    grid = shown()
    drag(grid, grid.places.column_left(5) + 20, 5, release=False)
    press(grid, KEY.Key_Escape)
    QTest.mouseRelease(grid.header, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert paths(grid) == ALL and grid.rows.sort == ()


def test_a_click_sorts_and_shift_adds(shown: Callable[..., Grid], wait_until: Callable[..., None]) -> None:
    grid = shown()

    def click(column: int, modifiers: Any = MODIFIER.NoModifier) -> None:
        place = QPoint(grid.places.column_left(column) + grid.columns[column].width // 2, 10)
        QTest.mouseClick(grid.header, Qt.MouseButton.LeftButton, modifiers, place)

    click(3)
    click(5, MODIFIER.ShiftModifier)
    assert [(key.column, key.is_descending) for key in grid.rows.sort] == [("status", False), ("total", False)]
    grid.go(0, 5)
    press(grid, KEY.Key_Down, ALT_SHIFT)
    wait_until(lambda: grid.current_row == 299)
    press(grid, KEY.Key_0, MODIFIER.AltModifier)
    assert grid.rows.sort == ()
    wait_until(lambda: grid.current_row == 0)


def test_widths_by_key_and_border_are_kept(shown: Callable[..., Grid]) -> None:
    grid = shown()
    grid.go(0, 2)
    before = grid.columns[2].width
    press(grid, KEY.Key_Right, ALT_SHIFT)
    assert grid.columns[2].width == before + 16
    border = grid.places.column_left(4)
    drag(grid, border, border + 55)
    wide = grid.columns[3].width
    again = shown()
    assert (again.columns[2].width, again.columns[3].width) == (before + 16, wide)
    QTest.mouseDClick(again.header, Qt.MouseButton.LeftButton, pos=QPoint(again.places.column_left(4), 10))
    assert again.columns[3].width < wide
    again.go(0, 2)
    press(again, KEY.Key_W, ALT_SHIFT)
    assert again.arrangement.overlay.widths == {}


def test_hidden_columns_come_back_through_the_list(shown: Callable[..., Grid]) -> None:
    grid = shown()
    grid.go(0, 3)
    press(grid, KEY.Key_H, ALT_SHIFT)
    assert paths(grid) == [path for path in ALL if path != "status"]
    assert "status" not in paths(shown())
    press(grid, KEY.Key_C, MODIFIER.AltModifier)
    QTest.keyClicks(grid.panel.search, "stat")
    press(grid, KEY.Key_Return)
    assert paths(grid) == ALL
    press(grid, KEY.Key_Escape)
    press(grid, KEY.Key_Escape)
    assert grid.panel is None and grid.window().focusWidget() is grid


def test_the_last_column_stays(shown: Callable[..., Grid]) -> None:
    grid = shown(Node("show", properties={"column": "id"}), Node("show", properties={"column": "total"}))
    press(grid, KEY.Key_H, ALT_SHIFT)
    press(grid, KEY.Key_H, ALT_SHIFT)
    assert paths(grid) == ["total"]
    press(grid, KEY.Key_C, MODIFIER.AltModifier)
    press(grid, KEY.Key_Down)
    press(grid, KEY.Key_Down)
    press(grid, KEY.Key_Space)
    assert paths(grid)
    grid.panel.close_panel()


def test_columns_freeze_up_to_the_current_one(shown: Callable[..., Grid]) -> None:
    grid = shown()
    grid.go(0, 1)
    press(grid, KEY.Key_Z, MODIFIER.AltModifier)
    assert grid.frozen == 2 and shown().frozen == 2
    press(grid, KEY.Key_Z, ALT_SHIFT)
    assert grid.frozen == 0
    assert shown(frozen=3).frozen == 0
    press(grid, KEY.Key_0, ALT_SHIFT)
    assert shown(frozen=3).frozen == 3


def test_reset_forgets_all(shown: Callable[..., Grid], world: World) -> None:
    grid = shown()
    grid.go(0, 2)
    alt = MODIFIER.AltModifier
    keys = ((KEY.Key_Left, CTRL_SHIFT), (KEY.Key_Right, ALT_SHIFT), (KEY.Key_Z, alt), (KEY.Key_H, ALT_SHIFT))
    for key, modifiers in keys:
        press(grid, key, modifiers)
    press(grid, KEY.Key_0, ALT_SHIFT)
    assert paths(grid) == ALL and grid.frozen == 0
    assert world.context.recall("columns:list") is None


def test_the_order_is_kept_until_it_is_given_up(shown: Callable[..., Grid], wait_until: Callable[..., None]) -> None:
    grid = shown(sort="-placed")
    assert grid.shown_sort() == (Sort("placed", True),) and grid.arrangement.overlay.sort == ()
    grid.sort_by(TOTAL, is_descending=True)
    wait_until(lambda: grid.arrangement.overlay.sort == (("total", True),))
    press(grid, KEY.Key_0, ALT_SHIFT)
    later = shown(sort="-placed")
    assert later.shown_sort() == (Sort("total", True),) and later.row_key(0) == (300,)
    press(later, KEY.Key_0, MODIFIER.AltModifier)
    wait_until(lambda: later.arrangement.overlay.sort == ())
    assert later.shown_sort() == shown(sort="-placed").shown_sort() == (Sort("placed", True),)
    later.sort_by(TOTAL)
    wait_until(lambda: later.arrangement.overlay.sort == (("total", False),))
    assert shown(Node("show", properties={"column": "status"})).shown_sort() == ()


def test_one_column_may_stand_twice(shown: Callable[..., Grid]) -> None:
    twice = [Node("show", properties={"column": path}) for path in ("total", "status", "total")]
    grid = shown(*twice)
    assert [column.id for column in grid.columns] == ["total", "status", "total#2"]
    grid.go(0, 2)
    press(grid, KEY.Key_Left, CTRL_SHIFT)
    press(grid, KEY.Key_Right, ALT_SHIFT)
    assert [column.id for column in grid.columns] == ["total", "total#2", "status"]
    assert list(grid.arrangement.overlay.widths) == ["total#2"]
    assert grid.cell_text(0, 0) == grid.cell_text(0, 1)


def test_the_menu_of_a_heading_has_every_tool_of_a_column(shown: Callable[..., Grid]) -> None:
    grid = shown()
    place = QPoint(grid.places.column_left(5) + 20, 8)
    from PySide6.QtGui import QContextMenuEvent

    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, grid.header.mapToGlobal(place))
    QApplication.sendEvent(grid.header, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and grid.current_column == 5
    titles = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert [tool.title for tool in TOOLS if "column" in tool.menu] == titles
    QTest.keyClick(menu, KEY.Key_Return)
    assert grid.rows.sort[0].column == "total"
    press(grid, KEY.Key_F10, CTRL_SHIFT)
    QTest.keyClick(QApplication.activePopupWidget(), KEY.Key_Escape)


def test_every_key_of_a_tool_is_its_own() -> None:
    keys = [tool.key for tool in TOOLS if tool.key]
    assert len(keys) == len(set(keys))
    from PySide6.QtGui import QKeySequence

    assert [key for key in keys if QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) != key] == []


def test_numbers_of_rows_that_come_later_are_not_cut(
    shown: Callable[..., Grid], world: World, wait_until: Callable[..., None]
) -> None:
    grid = shown()
    column, other = grid.columns[0], grid.columns[paths(grid).index("total")]
    before, kept = column.width, 40
    grid.widths.resize(paths(grid).index("total"), kept)
    values = {
        "id": 123456789012,
        "customer_id": 1,
        "placed": datetime.date(2026, 1, 1),
        "status": "open",
        "total": 99999999,
    }
    world.source.table("orders").commit([Insert(values)])
    wait_until(lambda: grid.rows.cache.count == 301)
    assert column.width == before, "what is out of sight moves nothing"
    grid.go(300, 0)
    wait_until(lambda: column.width > before)
    assert grid.content.texts(300)[0][1] < column.width
    assert other.width == kept, "the person's own width stays"


@pytest.mark.parametrize(("path", "heading"), [("x.y", "X y"), ("part.name", "Part"), ("part.city", "City")])
def test_headings_of_paths_and_of_names_with_full_stops(qapp: Any, path: str, heading: str) -> None:
    schema = Schema("t", (Column("id", "integer"), Column("x.y", "integer"), Column("part", "integer")), ("id",),
                    references=(Reference("part", ("part",), "parts", ("id",)),))  # fmt: skip
    assert GridColumn(Node("show", properties={"column": path}), schema).label == heading
