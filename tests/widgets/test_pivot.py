"""A pivot: figures with totals, other keys by the person, the rows behind a cell, and following changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula  # noqa: E402

from kernel.tables.change import Update  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.pivot import Pivot  # noqa: E402

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
ALT, CTRL, SHIFT = MODIFIER.AltModifier, MODIFIER.ControlModifier, MODIFIER.ShiftModifier
MORE = "UPDATE orders SET status = 'shipped' WHERE id % 3 = 0; UPDATE orders SET placed = '2025-02-03' WHERE id < 11"
#: What a pivot shows when nothing else is said.
FIGURES = [["open", "37.00", "29,963.00", "30,000.00"], ["shipped", "18.00", "15,132.00", "15,150.00"]]


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, more=MORE)
    yield made
    made.close()


@pytest.fixture
def open_pivot(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Pivot]]:
    pivots: list[Pivot] = []

    def open_it(**properties: Any) -> Pivot:
        given = {"table": "orders", "rows": "status", "columns": "year(placed)", "values": "sum(total)", **properties}
        made = Pivot(Node("pivot", "sales", given), world.context)
        pivots.append(made)
        made.resize(900, 400)
        made.show()
        made.activateWindow()
        wait_until(lambda: not made.is_loading)
        return made

    yield open_it
    for pivot in pivots:
        pivot.close()
        pivot.deleteLater()


def lines(pivot: Pivot) -> list[list[str]]:
    grid = pivot.grid
    return [[grid.content.cell_text(row, at) for at in range(len(grid.columns))] for row in range(grid.row_count())]


def headings(pivot: Pivot) -> list[str]:
    return [column.label for column in pivot.grid.columns]


def totals(pivot: Pivot) -> list[str]:
    return [pivot.grid.bands.get("totals").text(at)[1] for at in range(len(pivot.grid.columns))]


def press(pivot: Pivot, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(pivot.window().focusWidget() or pivot.grid, key, modifiers)


def test_figures_and_totals(open_pivot, wait_until) -> None:
    pivot = open_pivot()
    wait_until(lambda: headings(pivot) == ["Status", "2025", "2026", "Total"])
    wait_until(lambda: lines(pivot) == FIGURES)
    assert totals(pivot) == ["Total", "55.00", "45,095.00", "45,150.00"]
    assert pivot.grid.frozen == 1


def test_several_figures_and_no_columns(open_pivot, wait_until) -> None:
    pivot = open_pivot(rows="customer", columns="", values="count(), average(total)")
    wait_until(lambda: headings(pivot) == ["Customer", "Rows", "Average of total"])
    wait_until(lambda: lines(pivot)[:1] == [["Customer 1", "6", "175.00"]])
    wait_until(lambda: totals(pivot) == ["Total", "300", "150.50"])


def test_changes_and_the_filter_are_followed(world, open_pivot, wait_until) -> None:
    world.context.scope.publish("find.text", "")
    pivot = open_pivot(filter=formula("status contains find.text"))
    wait_until(lambda: totals(pivot)[-1:] == ["45,150.00"])
    world.source.table("orders").commit([Update((1,), "", {"total": 1001})])
    wait_until(lambda: totals(pivot)[-1:] == ["46,150.00"])
    world.context.scope.publish("find.text", "ship")
    wait_until(lambda: totals(pivot)[-1:] == ["15,150.00"] and len(lines(pivot)) == 1)
    world.context.scope.publish("find.text", "nothing at all")
    wait_until(lambda: pivot.grid.row_count() == 0)


def test_a_cell_tells_the_rows_behind_it(world, open_pivot, wait_until) -> None:
    pivot = open_pivot()
    wait_until(lambda: lines(pivot) == FIGURES)
    pivot.grid.setFocus()
    pivot.grid.go(1, 1)
    press(pivot, KEY.Key_Return)
    told = world.context.scope.read("sales.current")
    assert (told["row_1"], told["column_1"], told["text"]) == (["shipped"], [2025], "shipped, 2025")
    assert told["filter"] == "(status in ['shipped'] and (year(placed)) in [2025])"
    pivot.grid.go(1, 3)
    press(pivot, KEY.Key_Return)
    assert world.context.scope.read("sales.current")["column_1"] == [2025, 2026]


def test_a_person_takes_other_keys_and_they_are_kept(world, open_pivot, wait_until) -> None:
    pivot = open_pivot()
    wait_until(lambda: lines(pivot) == FIGURES)
    pivot.grid.setFocus()
    press(pivot, KEY.Key_K, ALT)
    chip = pivot.window().focusWidget()
    assert chip.text() == "Status"
    press(pivot, KEY.Key_Right, CTRL)
    wait_until(lambda: headings(pivot) == ["open · 2025", "open · 2026", "shipped · 2025", "shipped · 2026"])
    assert pivot.window().focusWidget().text() == "Status"
    press(pivot, KEY.Key_Delete)
    wait_until(lambda: headings(pivot) == ["2025", "2026"])
    part = pivot._bar.parts[0]
    part.more.click()
    menu = QApplication.activePopupWidget()
    next(one for one in menu.actions() if one.text() == "Customer").trigger()
    menu.close()
    wait_until(lambda: headings(pivot) == ["Customer", "2025", "2026", "Total"])
    assert world.context.recall("pivot:sales") == {
        "rows": "customer_id", "columns": "year(placed)", "values": "sum(total)",
    }  # fmt: skip
    again = open_pivot()
    wait_until(lambda: headings(again) == ["Customer", "2025", "2026", "Total"])


def test_figures_are_copied_with_their_headings(open_pivot, wait_until) -> None:
    pivot = open_pivot()
    wait_until(lambda: lines(pivot) == FIGURES)
    pivot.grid.setFocus()
    pivot.grid.go(0, 0)
    press(pivot, KEY.Key_A, CTRL)
    press(pivot, KEY.Key_C, CTRL | SHIFT)
    wait_until(lambda: QApplication.clipboard().text().startswith("Status\t2025\t2026\tTotal"))


def test_what_cannot_be_shown_is_said(open_pivot, wait_until, monkeypatch) -> None:
    from kernel.tables.pivot import reading

    monkeypatch.setattr(reading, "MOST_COLUMNS", 10)
    pivot = open_pivot(columns="id")
    wait_until(lambda: "more than 10 columns" in pivot.grid.condition.view.accessibleName())
    assert pivot.grid.condition.view.isVisible()


def test_outer_headings_stand_once_over_their_columns(open_pivot, wait_until) -> None:
    pivot = open_pivot(columns="status, year(placed)", rows="customer_id", values="sum(total), count()")
    wait_until(lambda: pivot.grid.bands.get("spans") is not None)
    band = pivot.grid.bands.get("spans")
    wait_until(lambda: band.isVisible() and len(band.spans) == 7)
    assert [(span.line, span.first, span.last, span.text) for span in band.spans] == [
        (0, 1, 4, "open"), (0, 5, 8, "shipped"), (0, 9, 10, "Total"),
        (1, 1, 2, "2025"), (1, 3, 4, "2026"), (1, 5, 6, "2025"), (1, 7, 8, "2026"),
    ]  # fmt: skip
    assert [column.heading for column in pivot.grid.columns][:3] == ["Customer", "Sum of total", "Rows"]
    assert pivot.grid.columns[1].label == "open · 2025 · Sum of total", "what is copied and spoken says all"
    wait_until(lambda: pivot.grid.widths.is_fitted and pivot.grid.row_count() > 0)
    QTest.mouseClick(band, Qt.MouseButton.LeftButton, pos=band._box(band.spans[0]).topLeft() + QPoint(12, 8))
    area = pivot.grid.selection.active()
    assert (area.left, area.right, area.height) == (1, 4, pivot.grid.row_count())
    pivot.grid.arrangement.move(4, 1)
    wait_until(lambda: band.spans[0].first == 1 and [one.text for one in band.spans if one.line == 1][0] == "2026")


def test_a_single_line_of_headings_needs_no_band(open_pivot, wait_until) -> None:
    pivot = open_pivot()
    wait_until(lambda: headings(pivot) == ["Status", "2025", "2026", "Total"])
    assert [column.heading for column in pivot.grid.columns] == ["Status", "2025", "2026", "Total"]
    band = pivot.grid.bands.get("spans")
    assert band is None or not band.isVisible()
    two = open_pivot(columns="status, year(placed)", rows="customer_id")
    wait_until(lambda: [column.heading for column in two.grid.columns][-2:] == ["2026", "Total"])
    assert [span.text for span in two.grid.bands.get("spans").spans] == ["open", "shipped"]


def test_it_counts_until_its_first_figures_are_there(world: World, wait_until: Callable[..., None]) -> None:
    given = {"table": "orders", "rows": "status", "values": "sum(total)", "empty": "Nothing was sold"}
    pivot = Pivot(Node("pivot", "sales", given), world.context)
    pivot.set_empty("Nothing was sold")
    assert pivot.grid.condition.empty_text == "Counting…"
    wait_until(lambda: not pivot.is_loading, timeout_s=20)
    assert pivot.grid.condition.empty_text == "Nothing was sold"
    pivot.set_empty("")
    assert pivot.grid.condition.empty_text == "No rows to count"
    pivot.deleteLater()


def test_the_bar_takes_more_lines_where_it_is_narrow(open_pivot, wait_until) -> None:
    pivot = open_pivot()
    bar = pivot._bar
    wait_until(lambda: len({part.y() for part in bar.parts}) == 1)
    height = bar.height()
    pivot.resize(230, 400)
    wait_until(lambda: len({part.y() for part in bar.parts}) > 1)
    assert bar.height() >= 2 * height - 10 and pivot.minimumSizeHint().width() < 230
    assert all(part.geometry().right() <= bar.width() for part in bar.parts)


def test_nothing_is_said_of_missing_rows_before_the_figures_are_there(world: World, wait_until) -> None:
    given = {"table": "orders", "rows": "status", "values": "count()", "filter": formula("id < 0")}
    made = Pivot(Node("pivot", "slow", given), world.context)
    view, seen = made.grid.condition.view, []
    say = view.say

    def note(*words: Any, **more: Any) -> None:
        seen.append(made.table.pivoted is not None)
        say(*words, **more)

    view.say = note
    made.resize(600, 300)
    made.show()
    wait_until(lambda: seen)
    assert all(seen)
    made.close()
    made.deleteLater()
