"""Where a cell's editor stands: over its cell, whole, and within the view."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

sys.path.insert(0, str(Path(__file__).parent))
import block_world  # noqa: E402
from block_world import CUSTOMER, GIFT, PLACED, REMARK, Shop  # noqa: E402

from kernel.tables.schema import Column  # noqa: E402
from widgets.grid.cell_editor import within  # noqa: E402


@pytest.fixture
def shop(qapp: Any, tmp_path: Path, wait_until: Callable[..., None], monkeypatch: Any) -> Iterator[Shop]:
    columns = [Column("remark", "longtext") if one.name == "remark" else one for one in block_world.ORDERS.columns]
    monkeypatch.setattr(block_world, "ORDERS", msgspec.structs.replace(block_world.ORDERS, columns=tuple(columns)))
    shop = Shop("memory", tmp_path, wait_until)
    shop.grid.resize(640, 420)
    wait_until(lambda: shop.grid.widths.is_fitted)
    yield shop
    shop.close()


def _open(shop: Shop, row: int, column: int) -> Any:
    shop.grid.go(row, column)
    assert shop.grid.editing.open()
    return shop.grid.editing.editor


def test_an_editor_of_several_lines_stays_within_the_view(shop: Shop) -> None:
    last = shop.grid.places.page_rows() - 1
    field = _open(shop, last, REMARK)
    assert shop.grid.viewport().rect().contains(field.geometry())
    assert field.height() > 3 * shop.grid.look.row_height and field.width() >= 300


def test_an_editor_is_never_larger_than_the_view(qapp: Any) -> None:
    view = QWidget()
    view.resize(200, 100)
    assert within(QRect(150, 80, 300, 190), QRect(150, 80, 60, 30), view) == QRect(0, 0, 200, 100)
    assert within(QRect(10, 500, 60, 190), QRect(10, 500, 60, 30), view).top() == 500, "it goes along with its cell"
    assert within(QRect(10, 10, 60, 30), QRect(10, 10, 60, 30), view) == QRect(10, 10, 60, 30)


def test_the_editor_of_a_date_shows_all_of_it(shop: Shop) -> None:
    field = _open(shop, 3, PLACED)
    text = field.line.fontMetrics().horizontalAdvance(field.line.text())
    assert field.width() >= text + 40 and field.line.cursorRect().right() <= field.width()


def test_the_editor_of_a_switch_hides_the_box_below_it(shop: Shop) -> None:
    field = _open(shop, 3, GIFT)
    cell = shop.grid.places.cell_rect(3, GIFT)
    assert cell.contains(field.geometry()) and field.autoFillBackground()
    assert abs(field.box.geometry().center().x() - field.rect().center().x()) <= 2


def test_the_editor_of_a_reference_has_its_label_selected(shop: Shop) -> None:
    field = _open(shop, 3, CUSTOMER)
    shop.wait(lambda: field.line.text() == "Customer 5")
    shop.wait(lambda: not shop.grid.handle.is_busy and not shop.world.open("customers").is_busy)
    assert field.line.selectedText() == "Customer 5"
