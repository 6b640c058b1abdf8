"""What assistive technology meets in a grid of a billion rows: few children, right places, orders and estimates."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible

sys.path.insert(0, str(Path(__file__).parent))
from endless_table import EndlessTable, Surroundings, numbers_node  # noqa: E402

from kernel.tables.query import Sort  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.listing.accessible import walked  # noqa: E402

BILLION = 1_000_000_000
TEXT = QAccessible.Text


@pytest.fixture
def grid(qapp: Any, wait_until: Callable[..., None]) -> Iterator[Grid]:
    QAccessible.setActive(True)
    around = Surroundings(numbers=EndlessTable(BILLION))
    made = Grid(numbers_node(), around.context)
    made.resize(600, 400)
    made.show()
    made.activateWindow()
    made.setFocus()
    wait_until(lambda: made.rows.cache.pages and made.hasFocus())
    yield made
    made.close()
    made.deleteLater()
    around.close()
    QAccessible.setActive(False)


def test_children_are_those_in_sight(grid: Grid, wait_until: Any) -> None:
    table = walked(grid)
    assert table.role() == QAccessible.Role.Table
    assert table.childCount() <= 3 * (grid.places.page_rows() + 3) + 3
    grid.go(BILLION - 1, 1)
    wait_until(lambda: grid.current_key == (BILLION - 1,))
    cell = table.focusChild()
    assert cell.text(TEXT.Name) == cell.text(TEXT.Value) == f"Row {BILLION - 1}"
    assert cell.text(TEXT.Description) == f"Name, row {BILLION} of {BILLION}"
    place = cell.interface_cast(QAccessible.InterfaceType.TableCellInterface)
    assert (place.rowIndex(), place.columnIndex(), place.isSelected()) == (BILLION - 1, 1, True)
    assert cell.state().focused and grid.viewport().rect().contains(grid.viewport().mapFromGlobal(cell.rect().center()))
    assert table.child(table.indexOfChild(cell)) is cell


def test_every_child_says_what_it_is(grid: Grid) -> None:
    table = walked(grid)
    for index in range(table.childCount()):
        child = table.child(index)
        assert child is not None and child.isValid() and table.indexOfChild(child) == index
        if index < table.cell_count():
            assert child.text(TEXT.Name)
    assert table.child(table.childCount()) is None and table.child(-1) is None


def test_headings_tell_the_order(grid: Grid, wait_until: Any) -> None:
    heading = walked(grid).child(0)
    assert heading.role() == QAccessible.Role.ColumnHeader and heading.text(TEXT.Description) == ""
    grid.sort_by(0, is_descending=True)
    assert heading.text(TEXT.Description) == "sorted descending"
    grid.rows.sort = (Sort("name"), Sort("id"))
    assert heading.text(TEXT.Description) == "sorted ascending, key 2 of 2"


def test_an_estimate_is_told_as_one(grid: Grid) -> None:
    grid.go(2, 1)
    grid.rows.cache.set_count(1_200_000, False)
    grid.announce()
    assert grid.accessibleDescription() == "Name: Row 2, row 3 of about 1200000"
    grid.rows.preparing.share = 0.5
    grid.announce()
    assert grid.accessibleDescription().endswith("about 1200000, which are being ordered")


def test_an_open_editor_is_met_too(grid: Grid) -> None:
    from PySide6.QtWidgets import QLineEdit

    box = QLineEdit(grid.viewport())
    box.setAccessibleName("Editor")
    box.show()
    box.setFocus()
    table = walked(grid)
    assert table.focusChild().text(TEXT.Name) == "Editor"
    names = [table.child(index).text(TEXT.Name) for index in range(table.cell_count(), table.childCount())]
    assert "Editor" in names
