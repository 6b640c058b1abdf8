"""The line for a whole filter expression: typed, completed, wrong, saved by name."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from widgets.grid import Grid  # noqa: E402
from widgets.grid.value_filter import Choice, choice_of, filter_by  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
CTRL, ALT = MODIFIER.ControlModifier, MODIFIER.AltModifier


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, more="UPDATE orders SET remark = 'Rush job' WHERE id < 4")
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(), world.context)
    made.resize(1000, 420)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == 300)
    made.go(0, 0)
    made.setFocus()
    yield made
    made.close()
    made.deleteLater()


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def write(grid: Grid, text: str) -> Any:
    grid.setFocus()
    press(grid, KEY.Key_E, CTRL | MODIFIER.ShiftModifier)
    QTest.keyClicks(grid.window().focusWidget(), text)
    return grid.bands.get("expression")


def test_an_expression_filters(grid: Grid, wait_until: Callable[..., None]) -> None:
    band = write(grid, "total > 290 and is_gift == true ")
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 5)
    press(grid, KEY.Key_Escape)
    assert grid.window().focusWidget() is grid and band.isVisible()
    press(grid, KEY.Key_F, ALT | MODIFIER.ShiftModifier)
    wait_until(lambda: grid.rows.cache.count == 300)
    assert not band.isVisible() and band.line.text() == ""


def test_band_and_boxes_take_another_theme(grid: Grid) -> None:
    press(grid, KEY.Key_F, CTRL | MODIFIER.ShiftModifier)
    band, theme = write(grid, "totl"), grid.context.theme
    box = next(iter(grid.bands.get("filters").boxes.values()))
    theme.set_mode("dark")
    try:
        assert theme.color("error").name() in band.problem.styleSheet()
        assert theme.color("line").name() in box.styleSheet()
    finally:
        theme.set_mode("light")
    assert theme.color("line").name() in box.styleSheet()


def test_what_is_wrong_is_said_with_its_place_and_nothing_is_lost(grid: Grid, wait_until) -> None:
    write(grid, "total > 290 ")
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 10)
    band = write(grid, "total > 5 and totl < 9 ")
    press(grid, KEY.Key_Return)
    assert band.problem.text() == "At 15: orders has no column totl; did you mean total?"
    assert band.line.cursorPosition() == 14 and band.line.text() == "total > 5 and totl < 9 "
    assert grid.rows.cache.count == 10 and band.height() > band.line.height() + 20
    band = write(grid, "total = 5 ")
    press(grid, KEY.Key_Return)
    assert "==" in band.problem.text() and grid.rows.cache.count == 10


def test_names_are_completed_by_typing(grid: Grid, wait_until: Callable[..., None]) -> None:
    band = write(grid, "sta")
    offers = band.line._list
    assert offers.isVisible() and offers.model().index(0, 0).data() == "status"
    press(grid, KEY.Key_Tab)
    assert band.line.text() == "status "
    QTest.keyClicks(band.line, "== ")
    assert offers.isVisible() and offers.model().index(1, 0).data() == '"shipped"'
    press(grid, KEY.Key_Escape)
    assert not offers.isVisible() and band.line.hasFocus()
    press(grid, KEY.Key_Space, CTRL)
    press(grid, KEY.Key_Return)
    assert band.line.text() == 'status == "open" '
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.filters.parts)


def test_values_of_the_table_are_offered(grid: Grid, wait_until: Callable[..., None]) -> None:
    band = write(grid, "remark contains 'ru")
    wait_until(lambda: band.line._list.isVisible() and band.line._list.model().index(0, 0).data() == '"Rush job"')
    press(grid, KEY.Key_Return)
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 3)


def test_filters_are_kept_by_name(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    write(grid, "total > 290 ")
    press(grid, KEY.Key_Return)
    press(grid, KEY.Key_S, ALT)
    assert grid.window().focusWidget() is grid.panel.name
    QTest.keyClicks(grid.panel.name, "Large")
    press(grid, KEY.Key_Return)
    press(grid, KEY.Key_Escape)
    assert world.context.recall("filters:list") == {"Large": "total > 290"}
    grid.setFocus()
    press(grid, KEY.Key_F, ALT | MODIFIER.ShiftModifier)
    wait_until(lambda: grid.rows.cache.count == 300)
    press(grid, KEY.Key_S, ALT)
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 10)
    grid.setFocus()
    press(grid, KEY.Key_S, ALT)
    press(grid, KEY.Key_Delete)
    assert world.context.recall("filters:list") is None
    press(grid, KEY.Key_Escape)


def test_chosen_values_are_kept_by_name_and_come_back_as_such(world: World, grid: Grid, wait_until: Any) -> None:
    by_path = {column.path: column for column in grid.columns}
    days = [datetime.date(2026, 1, day) for day in (2, 3)]
    filter_by(grid, by_path["placed"], Choice(tuple(days), is_only=True))
    filter_by(grid, by_path["customer_id"], Choice((3, None)))
    wait_until(lambda: 0 < grid.rows.cache.count < 30)
    count = grid.rows.cache.count
    grid.setFocus()
    press(grid, KEY.Key_S, ALT)
    assert grid.panel.hint.text() == "In force: Customer: all but 2 values; Placed: 2 Jan 2026, 3 Jan 2026"
    QTest.keyClicks(grid.panel.name, "Early")
    press(grid, KEY.Key_Return)
    press(grid, KEY.Key_Escape)
    kept = world.context.recall("filters:list")
    world.context.remember("filters:list", {**json.loads(json.dumps(kept)), "Broken": {"text": 3}})
    grid.setFocus()
    press(grid, KEY.Key_F, ALT | MODIFIER.ShiftModifier)
    wait_until(lambda: grid.rows.cache.count == 300)
    press(grid, KEY.Key_S, ALT)
    assert grid.panel.list.count() == 1
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == count)
    assert choice_of(grid, by_path["placed"]) == Choice(tuple(days), is_only=True)
    assert choice_of(grid, by_path["customer_id"]) == Choice((3, None))
    assert grid.bands.get("expression") is None, "there is no expression to show"
