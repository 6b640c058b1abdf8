"""Finding in all rows of a grid, typed into its bar: beyond what was read, on and back, round the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.query import Query, Sort  # noqa: E402
from tests.waiting import PATIENCE_S  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.find import PAGE, PAGES, find_row  # noqa: E402
from widgets.grid.find_test import search_for  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
ROWS = 3000


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rows=ROWS, more="UPDATE orders SET remark = 'Rare Thing' WHERE id IN (40, 2900);"
                 "UPDATE orders SET total = 1234.5, placed = '2031-07-09' WHERE id = 2950")  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(), world.context)
    made.resize(1000, 420)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == ROWS and made.widths.is_fitted)
    made.go(0, 0)
    made.setFocus()
    yield made
    made.close()
    made.deleteLater()


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def find(grid: Grid, words: str) -> Any:
    grid.setFocus()
    press(grid, KEY.Key_F, MODIFIER.ControlModifier)
    QTest.keyClicks(grid.window().focusWidget(), words)
    press(grid, KEY.Key_Return)
    return grid.bands.get("find")


def test_what_is_far_off_is_found_and_counted(grid: Grid, wait_until: Callable[..., None]) -> None:
    bar = find(grid, "rare thing")
    wait_until(lambda: grid.current_row == 39)
    assert grid.current_column == 6
    press(grid, KEY.Key_F3)
    wait_until(lambda: grid.current_row == 2899)
    wait_until(lambda: bar.label.text() == "2 of 2 rows")
    press(grid, KEY.Key_F3)
    wait_until(lambda: grid.current_row == 39)
    wait_until(lambda: bar.label.text() == "1 of 2 rows, from the other end")
    press(grid, KEY.Key_F3, MODIFIER.ShiftModifier)
    wait_until(lambda: grid.current_row == 2899)
    press(grid, KEY.Key_Return, MODIFIER.ShiftModifier)
    wait_until(lambda: grid.current_row == 39)
    press(grid, KEY.Key_Escape)
    assert not bar.isVisible() and grid.window().focusWidget() is grid and bar.finder.search is None
    press(grid, KEY.Key_F3)
    wait_until(lambda: grid.current_row == 2899)


@pytest.mark.parametrize("words", ["1,234.50", "1234.5", "2031-07-09", "9 Jul 2031"])
def test_numbers_and_dates_are_found_as_they_are_written(grid: Grid, words: str, wait_until) -> None:
    find(grid, words)
    wait_until(lambda: grid.current_row == 2949)


def test_what_is_nowhere_is_said(grid: Grid, wait_until: Callable[..., None]) -> None:
    bar = find(grid, "nowhere")
    wait_until(lambda: bar.label.text() == "Not found")
    assert grid.current_row == 0


def test_hits_are_marked(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(39, 0)
    wait_until(lambda: grid.cell_text(39, 6) == "Rare Thing")
    before = grid.viewport().grab().toImage()
    bar = find(grid, "rare")
    wait_until(lambda: bar.label.text().startswith("1 of"))
    cell = grid.places.cell_rect(39, 6)
    after = grid.viewport().grab().toImage()
    place = cell.left() + grid.look.padding + 6, cell.top() + 5
    assert before.pixelColor(*place) != after.pixelColor(*place)


def test_a_row_by_its_number(grid: Grid) -> None:
    press(grid, KEY.Key_G, MODIFIER.ControlModifier)
    QTest.keyClicks(grid.panel.line, "2,500")
    press(grid, KEY.Key_Return)
    assert grid.current_row == 2499 and grid.panel is None
    press(grid, KEY.Key_G, MODIFIER.ControlModifier)
    QTest.keyClicks(grid.panel.line, "9000")
    press(grid, KEY.Key_Return)
    assert grid.panel.hint.text() == "There is no such row" and grid.current_row == 2499
    press(grid, KEY.Key_Escape)
    assert grid.panel is None


def test_every_hit_is_found_once_in_the_order_of_the_rows(world: World, grid: Grid) -> None:
    table = world.source.table("orders")
    search = search_for("rare", grid.columns)
    for rows in (Query(), Query(sort=(Sort("total", True),)), Query(filter="id > 2000")):
        total = table.count(rows)
        wanted = [table.locate(rows, (key,)) for key in (40, 2900)]
        wanted = sorted(place for place in wanted if place is not None)
        for start in (0, wanted[0], wanted[-1], total - 1):
            on = find_row(table, rows, search, start, 1)
            assert on.row == next((place for place in wanted if place >= start), wanted[0])
            back = find_row(table, rows, search, start, -1)
            assert back.row == next((place for place in reversed(wanted) if place <= start), wanted[-1])
    assert PAGE * PAGES < 2900 - 40


def test_escape_stops_a_search(grid: Grid, monkeypatch: pytest.MonkeyPatch, wait_until) -> None:
    import threading

    from kernel.tables.interrupt import current

    begun, stopped = threading.Event(), threading.Event()

    class Slow:
        def fetch(self, query: Any, start: int, stop: int) -> Any:
            with current().stopping(stopped.set):
                begun.set()
                stopped.wait(PATIENCE_S)
            current().check()

    wait_until(lambda: not grid.handle.is_busy)  # a page on its way would be slow as well
    monkeypatch.setattr(grid.handle, "table", Slow)
    bar = find(grid, "x")
    wait_until(begun.is_set)
    press(grid, KEY.Key_Escape)
    wait_until(stopped.is_set)
    assert bar.isVisible() and bar.label.text() == "Stopped"
    press(grid, KEY.Key_Escape)
    assert not bar.isVisible()


@pytest.mark.parametrize("words", ["jul", "July", "Jul 2031", "9 Jul", "2031 july", "9 Jul 2031"])
def test_dates_are_found_by_the_name_of_their_month(grid: Grid, wait_until: Callable[..., None], words: str) -> None:
    find(grid, words)
    wait_until(lambda: grid.current_row == 2949)
    assert grid.columns[grid.current_column].path == "placed"


@pytest.mark.parametrize("words", ["8 Jul", "Jul 2030", "julienne", "Jul 9 10"])
def test_what_is_no_such_month_is_not_found(grid: Grid, wait_until: Callable[..., None], words: str) -> None:
    bar = find(grid, words)
    wait_until(lambda: bar.label.text() == "Not found")
