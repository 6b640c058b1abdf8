"""The bar above a pivot: keys of rows, keys of columns and figures as chips, each part with a button to add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from kernel.words import mark, say
from widgets.grid.group_band import Chip
from widgets.pivot.field import figure_choices, figure_title, key_choices, text_title

if TYPE_CHECKING:
    from widgets.pivot.pivot import Pivot

#: Room beside the parts, and above and below a line of them, in pixels.
MARGIN, ABOVE = 10, 3
#: Name of a part of the fields → what stands before it.
PARTS = {"rows": mark("Rows"), "columns": mark("Columns"), "figures": mark("Figures")}


class FieldPart(QWidget):
    """The chips of one part; a band of :class:`widgets.grid.group_band.Chip`.

    Args:
        name: The part of the fields.
    """

    def __init__(self, bar: FieldBar, name: str) -> None:
        super().__init__(bar)
        self._bar, self.name, self.grid = bar, name, bar.pivot.grid
        self.chips: list[Chip] = []
        theme = bar.pivot.context.theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.space("tight"))
        self._label = QLabel(say(PARTS[name]), self)
        self._row.addWidget(self._label)
        self.more = QPushButton("+", self)
        side = theme.height("control") - 6
        box = f"min-width: {side}px; max-width: {side}px; min-height: {side}px; max-height: {side}px"
        self.more.setStyleSheet(f"QPushButton {{ {box}; padding: 0 }}")
        self.more.setAccessibleName(say("Add to: {name}", name=say(PARTS[name])))
        self.more.setToolTip(say("Add to: {name}", name=say(PARTS[name])))
        self.more.clicked.connect(self.open_menu)
        self._row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    @property
    def items(self) -> tuple[Any, ...]:
        """The keys or figures."""
        return getattr(self._bar.pivot.fields, self.name)

    def take(self) -> None:
        """Show the fields as they are now."""
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        schema, items, theme = self._bar.pivot.handle.schema, self.items, self._bar.pivot.context.theme
        self._label.setStyleSheet(f"color: {theme.color('muted').name()}; background: transparent")
        is_figures = self.name == "figures"
        titles = [figure_title(one, schema) if is_figures else text_title(one.text, schema) for one in items]
        self.chips = [Chip(self, at, title, len(items)) for at, title in enumerate(titles)]
        for at, chip in enumerate(self.chips):
            chip.setAccessibleName(
                say(
                    "{part}: {text}, {place} of {number}",
                    part=say(PARTS[self.name]),
                    text=chip.text(),
                    place=at + 1,
                    number=len(items),
                )
            )
            self._row.insertWidget(at + 1, chip)
            chip.show()

    def set_items(self, items: tuple[Any, ...]) -> None:
        """Show other keys or figures from now on."""
        self._bar.pivot.show_fields(self._bar.pivot.fields._replace(**{self.name: items}))

    def take_focus(self, at: int) -> None:
        """Go to a chip, or to the button when there is none."""
        target = self.chips[min(max(at, 0), len(self.chips) - 1)] if self.chips else self.more
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go(self, at: int, step: int) -> None:
        """Go to the chip beside one, over the borders of the parts."""
        stops = [stop for part in self._bar.parts for stop in (*part.chips, part.more)]
        here = stops.index(self.chips[at])
        stops[min(max(here + step, 0), len(stops) - 1)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shift(self, at: int, step: int) -> None:
        """Give one another place; beyond the last of the rows it becomes a column, and back."""
        items, to = list(self.items), at + step
        if 0 <= to < len(items):
            items.insert(to, items.pop(at))
            self.set_items(tuple(items))
            self.take_focus(to)
        elif self.name != "figures":
            self._bar.hand_over(self, at, step)

    def drop(self, at: int, x: int) -> None:
        """A chip was dragged to there."""
        if x < 0 or x > self.width():
            self.shift(at, len(self.items) if x > 0 else -len(self.items))
            return
        to = sum(chip.geometry().center().x() < x for chip in self.chips if chip.at != at)
        if to != at:
            self.shift(at, to - at)

    def remove(self, at: int) -> None:
        """Take one away; a figure at least stays."""
        if self.name == "figures" and len(self.items) == 1:
            return
        self.set_items((*self.items[:at], *self.items[at + 1 :]))
        self.take_focus(at)

    def open_menu(self) -> None:
        """Choose what to add."""
        from widgets.grid.grouped import group_by

        pivot = self._bar.pivot
        schema, menu = pivot.handle.schema, QMenu(self)
        if schema is None:
            return
        used = {*pivot.fields.rows, *pivot.fields.columns, *pivot.fields.figures}
        choices: list[tuple[str, Any]] = list(figure_choices(schema)) if self.name == "figures" else [
            (title, group_by(text, schema)) for title, text in key_choices(schema)]  # fmt: skip
        for title, item in choices:
            action = menu.addAction(title)
            action.setEnabled(item not in used)
            action.triggered.connect(lambda _on=False, item=item: self.set_items((*self.items, item)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        menu.setActiveAction(next((action for action in menu.actions() if action.isEnabled()), None))


class FieldBar(QWidget):
    """All parts side by side, in as many lines as they need."""

    def __init__(self, pivot: Pivot) -> None:
        super().__init__(pivot)
        self.pivot = pivot
        self.setAccessibleName(say("Keys and figures"))
        theme = pivot.context.theme
        self._gap = theme.space("wide")
        self.parts = [FieldPart(self, name) for name in PARTS]
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.take)

    def take(self) -> None:
        """Show the fields as they are now."""
        for part in self.parts:
            part.take()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """Other parts fit beside each other."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Give each part its place, in the next line where it does not fit beside the one before."""
        room, x, y = max(self.width() - 2 * MARGIN, 1), 0, 0
        height = max(part.sizeHint().height() for part in self.parts)
        for part in self.parts:
            width = min(part.sizeHint().width(), room)
            if x and x + width > room:
                x, y = 0, y + height + ABOVE
            left = MARGIN + (room - x - width if self.isRightToLeft() else x)
            part.setGeometry(left, ABOVE + y, width, height)
            x += width + self._gap
        self.setFixedHeight(y + height + 2 * ABOVE)

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The ground of the headings below it."""
        QPainter(self).fillRect(event.rect(), QBrush(self.pivot.grid.look.colors["sunken"]))

    def hand_over(self, part: FieldPart, at: int, step: int) -> None:
        """A key of the rows becomes one of the columns, or back."""
        fields = self.pivot.fields
        own, other = ("rows", "columns") if part.name == "rows" and step > 0 else ("columns", "rows")
        if own != part.name:
            return
        items, others = list(getattr(fields, own)), list(getattr(fields, other))
        others.insert(0 if other == "columns" else len(others), items.pop(at))
        self.pivot.show_fields(fields._replace(**{own: tuple(items), other: tuple(others)}))
        next(one for one in self.parts if one.name == other).take_focus(0 if other == "columns" else len(others) - 1)
