"""What may follow the keys typed so far: a small card at the bottom of the window while a sequence is pending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from shell.key import Keys, format_keys

if TYPE_CHECKING:
    from shell.window import Window

_PART = "pending keys"


def show_pending(window: Window, count: int, keys: Keys) -> None:
    """Show what continues the keys; an empty sequence hides the card."""
    parts = window.cards.made
    if not keys and not count:
        if _PART in parts:
            parts[_PART].hide()
        return
    card = parts.setdefault(_PART, None) or PendingCard(window)
    parts[_PART] = card
    lines = [
        (format_keys(binding.keys[len(keys) :]), window.registry.title(binding.command))
        for binding in window.registry.keymap.continuations(keys, *window.key_context())
    ]
    card.show_lines(f"{count or ''} {format_keys(keys)}".strip(), lines if keys else [])


class PendingCard(QWidget):
    """The prefix as a heading, each continuation with its title."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._theme = window.theme
        self._head = ""
        self._lines: list[tuple[str, str]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_lines(self, head: str, lines: list[tuple[str, str]]) -> None:
        """Take the heading and the lines of (keys, title)."""
        self._head, self._lines = head, lines
        self.setAccessibleName(f"{head}: " + ", ".join(f"{keys} {title}" for keys, title in lines))
        metrics = QFontMetrics(self._theme.font("body"))
        height = (metrics.height() + 8) * (len(lines) + 1) + 20
        width = max([metrics.horizontalAdvance(f"{keys}    {title}") for keys, title in lines] + [160]) + 70
        parent = self.parentWidget()
        self.setGeometry(parent.width() - width - 18, parent.height() - height - 36, width, height)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The card."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color("raised"))
        painter.setPen(theme.color("line"))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, theme.radius("card"), theme.radius("card"))
        font = theme.font("body")
        step = QFontMetrics(font).height() + 8
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text"))
        painter.drawText(18, 10, self.width(), step, Qt.AlignmentFlag.AlignVCenter, f"{self._head} …")
        painter.setFont(font)
        wide = max((QFontMetrics(font).horizontalAdvance(keys) for keys, _ in self._lines), default=0)
        for index, (keys, title) in enumerate(self._lines, 1):
            painter.setPen(theme.color("accent"))
            painter.drawText(18, 10 + index * step, wide + 4, step, Qt.AlignmentFlag.AlignVCenter, keys)
            painter.setPen(theme.color("text"))
            left = 18 + wide + 16
            painter.drawText(left, 10 + index * step, self.width(), step, Qt.AlignmentFlag.AlignVCenter, title)
