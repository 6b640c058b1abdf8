"""The row of boxes below the headings, one for each column: what is typed filters the column.

The language is that of ``kernel.tables.quick_filter``. A box whose text is no filter says why, and the filter that was
in force stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QBrush, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from kernel.error import EspalierError
from kernel.tables.quick_filter import Reading, name_text, parse_quick
from kernel.words import say, say_again
from widgets.editor.moment import read_date
from widgets.format import signs
from widgets.grid.bubble import Bubble
from widgets.repolish import repolish

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: From the last key to the new filter, in ms; room around a box, in pixels.
DELAY_MS, GAP = 250, 3
#: Column type → what an empty box says.
HINTS = {
    "integer": ">5", "decimal": ">5", "real": ">5", "date": "2026-03", "datetime": "2026-03", "time": ">9:30",
    "boolean": "yes", "blob": "!null",
}  # fmt: skip


def kind_of(column: GridColumn) -> str:
    """The type that a box of the column reads: labels are texts, formulas anything."""
    if column.labelled is not None:
        return "text"
    return column.column.type if column.column is not None else "any" if column.computed else "text"


def column_name(column: GridColumn) -> str:
    """What expressions call what the column shows; empty when it cannot be filtered."""
    if column.computed is not None:
        return f"({column.computed.text})"
    return name_text(column.shown)


def words_filter(column: GridColumn, text: str) -> str:
    """The expression for words of choices that people read otherwise than they are stored; empty for other texts."""
    own, typed = column.column, text.strip().casefold()
    if own is None or not own.words or not typed:
        return ""
    found = [value for value, word in zip(own.choices, own.words, strict=False) if typed in word.casefold()]
    return f"{column_name(column)} in ({', '.join(map(repr, found))},)" if found else ""


class FilterBox(QLineEdit):
    """One column's box."""

    def __init__(self, row: FilterRow, column: GridColumn, parent: QWidget) -> None:
        super().__init__(parent)
        self._row, self.column = row, column
        self.setAccessibleName(say("Filter {label}", label=column.label))
        self.setToolTip("word, =x, <>x, >5, 5~10, /pattern/, null, !null")
        self.setProperty("invalid", "false")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.apply)
        self.textEdited.connect(lambda _text: self._timer.start())
        row.grid.context.theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        theme = self._row.grid.context.theme
        self.setFont(theme.font("body"))
        self.setStyleSheet(
            f"QLineEdit {{ min-height: 0; padding: 0 6px; border-radius: {theme.radius('small')}px;"
            f" border-color: {theme.color('line').name()} }}"
            f'QLineEdit:focus {{ padding: 0 5px; border-color: {theme.color("focus").name()} }}'
            f'QLineEdit[invalid="true"] {{ border-color: {theme.color("error").name()};'
            f" background: {theme.color('error-soft').name()} }}"
        )

    def apply(self) -> bool:
        """Filter by what is typed now; answers whether that is a filter."""
        self._timer.stop()
        problem = ""
        try:
            text = words_filter(self.column, self.text()) or parse_quick(
                self.text(), column_name(self.column), kind_of(self.column), self._row.reading
            )
            self._row.grid.filters.set_part(("row", self.column.id), text)
        except EspalierError as error:
            problem = say_again(error.message)
        self._row.say(self, problem)
        return not problem

    def show_hint(self) -> None:
        """Say in an empty box what can be typed, where there is room for it."""
        hint = HINTS.get(kind_of(self.column), "contains")
        has_room = self.fontMetrics().horizontalAdvance(hint) + 20 <= self.width()
        self.setPlaceholderText(hint if has_room else "")

    def set_problem(self, text: str) -> None:
        """Look wrong, or right again; a screen reader hears why."""
        self.setProperty("invalid", "true" if text else "false")
        self.setAccessibleDescription(text)
        repolish(self)

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Escape is the box's while there is something to clear."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape clears, then leaves; Return filters at once; Down goes into the rows; Tab to the next box."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self.apply()
            else:
                self._row.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        elif key == Qt.Key.Key_Down:
            if self.apply():
                self._row.leave()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        """The column of the box is the current one."""
        super().focusInEvent(event)
        self._row.enter(self)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # Qt's name
        """Tab goes along the columns, those out of sight too."""
        return self._row.step(self, 1 if is_next else -1) or super().focusNextPrevChild(is_next)


class FilterRow(QWidget):
    """The boxes; each is made when its column comes into sight.

    Attributes:
        boxes: Column id → box.
    """

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.reading = Reading(signs().point, signs().group, read_date)
        self.boxes: dict[str, FilterBox] = {}
        #: What scrolls, cut off where the frozen columns end.
        self._scrolled = QWidget(self)
        self._bubble: Bubble | None = None
        self.setAccessibleName(say("Filters of the columns"))
        grid.filters.changed.connect(self._take_filters)

    def band_height(self) -> int:
        """See ``band``."""
        return self.grid.context.theme.height("control") + GAP

    def follow(self) -> None:
        """Stand below the columns, wherever they are."""
        grid, height = self.grid, self.band_height() - 2 * GAP
        moving = grid.places.moving_part(self.height())
        self._scrolled.setGeometry(moving)
        gone = set(self.boxes) - {column.id for column in grid.columns}
        for name in gone:
            self.boxes.pop(name).deleteLater()
        for index, column in enumerate(grid.columns):
            left, is_frozen = grid.places.column_left(index), index < grid.frozen
            part = grid.places.part_of(index, self.height())
            is_seen = left + column.width > part.left() and left <= part.right()
            if not is_seen and column.id not in self.boxes:
                continue
            box = self._box(column)
            parent = self if is_frozen else self._scrolled
            if box.parentWidget() is not parent:
                box.setParent(parent)
            begin = left - (0 if is_frozen else moving.left()) + GAP
            box.setGeometry(QRect(begin, GAP, column.width - 2 * GAP, height))
            box.setVisible(is_seen)
            box.show_hint()
        self.update()

    def focus_column(self, index: int) -> None:
        """Go to the box of a column, bringing it into sight."""
        grid = self.grid
        if grid.current.row >= 0:
            grid.places.scroll_to(grid.current.row, index)
        self.follow()
        box = self._box(grid.columns[index])
        box.show()
        box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        box.selectAll()

    def step(self, box: FilterBox, by: int) -> bool:
        """Go to the next box; False at either end."""
        at = next((index for index, column in enumerate(self.grid.columns) if column.id == box.column.id), -1) + by
        if not 0 <= at < len(self.grid.columns):
            return False
        self.focus_column(at)
        return True

    def leave(self) -> None:
        """Go into the rows, at the column of the box."""
        self.say(None, "")
        self.grid.setFocus(Qt.FocusReason.TabFocusReason)

    def enter(self, box: FilterBox) -> None:
        """A box has the focus: its column is the current one."""
        at = next((index for index, column in enumerate(self.grid.columns) if column is box.column), -1)
        if at >= 0 and at != self.grid.current.column:
            self.grid.current.column = at
            self.grid.update_all()

    def say(self, box: FilterBox | None, text: str) -> None:
        """Say below a box what is wrong with its text; an empty text takes that back."""
        if box is not None:
            box.set_problem(text)
        if text and box is not None:
            if self._bubble is None:
                self._bubble = Bubble(self.grid, self.grid.context.theme)
            place = QRect(box.mapTo(self.window(), QPoint(0, 0)), box.size())
            self._bubble.say(place, text, takes_focus=False)
        elif self._bubble is not None:
            self._bubble.hide()

    def clear(self) -> None:
        """Empty every box."""
        for box in self.boxes.values():
            box.clear()
            box.set_problem("")
        self.say(None, "")

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings, and the line below."""
        painter, look = QPainter(self), self.grid.look
        painter.fillRect(event.rect(), QBrush(look.colors["sunken"]))
        painter.setPen(look.pens["line"])
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _box(self, column: GridColumn) -> FilterBox:
        if column.id not in self.boxes:
            self.boxes[column.id] = FilterBox(self, column, self._scrolled)
        box = self.boxes[column.id]
        box.column = column
        return box

    def _take_filters(self) -> None:
        """Filters that were dropped elsewhere leave empty boxes."""
        for name, box in self.boxes.items():
            is_typing = box.hasFocus() or box.property("invalid") == "true"
            if box.text() and not is_typing and ("row", name) not in self.grid.filters.parts:
                box.clear()


def toggle(grid: Grid) -> None:
    """Show the row and go into it; when the focus is there, or it is empty and shown, hide it."""
    row = grid.bands.get("filters")
    if row is None or row.isHidden():
        show(grid).focus_column(grid.current.column)
        return
    if row.isAncestorOf(grid.window().focusWidget() or grid):
        row.leave()
        if not any(box.text() for box in row.boxes.values()):
            _hide(grid, row)
        return
    row.focus_column(grid.current.column)


def hide(grid: Grid) -> None:
    """Take the row away, and with it what it filters by."""
    row = grid.bands.get("filters")
    if row is not None and not row.isHidden():
        row.clear()
        for owner in [owner for owner in grid.filters.parts if owner[0] == "row"]:
            grid.filters.set_part(owner, "")
        row.leave()
        _hide(grid, row)


def show(grid: Grid, *, is_kept: bool = True) -> FilterRow:
    """Show the row; the person's choice is remembered unless the layout made it."""
    row = grid.bands.get("filters")
    if row is None:
        row = FilterRow(grid)
    row.show()
    grid.bands.put("filters", row)
    if is_kept:
        grid.arrangement.overlay.has_filters = True
        grid.arrangement.keep()
    return row


def is_shown(grid: Grid) -> bool:
    """Whether the row is on screen."""
    row = grid.bands.get("filters")
    return row is not None and not row.isHidden()


def _hide(grid: Grid, row: FilterRow) -> None:
    row.hide()
    grid.bands.place()
    grid.arrangement.overlay.has_filters = False
    grid.arrangement.keep()
