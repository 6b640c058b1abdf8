"""Sizes of texts from 80 to 300 %: icons, room, marks and columns grow along, and nothing of a list is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QStyle, QWidget

from layouts.node import Node
from tests.widgets.grid_world import World, grid_node
from widgets.grid.grid import Grid
from widgets.theme import Theme
from widgets.theme.sheet import _SHEET, grown

SIZES = (0.8, 1.0, 1.5, 2.0, 3.0)
WIDTHS = {"id": 60, "placed": 110, "status": 100, "total": 100}


class Dressed(QWidget):
    """A window that is dressed as the application is: what other tests have left open is not dressed along with it."""

    def setEffectEnabled(self, *_effect: object) -> None:  # Qt's name
        """Of menus, which it has not."""

    def allWidgets(self) -> list[QWidget]:  # Qt's name
        """Those in it."""
        return self.findChildren(QWidget)


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Dressed]:
    window = Dressed()
    window.setProperty("has_fusion_style", True)
    yield window
    window.deleteLater()


def test_icons_and_marks_are_as_large_as_texts(dressed: Dressed) -> None:
    theme = Theme("light")
    theme.apply(dressed)
    for size in SIZES:
        theme.set_text_size(size)
        button, box = QPushButton("New", dressed), QCheckBox("Gift", dressed)
        button.setIcon(theme.icon("add"))
        button.ensurePolished()
        box.ensurePolished()
        scale = theme.scale()
        assert scale == max(1.0, theme.font("body").pixelSize() / theme.tokens.smallest_body)
        assert theme.icon_size() == round(16 * scale)
        assert button.iconSize() == QSize(theme.icon_size(), theme.icon_size())
        mark = box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box)
        assert abs(mark - 16 * scale) <= 3
        assert button.sizeHint().height() >= max(button.fontMetrics().height(), theme.icon_size())


def test_the_line_of_the_focus_takes_its_pixel_at_every_size() -> None:
    rules = "QPushButton { padding: 0 12px; border: 1px solid ${line}; min-height: ${inner}px; }\n"
    rules += "QPushButton:focus { padding: 0 11px; border: 2px solid ${focus}; }\nBox:focus { width: 14px; }\n"
    assert grown(_SHEET, 1.0) == _SHEET
    for scale in SIZES[2:]:
        found = grown(rules, scale)
        assert f"padding: 0 {round(12 * scale)}px" in found and f"padding: 0 {round(12 * scale) - 1}px" in found
        assert f"width: {round(16 * scale) - 2}px" in found
        assert "1px solid ${line}" in found and "2px solid ${focus}" in found and "${inner}px" in found


@pytest.mark.parametrize("size", SIZES)
def test_numbers_and_dates_of_a_list_are_whole(
    tmp_path: Path, wait_until: Callable[..., None], size: float
) -> None:
    world, theme = World(tmp_path, 60), Theme("light")
    world.context.theme = theme
    theme.set_text_size(size)
    node = grid_node()
    node.children = [
        Node("show", properties={"column": name, "width": width, **({"as": "tag"} if name == "status" else {})})
        for name, width in WIDTHS.items()
    ]
    grid = Grid(node, world.context)
    grid.resize(400, 300)
    grid.show()
    try:
        wait_until(lambda: grid.row_count() == 60 and grid.ready.cells(59) is not None)
        look = grid.look
        assert look.row_height >= look.metrics.height() + 2 * 4
        assert look.mark < look.row_height and look.tile < look.row_height
        assert not [cell.text for row in (0, 59) for cell in grid.ready.cells(row) if "…" in cell.text]
        before = sum(column.wanted_width for column in grid.columns)
        theme.set_text_size(size * 1.5)
        assert sum(column.wanted_width for column in grid.columns) > before
        wait_until(lambda: grid.ready.cells(0) is not None)
        assert not [cell.text for cell in grid.ready.cells(0) if "…" in cell.text]
    finally:
        grid.close()
        world.close()
