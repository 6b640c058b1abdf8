"""The keys pressed so far and, after a moment, what may follow them: a card at the bottom of the window.

It takes neither the focus nor the pointer, and goes with the sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kernel.words import say_count
from shell.continuation import Line, continuation_lines
from shell.key import Keys, format_keys
from shell.pending_place import Cell, Placed, flow

if TYPE_CHECKING:
    from shell.window import Window

_PART = "pending keys"
_SHADOW_STEPS, _SHADOW_ALPHA = 14, 3


def show_pending(window: Window, count: int, keys: Keys) -> None:
    """Show the count and the keys at once and what continues them after a moment; without either, hide the card."""
    parts = window.cards.made
    if not keys and not count:
        if _PART in parts:
            parts[_PART].leave()
        return
    if _PART not in parts:
        parts[_PART] = PendingCard(window)
    parts[_PART].tell(count, keys)


def show_own(window: Window, typed: str, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """The same for a widget with keys of its own: what it waits behind, and what may follow; nothing hides the card."""
    parts = window.cards.made
    if not rows:
        if _PART in parts:
            parts[_PART].leave()
        return
    if _PART not in parts:
        parts[_PART] = PendingCard(window)
    parts[_PART].tell_own(typed, title, [Line(key, name, "", name.endswith("…")) for key, name in rows])


class PendingCard(QWidget):
    """The keys as a heading; below it, in columns, what each further key does.

    Attributes:
        lines: What may follow; none until the moment is over.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._theme = window, window.theme
        self._keys: Keys = ()
        self._head: list[str] = []
        self._title = ""
        self.lines: list[Line] = []
        self._own: list[Line] = []
        self._placed, self._caps = Placed([], 0, 0, 0), 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._open)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._theme.changed.connect(self._place)

    def tell(self, count: int, keys: Keys) -> None:
        """Take what was pressed; a card that is open follows at once."""
        self._keys, self._own = keys, []
        self._head = [*([str(count)] if count else []), *(format_keys((chord,)) for chord in keys)]
        self._title = self._window.registry.keymap.title_of(keys) if keys else ""
        if self.lines or not keys:
            self._open()
            return
        self._place()
        self._timer.start(self._window.session.config["keys.help_delay"])

    def tell_own(self, typed: str, title: str, lines: list[Line]) -> None:
        """Take what a widget waits behind; a card that is open follows at once."""
        self._keys, self._head, self._title, self._own = (), [typed], title, lines
        if self.lines:
            self._open()
        else:
            self._timer.start(self._window.session.config["keys.help_delay"])

    def leave(self) -> None:
        """Nothing is pending any more."""
        self._timer.stop()
        self.lines, self._keys, self._head, self._own = [], (), [], []
        self.hide()

    def _open(self) -> None:
        window = self._window
        self.lines = self._own
        if self._keys:
            self.lines = continuation_lines(window.registry, self._keys, *window.keys.context())
        self._place()
        said = ", ".join(f"{line.key} {line.title}" for line in self.lines)
        self.setAccessibleName(f"{' '.join(self._head)}: {said}")
        if said:
            self._announce()

    def _announce(self) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleEvent

        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    # Where things stand

    def _place(self) -> None:
        if not self._head:
            return
        theme, whole = self._theme, self._window.rect()
        inset, margin = theme.space("wide"), theme.space("wide")
        step = self._step()
        self._caps = max((self._cap_width(line.key) for line in self.lines), default=0)
        room = QRect(0, 0, whole.width() - 2 * (inset + margin), whole.height() * 3 // 5 - step)
        self._placed = flow(self.lines, self._line_width, room.width(), max(room.height() // step, 2))
        width = max(self._placed.columns * self._placed.width, self._head_width()) + 2 * inset
        rows = self._placed.rows + (1 if self.lines else 0)
        height = step * rows + theme.space("normal") * 2 + (theme.space("normal") if self.lines else step)
        left = (whole.width() - width) // 2
        self.setGeometry(left - _SHADOW_STEPS, whole.height() - height - margin - _SHADOW_STEPS,
                         width + 2 * _SHADOW_STEPS, height + 2 * _SHADOW_STEPS)  # fmt: skip
        self.show()
        self.raise_()
        self.update()

    def _step(self) -> int:
        return QFontMetrics(self._theme.font("body")).height() + self._theme.space("normal")

    def _line_width(self, line: Line) -> int:
        metrics, gap = QFontMetrics(self._theme.font("body")), self._theme.space("normal")
        title = min(metrics.horizontalAdvance(_shown(line)), metrics.averageCharWidth() * 44)
        return self._caps + gap + title + 3 * gap

    def _cap_width(self, key: str) -> int:
        metrics = QFontMetrics(self._theme.font("caption"))
        return max(metrics.horizontalAdvance(key) + 2 * self._theme.space("tight") + 4, metrics.height() + 6)

    def _head_width(self) -> int:
        caps = sum(self._cap_width(key) + self._theme.space("tight") for key in self._head)
        title = QFontMetrics(self._theme.font("strong")).horizontalAdvance(self._head_title())
        return caps + title + self._theme.space("normal")

    def _head_title(self) -> str:
        return self._title or ("…" if self._keys or self._own else "×")

    # What is painted

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The shadow, the card, its head, its lines."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(*[_SHADOW_STEPS] * 2, *[-_SHADOW_STEPS] * 2)
        radius = theme.radius("card")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, _SHADOW_ALPHA))
        for at in range(_SHADOW_STEPS):
            painter.drawRoundedRect(area.adjusted(-at, -at + 3, at, at), radius + at, radius + at)
        painter.setBrush(theme.color("raised"))
        painter.setPen(theme.color("line"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        inset, step = theme.space("wide"), self._step()
        left, top = int(area.left()) + inset, int(area.top()) + theme.space("normal")
        self._paint_head(painter, QRect(left, top, int(area.width()) - 2 * inset, step))
        if self.lines:
            top += step + theme.space("normal") // 2
            painter.setPen(theme.color("line"))
            painter.drawLine(int(area.left()) + 1, top, int(area.right()) - 1, top)
            for cell in self._placed.cells:
                at = QRect(left + cell.column * self._placed.width, top + 4 + cell.row * step, self._placed.width, step)
                self._paint_cell(painter, cell, at)

    def _paint_head(self, painter: QPainter, area: QRect) -> None:
        left = area.left()
        for key in self._head:
            left += self._paint_cap(painter, key, QRect(left, area.top(), self._cap_width(key), area.height()))
        painter.setFont(self._theme.font("strong"))
        painter.setPen(self._theme.color("text"))
        area.setLeft(left + self._theme.space("tight"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._head_title())

    def _paint_cell(self, painter: QPainter, cell: Cell, area: QRect) -> None:
        theme = self._theme
        if cell.line is None:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("muted"))
            text = cell.heading or say_count("and {count} more", "and {count} more", cell.left_out)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
            return
        line, gap = cell.line, theme.space("normal")
        self._paint_cap(painter, line.key, QRect(area.left(), area.top(), self._cap_width(line.key), area.height()))
        area.setLeft(area.left() + self._caps + gap)
        area.setRight(area.right() - 2 * gap)
        font = theme.font("body")
        painter.setFont(font)
        painter.setPen(theme.color("disabled" if line.is_off else "link" if line.is_prefix else "text"))
        text = QFontMetrics(font).elidedText(_shown(line), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cap(self, painter: QPainter, key: str, area: QRect) -> int:
        """A key's cap at the left of an area; answers how wide it is with what follows it."""
        theme, font = self._theme, self._theme.font("caption")
        height = QFontMetrics(font).height() + 4
        cap = QRectF(area.left(), area.center().y() - height / 2 + 1, area.width(), height)
        painter.setBrush(theme.color("sunken"))
        painter.setPen(theme.color("line"))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), theme.radius("small"), theme.radius("small"))
        painter.setPen(theme.color("text"))
        painter.setFont(font)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        return area.width() + theme.space("tight")


def _shown(line: Line) -> str:
    return f"{line.title} …" if line.is_prefix and not line.title.endswith("…") else line.title
