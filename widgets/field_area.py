"""Where a form's fields stand: labels and editors in columns, as many as there is room for, scrolled up and down.

It places what it is given; it knows nothing of rows and edits.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from widgets.field import Field
from widgets.theme import Theme

#: Room that one column of fields asks for, in pixels, with columns=0.
FIELD_WIDTH = 340
#: Below this width, in pixels, labels stand above their fields.
NARROW = 240
_TOP = Qt.AlignmentFlag.AlignTop


class FieldArea(QScrollArea):
    """The fields of a form.

    Args:
        theme: Its lengths.
        is_wide: Whether a field takes the whole width.
        parent: The form.

    Attributes:
        body: What the parts are children of.
        columns: Fields side by side; 0 = as many as there is room for.
    """

    def __init__(self, theme: Theme, is_wide: Callable[[Field], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._is_wide = theme, is_wide
        self._parts: list[QWidget] = []
        self._is_narrow = False
        self.columns = 1
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QWidget(self)
        self._grid = QGridLayout(self.body)
        self._grid.setContentsMargins(0, 0, 0, theme.space("wide"))
        self._grid.setHorizontalSpacing(theme.space("wide"))
        self._grid.setVerticalSpacing(theme.space("normal"))
        self.setWidget(self.body)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Arrow keys with Alt are for what is around the form."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def show_parts(self, parts: list[QWidget]) -> None:
        """Place these, children of ``body``, in their order."""
        self._parts = parts
        self.place()

    def take_width(self, width: int) -> None:
        """The form got another width, in pixels."""
        was_narrow, self._is_narrow = self._is_narrow, width < NARROW
        if self.columns == 0 or was_narrow != self._is_narrow:
            self.place()

    def place(self) -> None:
        """Place the parts anew."""
        if not self._parts:
            return
        count = 1 if self._is_narrow else self.columns or max(self.parentWidget().width() // FIELD_WIDTH, 1)
        while self._grid.count():
            self._grid.takeAt(0)
        row = column = 0
        for part in self._parts:
            is_labelled = isinstance(part, Field) and part.label.parent() in (part, self.body)
            if is_labelled and self._is_narrow:
                part.hold_label()
                self._grid.addWidget(part, row, 0, 1, 2, _TOP)
                row += 1
            elif is_labelled:
                row, column = self._place_field(part, row, column, count)
            else:
                row = row + 1 if column else row
                self._grid.addWidget(part, row, 0, 1, 2 * count)
                row, column = row + 1, 0
        self._stretch(count, row)

    def _place_field(self, field: Field, row: int, column: int, count: int) -> tuple[int, int]:
        """Place a field with its label before it; answers the place behind it."""
        field.label.setParent(self.body)
        field.label.show()
        # As high as one line of input, so that label and value stand on one base line.
        field.label.setMinimumHeight(self._theme.height("control"))
        is_wide = count > 1 and self._is_wide(field)
        row, column = (row + 1, 0) if is_wide and column else (row, column)
        self._grid.addWidget(field.label, row, 2 * column, _TOP | Qt.AlignmentFlag.AlignLeading)
        self._grid.addWidget(field, row, 2 * column + 1, 1, 2 * count - 1 if is_wide else 1, _TOP)
        column += count if is_wide else 1
        return (row + 1, 0) if column == count else (row, column)

    def _stretch(self, count: int, rows: int) -> None:
        """Let the editors take the width, and what is below the last row the height."""
        for index in range(2 * max(count, self._grid.columnCount() // 2)):
            self._grid.setColumnStretch(index, 1 if index % 2 and index < 2 * count else 0)
        for index in range(rows + 2):
            self._grid.setRowStretch(index, 0)
        self._grid.setRowStretch(rows + 1, 1)
