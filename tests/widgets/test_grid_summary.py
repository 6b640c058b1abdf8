"""Summaries below a grid, sums of its selection, statistics of its columns: counted beside the rows, and fresh."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.expression import parse  # noqa: E402
from kernel.tables.change import Update  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.statistics import Bar, edges_of, nice_step  # noqa: E402
from widgets.grid.statistics_text import statistics_text  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
ALT, SHIFT = MODIFIER.AltModifier, MODIFIER.ShiftModifier
SHOWS = [("id", "count"), ("customer_id", ""), ("placed", "maximum"), ("total", "sum"), ("remark", "")]


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, more="UPDATE orders SET remark = 'x' WHERE id < 31")
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    shows = [Node("show", properties={"column": path, **({"summary": one} if one else {})}) for path, one in SHOWS]
    made = Grid(msgspec.structs.replace(grid_node(), children=shows), world.context)
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


def figure(grid: Grid, column: int) -> str:
    return grid.bands.get("summary").text(column)[1]


def test_the_layout_summarizes_and_changes_are_followed(world: World, grid: Grid, wait_until) -> None:
    wait_until(lambda: figure(grid, 3) == "45,150.00")
    assert [figure(grid, column) for column in (0, 1, 2)] == ["300", "", "28 Jan 2026"]
    world.source.table("orders").commit([Update((1,), "", {"total": 1001})])
    wait_until(lambda: figure(grid, 3) == "46,150.00")
    grid.filters.set_part(("row", "total"), "total > 298")
    wait_until(lambda: figure(grid, 3) == "1,600.00" and figure(grid, 0) == "3")


def test_a_person_chooses_by_the_menu_and_it_is_kept(world: World, grid: Grid, wait_until) -> None:
    grid.go(0, 3)
    press(grid, KEY.Key_M, ALT)
    menu = QApplication.activePopupWidget()
    assert menu.activeAction().text() == "Sum"
    QTest.keyClick(menu, KEY.Key_Down)
    QTest.keyClick(menu, KEY.Key_Return)
    wait_until(lambda: figure(grid, 3) == "150.50")
    assert grid.arrangement.overlay.summaries == {"total": "average"}
    assert world.context.recall("columns:list")["summaries"] == {"total": "average"}
    for path in (0, 2, 3):
        grid.go(0, path)
        press(grid, KEY.Key_M, ALT)
        menu = QApplication.activePopupWidget()
        for _ in menu.actions():
            if menu.activeAction().text() != "No summary":
                QTest.keyClick(menu, KEY.Key_Up)
        QTest.keyClick(menu, KEY.Key_Return)
    assert not grid.bands.get("summary").isVisible() and grid.viewportMargins().bottom() == 0


def test_the_selection_is_added_up(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    read = world.context.scope.read
    grid.go(0, 3)
    press(grid, KEY.Key_Down, SHIFT)
    press(grid, KEY.Key_Down, SHIFT)
    wait_until(lambda: read("list.selection.sum") == 6)
    assert (read("list.selection.average"), read("list.selection.numbers")) == (2, 3)
    press(grid, KEY.Key_Space, MODIFIER.ControlModifier)
    wait_until(lambda: read("list.selection.sum") == Decimal("45150.00"))
    press(grid, KEY.Key_Escape)
    wait_until(lambda: read("list.selection.sum") is None)
    grid.go(0, 4)
    press(grid, KEY.Key_Down, SHIFT)
    wait_until(lambda: read("list.selection.count") == 2)
    assert read("list.selection.sum") is None


def test_statistics_of_a_number(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, 3)
    press(grid, KEY.Key_I, ALT)
    panel = grid.panel
    wait_until(lambda: panel.note.isHidden())
    told = {name: label.text() for name, label in panel.labels.items()}
    assert told == {
        "rows": "300", "empty": "0", "distinct": "300", "minimum": "1.00", "maximum": "300.00",
        "average": "150.50", "sum": "45,150.00",
    }  # fmt: skip
    assert sum(bar.count for bar in panel.histogram.bars) == 300 and len(panel.histogram.bars) == 16
    assert (panel.histogram.bars[0].first, panel.histogram.bars[0].count) == ("0", 19)
    press(grid, KEY.Key_Escape)
    assert grid.panel is None and grid.window().focusWidget() is grid


def test_a_long_text_pushes_no_figure_out_of_sight(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    long = "W" * 80
    world.source.table("orders").commit([Update((1,), "", {"remark": long})])
    grid.go(0, 4)
    press(grid, KEY.Key_I, ALT)
    panel = grid.panel
    wait_until(lambda: panel.note.isHidden() and panel.labels["minimum"].toolTip() == long)
    wait_until(lambda: panel.area.widget().width() <= panel.area.viewport().width())
    assert panel.labels["minimum"].text().endswith("…") and panel.labels["rows"].text() == "300"
    press(grid, KEY.Key_Escape)


def test_statistics_of_texts_labels_and_dates(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, 4)
    press(grid, KEY.Key_I, ALT)
    wait_until(lambda: grid.panel.note.isHidden())
    assert (grid.panel.labels["empty"].text(), grid.panel.labels["distinct"].text()) == ("270 (90.0 %)", "1")
    assert grid.panel.bars.entries == [("(empty)", 270), ("x", 30)] and "sum" not in grid.panel.labels
    press(grid, KEY.Key_Escape)
    grid.go(0, 1)
    press(grid, KEY.Key_I, ALT)
    wait_until(lambda: grid.panel.note.isHidden())
    assert grid.panel.bars.entries[0] == ("Customer 1", 6) and "minimum" not in grid.panel.labels
    press(grid, KEY.Key_Escape)
    grid.go(0, 2)
    press(grid, KEY.Key_I, ALT)
    wait_until(lambda: grid.panel.note.isHidden())
    assert len(grid.panel.histogram.bars) == 28 and grid.panel.labels["minimum"].text() == "1 Jan 2026"
    press(grid, KEY.Key_Escape)


def test_statistics_are_copied_as_cells(grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, 4)
    press(grid, KEY.Key_I, ALT)
    panel = grid.panel
    wait_until(lambda: panel.note.isHidden())
    QApplication.clipboard().clear()
    press(grid, KEY.Key_C, MODIFIER.ControlModifier)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert lines[:3] == [["Statistics of Remark"], ["Rows", "300"], ["Empty", "270 (90.0 %)"]]
    assert lines[-3:] == [["Most frequent", "Rows"], ["(empty)", "270"], ["x", "30"]]
    assert panel.note.text() == "Copied" and grid.panel is panel
    press(grid, KEY.Key_Escape)


def test_the_bars_of_statistics_are_copied_with_their_ends() -> None:
    text = statistics_text("Total", [("Rows", "3")], [], [Bar("0", "5", 2), Bar("5", "10", 1)])
    assert text == "Total\nRows\t3\n\nFrom\tTo\tRows\n0\t5\t2\n5\t10\t1\n"


def test_bars_divide_what_can_be_divided() -> None:
    assert edges_of("integer", 5, 5) == edges_of("text", "a", "b") == []
    assert [edge.literal for edge in edges_of("integer", -3, 1)] == ["-3", "-2", "-1", "0", "1", "2"]
    assert edges_of("real", 0.0, 0.001)[1].literal == "0.00005"
    day = datetime.date
    assert edges_of("date", day(2026, 1, 30), day(2026, 2, 1))[-1].text == "2026-02-02"
    assert [edge.text for edge in edges_of("date", day(2025, 11, 5), day(2026, 12, 9))][:3] == [
        "2025-11-01", "2025-12-01", "2026-01-01"
    ]  # fmt: skip
    assert edges_of("date", day(1, 1, 1), day(2026, 1, 1))[-1].text == "2200-01-01"
    assert [nice_step(step, is_whole=False) for step in (0.07, 1.2, 30, 900)] == [0.1, 2, 50, 1000]
    assert nice_step(0.01, is_whole=True) == 1


NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6, allow_nan=False)


@given(NUMBERS, NUMBERS)
def test_every_value_is_between_two_edges(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    read = [parse(edge.literal).evaluate(lambda name: None) for edge in edges_of("real", low, high)]
    edges = [Decimal(repr(edge)) if isinstance(edge, float) else Decimal(edge) for edge in read]
    assert edges == sorted(edges) and len(edges) <= 40
    if edges:
        slack = Decimal(repr(float(high - low))) / 10**6
        assert edges[0] <= Decimal(repr(float(low))) + slack and edges[-1] > Decimal(repr(float(high))) - slack
