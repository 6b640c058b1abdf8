"""What a grid says beside a cell: whole, at its cell, and a delete that is asked about by name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World  # noqa: E402

from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.grid.bubble import Bubble  # noqa: E402

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG = "The total must not be below zero. " * 8


class Desk:
    """A small window with a low grid of customers at its bottom."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.context.tables["customers"] = world.open("customers")
        self.window = QWidget()
        self.window.resize(640, 480)
        column = QVBoxLayout(self.window)
        column.addStretch(1)
        self.grid = Grid(Node("grid", "list", {"table": "customers"}), world.context, self.window)
        self.grid.setFixedHeight(130)
        column.addWidget(self.grid)
        self.window.show()
        self.window.activateWindow()

    @property
    def bubble(self) -> Bubble:
        return self.grid.editing.notice.bubble

    def answers(self) -> dict[str, QPushButton]:
        return {button.text(): button for button in self.bubble.findChildren(QPushButton)}

    def is_whole(self) -> bool:
        """Whether all of the bubble is in sight."""
        return self.bubble.isVisible() and self.bubble.visibleRegion().boundingRect() == self.bubble.rect()

    def place(self) -> QRect:
        """Where the bubble is, in the window's pixels."""
        return QRect(self.bubble.mapTo(self.window, self.bubble.rect().topLeft()), self.bubble.size())


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    world = World(tmp_path, rows=20)
    made = Desk(world)
    wait_until(lambda: made.grid.rows.cache.count == 50)
    made.grid.go(0, 0)
    made.grid.setFocus()
    yield made
    made.window.close()
    world.close()


@pytest.mark.parametrize("row", [0, 2])
def test_a_long_message_is_whole(desk: Desk, row: int) -> None:
    desk.grid.go(row, 0)
    desk.grid.editing.notice.say(LONG)
    assert desk.is_whole()
    cell = desk.grid.places.cell_rect(row, 0)
    top = desk.grid.viewport().mapTo(desk.window, cell.topLeft())
    assert not desk.place().intersects(QRect(top, cell.size()))


def test_a_message_follows_its_cell(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.grid.go(1, 0)
    desk.grid.editing.notice.say(LONG)
    before = desk.place()
    desk.window.resize(420, 300)
    wait_until(lambda: desk.place() != before and desk.is_whole())
    desk.grid.hide()
    assert not desk.bubble.isVisible()


def test_a_delete_is_asked_about_by_name(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.grid.go(4, 1)
    QTest.keyClick(desk.grid, KEY.Key_Delete, CTRL)
    assert "“Customer 5”" in desk.bubble.text
    answers = desk.answers()
    assert list(answers) == ["Cancel", "Delete"]
    assert answers["Cancel"].hasFocus()
    assert answers["Delete"].property("emphasis") == "danger"
    QTest.keyClick(answers["Cancel"], KEY.Key_Return)
    assert not desk.bubble.isVisible() and desk.grid.hasFocus()
    desk.grid.go(5, 1)
    QTest.keyClick(desk.grid, KEY.Key_Down, SHIFT)
    QTest.keyClick(desk.grid, KEY.Key_Delete, CTRL)
    assert "2 rows" in desk.bubble.text and "“Customer 6”" in desk.bubble.text and "“Customer 7”" in desk.bubble.text


def test_a_message_goes_with_its_grid(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.grid.editing.notice.say(LONG)
    desk.grid.setParent(None)
    desk.grid.deleteLater()
    wait_until(lambda: not desk.window.findChildren(Bubble))
