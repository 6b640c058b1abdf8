"""The kind ``git-log``: the table ``log`` in a grid, its history drawn as lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.api import Context, Node, say

#: Column → how a grid shows it.
_COLUMNS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("graph", {"as": "lanes", "width": 90}),
    ("summary", {"width": 440}),
    ("references", {"width": 150}),
    ("author", {"width": 150}),
    ("date", {"width": 170}),
    ("id", {"width": 100}),
)
#: Properties that are the grid's own.
_HANDED = ("table", "filter", "activate", "empty")


class LogView(QWidget):
    """A grid of the log, with the columns that people look for first; all that a grid can do, it can do.

    Attributes:
        grid: The grid.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        shows = [Node("show", "", {"column": name, **properties}, where=node.where) for name, properties in _COLUMNS]
        kept = {name: value for name, value in node.properties.items() if name in _HANDED}
        properties = {"empty": say("There is no commit yet."), **kept, "editable": False}
        # The grid has the node's id, so that layouts say commits.current.id of it.
        self.grid = context.build(Node("grid", node.id, properties, shows, node.where), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.setFocusProxy(self.grid)

    def show_version(self, version: str, otherwise: Callable[[], Any]) -> None:
        """Go to a commit, and into the grid.

        Args:
            version: The commit's id.
            otherwise: Called where the table has no such commit.
        """
        grid = self.grid

        def take(answer: Any) -> None:
            if answer is None or isinstance(answer, Exception):
                otherwise()
            else:
                grid.go_to((version,))
                grid.setFocus(Qt.FocusReason.OtherFocusReason)

        grid.handle.locate(grid.rows.query(), (version,), take)
