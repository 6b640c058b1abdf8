"""A grid and the form that follows it, driven by keys."""

from __future__ import annotations

from typing import Any

from grid_world import World, formula, grid_node
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter

from layouts.node import Node
from widgets.form import Form
from widgets.grid import Grid


class Desk:
    """A grid and the form that follows it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.window = QSplitter()
        self.form = Form(Node("form", "form", {"of": formula("list.current")}), world.context, self.window)
        self.grid = Grid(grid_node(), world.context, self.window)
        self.window.resize(1100, 600)
        self.window.show()
        self.window.activateWindow()

    def line(self, column: str) -> Any:
        """A field's line."""
        return self.editor(column).line

    def editor(self, column: str) -> Any:
        """A field's editor."""
        return next(field for field in self.form.fields if field.column_name == column).editor

    def type(self, column: str, text: str) -> None:
        """Replace a field's text."""
        line = self.line(column)
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
