"""What a view says when it has no rows to show: empty, error, offline; icon, title, hint, and Retry where it helps."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.words import capital, say

#: Below this height the icon goes, below the other one the hint too, in pixels.
ROOM_FOR_ICON, ROOM_FOR_HINT = 190, 84
#: Side of the icon and of the disk it stands on, in pixels at 100 %.
ICON, DISK = 28, 64


class StateView(QWidget):
    """Covers the rows; ``retry`` when the person asks to try again."""

    retry = Signal()

    def __init__(self, parent: QWidget, theme: Any) -> None:
        super().__init__(parent)
        self._theme = theme
        #: What was said last, with its tone and whether it can be tried again.
        self._said: tuple[str, str, str, str, bool] | None = None
        theme.changed.connect(self._dress)
        self._is_made = False
        self.hide()

    def __getattr__(self, name: str) -> Any:
        """The parts, made when something is said: most views never say anything."""
        if name not in ("icon", "title", "hint", "button"):
            raise AttributeError(f"{type(self).__name__} has no {name}")
        self._make_parts()
        return self.__dict__[name]

    def _make_parts(self) -> None:
        self._is_made = True
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        layout.addStretch(2)
        self.icon, self.title, self.hint = QLabel(self), QLabel(self), QLabel(self)
        self.button = QPushButton(say("Try again"), self)
        self.button.clicked.connect(self.retry)
        for label in (self.icon, self.title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label is not self.icon)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.icon.setFixedSize(DISK, DISK)
        layout.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.hint)
        layout.addSpacing(6)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)

    def say(self, icon: str, title: str, hint: str = "", *, tone: str = "muted", can_retry: bool = False) -> None:
        """Show a state; what follows the title's first sentence joins the hint."""
        theme, self._said = self._theme, (icon, title, hint, tone, can_retry)
        title, _, rest = title.partition(". ")
        title, hint = title.rstrip("."), f"{rest} {hint}".strip()
        self.icon.setPixmap(theme.icon(icon, tone).pixmap(QSize(ICON, ICON), self.devicePixelRatioF()))
        ground = theme.color("error-soft" if tone == "error" else "fill").name()
        self.icon.setStyleSheet(f"background: {ground}; border-radius: {DISK // 2}px")
        self.title.setText(title)
        self.hint.setText(capital(hint))
        self._show_parts()
        self.button.setVisible(can_retry)
        muted = theme.color("muted").name()
        self.hint.setStyleSheet(f"color: {muted}; background: transparent")
        self.title.setStyleSheet(f"color: {theme.color('text').name()}; background: transparent")
        # After the style sheets, which set fonts anew.
        self.title.setFont(theme.font("heading"))
        self.hint.setFont(theme.font("body"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not can_retry)
        self.setAccessibleName(f"{title}. {hint}".strip())
        self.show()
        self.raise_()

    def _dress(self) -> None:
        """Take the colours of another theme."""
        if self._said is not None and not self.isHidden():
            icon, title, hint, tone, can_retry = self._said
            self.say(icon, title, hint, tone=tone, can_retry=can_retry)

    def _show_parts(self) -> None:
        self.icon.setVisible(self.height() >= ROOM_FOR_ICON)
        self.hint.setVisible(bool(self.hint.text()) and self.height() >= ROOM_FOR_HINT)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """In small views only the words stay."""
        super().resizeEvent(event)
        if self._is_made:
            self._show_parts()
