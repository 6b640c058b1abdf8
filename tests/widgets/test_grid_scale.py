"""The grid over a billion rows: places exact to the pixel, by keys, wheel and bar; columns that stay in sight."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parent))
from endless_table import EndlessTable, Surroundings, numbers_node  # noqa: E402

from kernel.tables.change import TableChange  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402

BILLION = 1_000_000_000


@pytest.fixture
def show(qapp: Any, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    made: list[tuple[Surroundings, Grid]] = []

    def make(rows: int = BILLION, *shows: Node) -> Grid:
        around = Surroundings(numbers=EndlessTable(rows))
        grid = Grid(numbers_node(*shows), around.context)
        made.append((around, grid))
        grid.resize(600, 400)
        grid.show()
        wait_until(lambda: not grid.rows.is_loading)
        return grid

    yield make
    for around, grid in made:
        grid.close()
        grid.deleteLater()
        around.close()


def painted(grid: Grid) -> QImage:
    """What the viewport looks like."""
    image = QImage(grid.viewport().size(), QImage.Format.Format_RGB32)
    grid.viewport().render(image)
    return image


def test_keys_go_to_the_row(show: Callable[..., Grid], wait_until: Callable[..., None]) -> None:
    grid = show()
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert grid.current_row == BILLION - 1
    view, height = grid.viewport().height(), grid.look.row_height
    assert grid.places.top_pixel() == BILLION * height - view
    wait_until(lambda: grid.row_key(grid.current_row) == (BILLION - 1,))
    QTest.keyClick(grid, Qt.Key.Key_PageUp)
    assert grid.current_row == BILLION - 1 - grid.places.page_rows()
    QTest.keyClick(grid, Qt.Key.Key_Up)
    box = grid.places.cell_rect(grid.current_row, 0)
    assert box.top() >= 0 and box.bottom() <= view
    grid.go(500_000_001)
    wait_until(lambda: grid.cell_text(500_000_001, 1) == "Row 500000001")
    before = grid.places.top_pixel()
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.current_row == 500_000_000 and grid.places.top_pixel() == before - height


def test_who_is_on_the_way_to_a_row_gets_there_though_all_is_read_again(
    show: Callable[..., Grid], wait_until: Callable[..., None]
) -> None:
    grid, is_free = show(), threading.Event()
    wait_until(lambda: grid.rows.preparing.query is None and not grid.handle.is_busy)
    try:
        grid.handle.call(lambda _table: is_free.wait(60), lambda _answer: None)
        grid.go(500_000_000)
        assert grid.current_key is None, "its page is not here yet"
        grid.handle.table().listener(TableChange("numbers", inserted=((9,),)))
        wait_until(lambda: grid.rows.is_loading)
    finally:
        is_free.set()
    wait_until(lambda: not grid.rows.is_loading and grid.current_key is not None)
    assert grid.current_key == (500_000_000,) and grid.places.first_row() > 499_999_000


def test_the_wheel_goes_by_rows(show: Callable[..., Grid]) -> None:
    grid = show()
    grid.places.move_to(7_000_000_000 * 3)
    before = grid.places.top_pixel()
    notch = QWheelEvent(
        QPointF(50, 50), grid.viewport().mapToGlobal(QPointF(50, 50)), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(grid.viewport(), notch)
    assert grid.places.top_pixel() == before + QApplication.wheelScrollLines() * grid.look.row_height


@pytest.mark.parametrize(
    ("action", "rows"),
    [
        (QAbstractSlider.SliderAction.SliderSingleStepAdd, lambda grid: 1),
        (QAbstractSlider.SliderAction.SliderSingleStepSub, lambda grid: -1),
        (QAbstractSlider.SliderAction.SliderPageStepAdd, lambda grid: grid.places.page_rows()),
    ],
)
def test_the_bars_buttons_go_by_rows(show: Callable[..., Grid], action: Any, rows: Callable[[Grid], int]) -> None:
    grid = show()
    before = 123_456_789 * grid.look.row_height
    grid.places.move_to(before)
    grid.verticalScrollBar().triggerAction(action)
    assert grid.places.top_pixel() == before + rows(grid) * grid.look.row_height


def test_dragging_stands_at_a_row_and_reaches_both_ends(show: Callable[..., Grid]) -> None:
    grid = show()
    bar, height = grid.verticalScrollBar(), grid.look.row_height
    for value in (bar.maximum() // 3, bar.maximum() // 7 * 5):
        bar.setValue(value)
        assert grid.places.top_pixel() % height == 0
        assert abs(grid.places.top_pixel() - value * grid.places.scale()) < height
    bar.setValue(bar.maximum())
    assert grid.places.top_pixel() == grid.places.last_top()
    bar.setValue(0)
    assert grid.places.first_row() == 0


def test_a_small_table_scrolls_by_the_pixel(show: Callable[..., Grid]) -> None:
    grid = show(1000)
    grid.verticalScrollBar().setValue(777)
    assert (grid.places.scale(), grid.places.top_pixel()) == (1, 777)


class PaintedHeights(QObject):
    """How high the parts are that a viewport is asked to paint."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.heights: list[int] = []
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.Paint:
            self.heights.append(event.region().boundingRect().height())
        return False


def test_scrolling_by_a_line_paints_only_what_comes_in(show: Callable[..., Grid], wait_until: Any) -> None:
    grid = show()
    # What is told of the rows after they came paints all of them once more.
    wait_until(lambda: grid.rows.cache.is_exact and grid.rows.preparing.query is None and not grid.handle.is_busy)
    heights = PaintedHeights(grid.viewport()).heights
    grid.viewport().update()
    wait_until(lambda: max(heights, default=0) > 200)
    heights.clear()
    grid.places.move_to(grid.look.row_height)
    wait_until(lambda: heights)
    assert max(heights) <= grid.look.row_height


def test_frozen_columns_stay_and_cover_the_others(show: Callable[..., Grid]) -> None:
    grid = show(1000)
    for index in range(3):
        grid.widths.resize(index, 300)
    grid.frozen = 1
    grid.places.update_bars()
    still, begin = painted(grid).copy(0, 0, 299, 200), grid.places.column_left(1)
    grid.horizontalScrollBar().setValue(120)
    assert (grid.places.column_left(0), grid.places.column_left(1)) == (0, begin - 120)
    assert painted(grid).copy(0, 0, 299, 200) == still, "nothing of the others is seen through"
    assert grid.places.column_at(begin - 50) == 0 and grid.places.column_at(begin + 10) == 1
    grid.go(0, 1)
    assert grid.places.column_left(1) == begin, "what is gone to is not below the columns that stay"


def test_painting_a_far_row_takes_a_painter_no_big_number(show: Callable[..., Grid], wait_until: Any) -> None:
    grid = show()
    grid.go(BILLION // 2)
    wait_until(lambda: grid.ready.cells(BILLION // 2) is not None)
    image = QImage(grid.viewport().size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    from widgets.grid.paint import paint_rows

    paint_rows(grid, painter, grid.viewport().rect())
    painter.end()
    assert grid.places.cell_rect(0, 0).top() < 0
