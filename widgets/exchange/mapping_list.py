"""The columns of a file, each with the column of the table that takes its values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from kernel.tables.exchange.mapping import Pair
from kernel.tables.schema import Schema, title_of
from kernel.words import say
from widgets.theme import Theme

#: Lines that are seen before the list scrolls, those of a low window, and letters of a name that are.
_LINES, _FEWEST, _LETTERS = 6, 2, 40


class MappingList(QScrollArea):
    """A line for each column of the file; a column of the table goes with one line at most."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._boxes: list[tuple[str, QComboBox]] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(0)

    def sizeHint(self) -> QSize:  # Qt's name
        """As high as its lines, where there is room."""
        return QSize(200, self.maximumHeight())

    def pairs(self) -> list[Pair]:
        """What goes where, as it stands."""
        return [Pair(name, box.currentData()) for name, box in self._boxes if box.currentData()]

    def fill(self, given: Schema, into: Schema, pairs: Sequence[Pair]) -> None:
        """Show the columns of a file with the pairs that are suggested."""
        chosen = {pair.given: pair.column for pair in pairs}
        inner = QWidget(self)
        inner.setProperty("panel", "clear")
        lines = QGridLayout(inner)
        lines.setContentsMargins(0, 0, self._theme.space("normal"), 0)
        lines.setHorizontalSpacing(self._theme.space("wide"))
        lines.setVerticalSpacing(self._theme.space("tight"))
        lines.setColumnStretch(1, 1)
        self._boxes = []
        for row, column in enumerate(given.columns):
            label, box = QLabel(_short(column.name), inner), self._box(into, column.name, inner)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setToolTip(column.name)
            box.setCurrentIndex(max(box.findData(chosen.get(column.name, "")), 0))
            box.currentIndexChanged.connect(lambda _index, box=box: self._take(box))
            lines.addWidget(label, row, 0)
            lines.addWidget(box, row, 1)
            self._boxes.append((column.name, box))
        self.setWidget(inner)
        line = self._theme.height("control") + self._theme.space("tight")
        self.setMinimumHeight(line * min(len(self._boxes), _FEWEST))
        self.setMaximumHeight(line * min(len(self._boxes), _LINES))

    def _box(self, into: Schema, name: str, parent: QWidget) -> QComboBox:
        box = QComboBox(parent)
        box.setAccessibleName(say("Column for {name}", name=name))
        box.addItem(say("— leave out —"), "")
        for column in into.columns:
            if not column.is_generated:
                box.addItem(column.label or title_of(column.name), column.name)
                box.setItemData(box.count() - 1, column.name, Qt.ItemDataRole.ToolTipRole)
        return box

    def _take(self, chosen: QComboBox) -> None:
        for _, box in self._boxes:
            if box is not chosen and chosen.currentData() and box.currentData() == chosen.currentData():
                box.blockSignals(True)
                box.setCurrentIndex(0)
                box.blockSignals(False)
        self.changed.emit()


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
