"""Bookmarks of rows: by keys, kept per person, found again in any order, gone with a word when their rows are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from widgets.grid import Grid  # noqa: E402
from widgets.grid.accessible import describe  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
CTRL, ALT, SHIFT = MODIFIER.ControlModifier, MODIFIER.AltModifier, MODIFIER.ShiftModifier


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def open_grid(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    made: list[Grid] = []

    def open_it(**properties: Any) -> Grid:
        grid = Grid(grid_node(**properties), world.context)
        made.append(grid)
        grid.resize(900, 400)
        grid.show()
        grid.activateWindow()
        grid.setFocus()
        wait_until(lambda: grid.rows.cache.count and grid.widths.is_fitted)
        return grid

    yield open_it
    for grid in made:
        grid.close()
        grid.deleteLater()


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def mark(grid: Grid, wait_until: Any, *rows: int) -> None:
    for row in rows:
        grid.go(row, 0)
        wait_until(lambda: grid.current_key is not None)
        press(grid, KEY.Key_B, CTRL)


def test_marked_rows_are_gone_to_and_kept(world: World, open_grid: Any, wait_until: Any) -> None:
    grid = open_grid()
    wait_until(lambda: grid.cell_text(4, 1) == "Customer 6")
    mark(grid, wait_until, 4, 20)
    assert describe(grid).endswith("bookmarked")
    kept = world.context.recall("bookmarks:list")
    assert [one["key"] for one in kept] == [[5], [21]] and kept[0]["name"].startswith("5 · Customer 6")
    world.context.remember("bookmarks:list", [*json.loads(json.dumps(kept)), {"key": [{"date": "no"}]}, "broken"])
    again = open_grid(sort="-id")
    assert list(again.bookmarks.rows) == [(5,), (21,)]
    again.go(0, 0)
    press(again, KEY.Key_B, ALT)
    wait_until(lambda: again.current_key == (5,) and again.current_row == 295)
    press(again, KEY.Key_B, ALT)
    wait_until(lambda: again.current_key == (21,))
    press(again, KEY.Key_B, CTRL)
    assert [one["key"] for one in world.context.recall("bookmarks:list")] == [[5]]


def test_the_list_of_bookmarks_goes_there_and_takes_them_away(world: World, open_grid: Any, wait_until: Any) -> None:
    grid = open_grid()
    press(grid, KEY.Key_B, CTRL | SHIFT)
    assert grid.panel.hint.text() == "Ctrl+B marks the current row."
    press(grid, KEY.Key_Escape)
    mark(grid, wait_until, 2, 200)
    press(grid, KEY.Key_B, CTRL | SHIFT)
    assert grid.panel.list.count() == 2 and grid.panel.list.currentRow() == 1, "it begins at the current row"
    press(grid, KEY.Key_Up)
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.current_key == (3,))
    press(grid, KEY.Key_B, CTRL | SHIFT)
    press(grid, KEY.Key_Delete)
    press(grid, KEY.Key_Delete)
    assert world.context.recall("bookmarks:list") is None and not grid.bookmarks
    press(grid, KEY.Key_Escape)


def test_a_marked_row_that_is_not_shown_is_told(world: World, open_grid: Any, wait_until: Any) -> None:
    mark(open_grid(), wait_until, 10)
    grid = open_grid(filter=formula("id > 100"))
    press(grid, KEY.Key_B, ALT)
    wait_until(lambda: "not among those shown" in grid.editing.notice.text)
    assert grid.current_row == 0
