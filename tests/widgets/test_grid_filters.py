"""Filters of a grid's columns: typed into the row of boxes, chosen from lists of values, cleared by one key."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from tests.waiting import PATIENCE_S  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
ALT, CTRL = MODIFIER.AltModifier, MODIFIER.ControlModifier
CTRL_SHIFT, ALT_SHIFT = CTRL | MODIFIER.ShiftModifier, ALT | MODIFIER.ShiftModifier
CUSTOMER, PLACED, STATUS, GIFT, TOTAL, REMARK = range(1, 7)


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, more="UPDATE orders SET status = 'shipped' WHERE id % 3 = 0; UPDATE orders SET remark = 'x';"
                 "UPDATE orders SET remark = NULL WHERE id < 11")  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(filter=formula("customer.name contains find.text")), world.context)
    made.resize(1000, 420)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == 300 and made.widths.is_fitted)
    made.go(0, 0)
    made.setFocus()
    yield made
    made.close()
    made.deleteLater()


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def write(grid: Grid, text: str) -> None:
    QTest.keyClicks(grid.window().focusWidget(), text)


def box(grid: Grid, column: int) -> Any:
    """Go to the filter box of a column."""
    grid.go(max(grid.current_row, 0), column)
    grid.setFocus()
    press(grid, KEY.Key_F, CTRL_SHIFT)
    return grid.window().focusWidget()


def test_what_is_typed_filters_with_the_search(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    box(grid, TOTAL)
    write(grid, "5~10")
    wait_until(lambda: grid.rows.cache.count == 6)
    press(grid, KEY.Key_Backtab, MODIFIER.ShiftModifier)
    press(grid, KEY.Key_Backtab, MODIFIER.ShiftModifier)
    write(grid, "ship")
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 2)
    world.context.scope.publish("find.text", "customer 7")
    wait_until(lambda: grid.rows.cache.count == 1)
    assert grid.row_key(0) == (6,)
    assert grid.is_filtered(grid.columns[TOTAL]) and not grid.is_filtered(grid.columns[CUSTOMER])
    press(grid, KEY.Key_Down)
    assert grid.window().focusWidget() is grid and grid.current_column == STATUS
    press(grid, KEY.Key_F, ALT_SHIFT)
    world.context.scope.publish("find.text", "")
    wait_until(lambda: grid.rows.cache.count == 300)
    assert not any(one.text() for one in grid.bands.get("filters").boxes.values())


def test_labels_and_dates_and_booleans_are_filtered_as_they_are_shown(grid: Grid, wait_until) -> None:
    for column, text, count in ((CUSTOMER, "=Customer 2", 6), (PLACED, "2026-01-02", 11), (GIFT, "yes", 150)):
        box(grid, column)
        write(grid, text)
        wait_until(lambda count=count: grid.rows.cache.count == count)
        press(grid, KEY.Key_Escape)
        wait_until(lambda: grid.rows.cache.count == 300)


def test_a_wrong_filter_is_said_and_the_old_one_stays(grid: Grid, wait_until: Callable[..., None]) -> None:
    here = box(grid, TOTAL)
    write(grid, ">290")
    wait_until(lambda: grid.rows.cache.count == 10)
    write(grid, "x")
    press(grid, KEY.Key_Return)
    assert here.property("invalid") == "true" and "no number" in here.accessibleDescription()
    assert grid.filters.parts[("row", "total")].text == "total > 290" and grid.rows.cache.count == 10
    press(grid, KEY.Key_Backspace)
    press(grid, KEY.Key_Return)
    assert here.property("invalid") == "false" and here.accessibleDescription() == ""


def test_escape_clears_then_leaves_and_the_key_takes_the_row_away(grid: Grid, wait_until) -> None:
    here = box(grid, TOTAL)
    write(grid, ">290")
    press(grid, KEY.Key_Escape)
    assert here.text() == "" and grid.window().focusWidget() is here
    press(grid, KEY.Key_Escape)
    assert grid.window().focusWidget() is grid
    press(grid, KEY.Key_F, CTRL_SHIFT)
    assert here.isVisible()
    press(grid, KEY.Key_F, CTRL_SHIFT)
    assert not here.isVisible() and grid.window().focusWidget() is grid
    assert grid.viewportMargins().top() == grid.look.header_height


def test_the_layout_may_show_the_row(world: World, wait_until: Callable[..., None]) -> None:
    grid = Grid(grid_node(filters=True), world.context)
    grid.show()
    wait_until(lambda: grid.rows.cache.count == 300)
    assert grid.bands.get("filters").isVisible()
    assert grid.viewport().geometry().top() > grid.header.geometry().bottom() + 20
    grid.close()


def test_nothing_passes_is_designed(grid: Grid, wait_until: Callable[..., None]) -> None:
    box(grid, TOTAL)
    write(grid, "null")
    wait_until(lambda: grid.condition.view.isVisible())
    assert grid.condition.view.title.text() == "No row passes the filters"


def test_values_are_listed_with_their_counts_and_chosen(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, STATUS)
    press(grid, KEY.Key_F, ALT)
    values = grid.panel
    wait_until(lambda: values.checks.rows.rowCount() == 3)
    rows = values.checks.rows
    assert [(rows.item(at).text(), rows.item(at).data(Qt.ItemDataRole.UserRole + 1)) for at in range(3)] == [
        ("(All)", ""), ("open", "200"), ("shipped", "100")
    ]  # fmt: skip
    press(grid, KEY.Key_Down)
    press(grid, KEY.Key_Space)
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 100)
    assert grid.window().focusWidget() is grid and grid.panel is None
    assert grid.is_filtered(grid.columns[STATUS])
    press(grid, KEY.Key_F, ALT)
    wait_until(lambda: grid.panel.checks.rows.rowCount() == 3)
    assert grid.panel.choice.values == ("open",) and not grid.panel.choice.is_only
    QTest.mouseClick(grid.panel.clear_button, Qt.MouseButton.LeftButton)
    wait_until(lambda: grid.rows.cache.count == 300)


def test_labels_are_listed_and_searched(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, CUSTOMER)
    press(grid, KEY.Key_F, ALT)
    write(grid, "customer 4")
    wait_until(lambda: grid.panel.checks.rows.rowCount() == 11 and not grid.panel._aside.is_busy)
    press(grid, KEY.Key_Return)
    wait_until(lambda: grid.rows.cache.count == 66)


def test_empty_is_a_value_and_one_may_be_the_only_one(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, REMARK)
    press(grid, KEY.Key_F, ALT)
    wait_until(lambda: grid.panel.checks.rows.rowCount() == 3)
    assert grid.panel.checks.rows.item(2).text() == "(empty)"
    for key in (KEY.Key_Down, KEY.Key_Down):
        press(grid, key)
    press(grid, KEY.Key_Return, CTRL)
    wait_until(lambda: grid.rows.cache.count == 10)


def test_a_click_on_the_funnel_lists_values(grid: Grid) -> None:
    from widgets.grid.header_paint import funnel_box

    left = grid.places.column_left(STATUS)
    place = funnel_box(grid, STATUS, left, grid.header.height()).center().toPoint()
    QTest.mouseClick(grid.header, Qt.MouseButton.LeftButton, MODIFIER.NoModifier, QPoint(place))
    assert grid.panel is not None and grid.current_column == STATUS and grid.rows.sort == ()
    press(grid, KEY.Key_Escape)
    assert grid.panel is None


def test_only_rows_like_this(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(2, STATUS)
    press(grid, KEY.Key_Equal, ALT)
    wait_until(lambda: grid.rows.cache.count == 100)


def test_values_that_nearly_all_differ_are_not_grouped(grid: Grid, monkeypatch, wait_until) -> None:
    monkeypatch.setattr("widgets.grid.sample.SMALL", 100)
    monkeypatch.setattr("widgets.grid.sample.LOOK", 50)
    grid.go(0, TOTAL)
    press(grid, KEY.Key_F, ALT)
    wait_until(lambda: grid.panel.checks.rows.item(0).text() == "Nearly all values differ; type to search")
    write(grid, "17.00")
    rows = grid.panel.checks.rows
    wait_until(lambda: rows.rowCount() == 3)
    assert [rows.item(at).text() for at in range(3)] == ["17.00", "117.00", "217.00"]
    press(grid, KEY.Key_Escape)
    press(grid, KEY.Key_Escape)
    grid.go(0, STATUS)
    press(grid, KEY.Key_F, ALT)
    wait_until(lambda: grid.panel.checks.rows.rowCount() == 3)
    press(grid, KEY.Key_Escape)
    grid.go(0, TOTAL)
    press(grid, KEY.Key_I, ALT)
    wait_until(lambda: grid.panel.note.isHidden())
    assert grid.panel.labels["distinct"].text() == "nearly all differ" and not grid.panel.bars.entries
    press(grid, KEY.Key_Escape)


def test_closing_stops_the_counting(world: World, grid: Grid, monkeypatch: pytest.MonkeyPatch, wait_until) -> None:
    import threading

    from kernel.tables.interrupt import current

    begun, stopped = threading.Event(), threading.Event()

    class Slow:
        schema = grid.handle.schema

        def estimate(self, query: Any) -> Any:
            with current().stopping(stopped.set):
                begun.set()
                stopped.wait(PATIENCE_S)
            current().check()

    monkeypatch.setattr(grid.handle, "table", Slow)
    grid.go(0, STATUS)
    press(grid, KEY.Key_F, ALT)
    wait_until(begun.is_set)
    press(grid, KEY.Key_Escape)
    wait_until(stopped.is_set)
    assert grid.panel is None and grid.rows.cache.count == 300
