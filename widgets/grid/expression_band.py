"""The band above the headings with the filter expression, its problem below it, and the saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from kernel.error import EspalierError
from kernel.expression import ExpressionError
from kernel.words import say, say_again
from widgets.grid.expression_check import check_filter, told
from widgets.grid.expression_line import ExpressionLine
from widgets.repolish import repolish

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Whose part of the grid's filters it is; from the last key to the check, in ms.
OWNER, CHECK_MS = ("expression", ""), 700


class ExpressionBand(QWidget):
    """Return filters; Escape closes the list of offers, then goes into the rows, taking an empty band away."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        #: Where in the text the problem is.
        self._offset = 0
        theme = grid.context.theme
        self.line = ExpressionLine(grid, self)
        self.line.setProperty("invalid", "false")
        self.line.keyPressEvent = self._line_key  # type: ignore[method-assign]
        self.line.textEdited.connect(self._take_text)
        self.problem = QLabel(self)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        theme.changed.connect(self._dress)
        self._dress()
        self.saved = self._button("star", say("Saved filters (Alt+S)"), lambda: grid.use("saved-filters"))
        self.shut = self._button("close", say("Clear and close"), self.clear)
        layout = QGridLayout(self)
        layout.setContentsMargins(theme.space("normal"), 4, theme.space("tight"), 4)
        layout.setHorizontalSpacing(theme.space("tight"))
        layout.setVerticalSpacing(2)
        for column, part in enumerate((self.line, self.saved, self.shut)):
            layout.addWidget(part, 0, column)
        layout.addWidget(self.problem, 1, 0, 1, 3)
        layout.setColumnStretch(0, 1)
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(CHECK_MS)
        self._check.timeout.connect(self.is_right)
        self.setAccessibleName(say("Filter expression"))
        grid.filters.changed.connect(self._take_filters)

    def _dress(self) -> None:
        color = self._grid.context.theme.color("error").name()
        self.problem.setStyleSheet(f"color: {color}; background: transparent")

    def band_height(self) -> int:
        """See ``band``."""
        theme = self._grid.context.theme
        return theme.height("control") + 8 + (self.problem.sizeHint().height() + 2 if self._has_problem() else 0)

    def open(self) -> None:
        """Go into the line."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def set_text(self, text: str) -> bool:
        """Filter by an expression from elsewhere; answers whether it is one."""
        self.line.setText(text)
        return self.apply()

    def is_right(self) -> bool:
        """Check what is typed; what is wrong is said, and nothing is filtered."""
        text, schema = self.line.text().strip(), self._grid.handle.schema
        try:
            if text and schema is not None:
                check_filter(self.line.text(), schema)
        except ExpressionError as error:
            self._say(told(error))
            self._offset = error.offset
            return False
        self._say("")
        return True

    def apply(self) -> bool:
        """Filter by what is typed; answers whether that is a filter."""
        self._check.stop()
        if not self.is_right():
            self.line.setCursorPosition(self._offset)
            return False
        try:
            self._grid.filters.set_part(OWNER, self.line.text().strip())
        except EspalierError as error:
            self._say(say_again(error.message))
            return False
        return True

    def clear(self) -> None:
        """Filter by nothing here, and go."""
        self.line.clear()
        self.apply()
        self._leave()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings."""
        painter, look = QPainter(self), self._grid.look
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setPen(look.pens["line"])
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _line_key(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.line.take_key(event):
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        elif key == Qt.Key.Key_Down:
            if self.apply():
                self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.modifiers() == Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            ExpressionLine.keyPressEvent(self.line, event)

    def _leave(self) -> None:
        """Into the rows; a band that says nothing goes."""
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.line.text().strip():
            self._say("")
            self.hide()
            self._grid.bands.place()

    def _take_text(self, _text: str) -> None:
        if self._has_problem():
            self._say("")
        self._check.start()

    def _take_filters(self) -> None:
        """The filters were cleared elsewhere."""
        if self.line.text() and OWNER not in self._grid.filters.parts and not self.line.hasFocus():
            self.line.clear()
            self._leave()

    def _has_problem(self) -> bool:
        return bool(self.problem.text())

    def _say(self, text: str) -> None:
        if text == self.problem.text():
            return
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.line.setAccessibleDescription(text)
        self.line.setProperty("invalid", "true" if text else "false")
        repolish(self.line)
        self._grid.bands.place()

    def _button(self, icon: str, tip: str, run: Any) -> QToolButton:
        button, theme = QToolButton(self), self._grid.context.theme
        button.setIcon(theme.icon(icon, "text"))
        button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.clicked.connect(run)
        return button


def open_line(grid: Grid) -> None:
    """Go to the line."""
    band(grid).open()


def band(grid: Grid) -> ExpressionBand:
    """The band, shown."""
    found = grid.bands.get("expression")
    if found is None:
        found = ExpressionBand(grid)
        grid.destroyed.connect(found.line.close_questions)
    found.show()
    grid.bands.put("expression", found)
    return found
