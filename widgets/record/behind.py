"""The rows behind a figure of a pivot or a point of a chart, in its place: a grid whose rows are shown whole as any."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from kernel.tables.outline.condition import group_filter, joined
from kernel.words import say
from layouts.node import Formula, Node
from widgets.context import RowsBehind
from widgets.grid import Grid
from widgets.record.cover import Cover
from widgets.record.surroundings import inner


class RowsOver(Cover):
    """Covers a view of figures until it is closed.

    Args:
        view: The pivot or chart.
        behind: Which rows.
    """

    def __init__(self, view: Any, behind: RowsBehind) -> None:
        super().__init__(view)
        self.setObjectName("rows-over")
        theme = behind.context.theme
        self.grid = _grid_of(behind, self)
        title, close = QLabel(behind.title, self), QToolButton(self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setFont(theme.font("heading"))
        close.setIcon(theme.icon("close"))
        close.setToolTip(say("Back to the figures (Escape)"))
        close.setAccessibleName(say("Back to the figures"))
        close.setAutoRaise(True)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.close_over)
        line, column = QHBoxLayout(), QVBoxLayout(self)
        line.addWidget(title, 1)
        line.addWidget(close)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("tight"))
        column.addLayout(line)
        column.addWidget(self.grid, 1)
        self.appear()
        self.focus_first()

    def focus_first(self) -> None:
        """Go to the rows."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_over(self) -> None:
        """Go back to the figures; a cell that is being typed is written first."""
        if self.grid.has_edits() and not self.grid.editing.accept():
            return
        self.give_back()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape leads back, when the grid has no use for it."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.close_over()
        else:
            super().keyPressEvent(event)


def _grid_of(behind: RowsBehind, parent: RowsOver) -> Grid:
    text, parameters = group_filter(behind.handle.schema, behind.keys, [behind.values])
    context = inner(behind.context, {"rows": behind.handle})
    for name, value in {**behind.parameters, **parameters}.items():
        context.scope.publish(name, value)
    whole = joined(behind.filter, text)
    properties: dict[str, Any] = {
        "table": "rows",
        "name": behind.title,
        "empty": say("No row stands behind this any more"),
    }
    if whole:
        properties["filter"] = Formula(whole, tuple({**behind.parameters, **parameters}))
    return Grid(Node("grid", "", properties), context, parent)
