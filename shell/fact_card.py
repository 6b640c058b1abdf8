"""A card over the window that tells facts: a heading with keys, a sentence, and rows of name and value."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from kernel.words import say
from shell.fact import Fact
from widgets.overlay import Overlay

if TYPE_CHECKING:
    from shell.window import Window

_WIDTH = 620
_CLEAR = "#overlay-card, QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"


class FactCard(Overlay):
    """Tells what it is given; Escape or Return closes it."""

    def __init__(self, window: Window, name: str) -> None:
        super().__init__(window, window.theme, _WIDTH, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop)
        inside = QWidget(self.card)
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(*[window.theme.space("page")] * 4)
        rows.addWidget(self._label)
        self._area = QScrollArea(self.card)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self.column.addWidget(self._area)
        self._told: tuple[str, str, list[Fact], str] = ("", "", [], "")
        self.theme.changed.connect(self._show)

    @property
    def text(self) -> str:
        """Everything that it says, a line each, as a screen reader reads it."""
        head, sentence, facts, foot = self._told
        rows = (" ".join(filter(None, (f"{fact.name}:", fact.value, fact.note))) for fact in facts)
        return "\n".join(filter(None, (head, sentence, *rows, foot)))

    def tell(self, head: str, sentence: str, facts: list[Fact], foot: str = "") -> None:
        """Take what is told: a heading, a sentence below it, rows, and a line at the end."""
        self._told = head, sentence, facts, foot or say("Esc closes")
        self._show()
        self._announce()

    def _show(self) -> None:
        head, sentence, facts, foot = self._told
        color, fonts = self.theme.color, self.theme.font
        muted, line = color("muted").name(), color("line").name()
        rows = "".join(
            f"<tr><td width='24%' style='color:{muted}; padding:5px 18px 5px 0'>{escape(fact.name)}</td>"
            f"<td style='padding:5px 0; color:{color(fact.tone).name()}'>{escape(fact.value)}"
            + (f"<br><span style='color:{muted}'>{escape(fact.note)}</span>" if fact.note else "")
            + "</td></tr>"
            for fact in facts
        )
        size = round(fonts("body").pixelSize() * 1.3)
        self._label.setFont(fonts("body"))
        self._label.setText(
            f"<p style='font-size:{size}px; font-weight:600; color:{color('text').name()}; margin:0'>{escape(head)}</p>"
            f"<p style='color:{muted if facts else color('text').name()}; margin:6px 0 10px 0'>{escape(sentence)}</p>"
            f"<table cellspacing='0' width='100%'>{rows}</table>"
            f"<p style='color:{muted}; margin:12px 0 0 0; border-top:1px solid {line}'>{escape(foot)}</p>"
        )
        self.card.setStyleSheet(_CLEAR)
        margin = 2 * self.theme.space("page")
        width = min(_WIDTH, self.parentWidget().width() - 2 * self.theme.space("wide")) - margin
        self._area.setFixedHeight(self.room_for(self._label.heightForWidth(width) + margin, 140))
        if not self.isHidden():
            self.fit()

    def _announce(self) -> None:
        self.setAccessibleDescription(self.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Return closes as Escape does; the arrows scroll."""
        bar, step = self._area.verticalScrollBar(), self._label.fontMetrics().height() * 2
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_card()
            event.accept()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            bar.setValue(bar.value() + (step if event.key() == Qt.Key.Key_Down else -step))
            event.accept()
        else:
            super().keyPressEvent(event)
