"""Inlay hints: types and names of parameters, drawn behind the lines that they belong to. An option, off at first.

Scintilla has no place for them within a line, so they stand at its end, in a widget over the text; clicks go through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from plugins.api import option, watch_option
from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.places import range_of
from plugins.scintilla.language_client.protocol import InlayHint

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

OPTION = "scintilla.inlay-hints"
#: A pause, in ms, before hints of what is in sight are asked for; lines around it; letters of a line's hints.
PAUSE_MS, AROUND, LETTERS = 400, 40, 120


class Inlays(QObject):
    """The hints of one text.

    Attributes:
        texts: Line → what stands behind it.
    """

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        self.texts: dict[int, str] = {}
        self._sheet: _Sheet | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._is_on = bool(option(OPTION))
        self._unwatch = watch_option(OPTION, self._switch)
        self._code.moved.connect(self._hear)
        self._code.edited.connect(self._hear)

    def start(self) -> None:
        """Ask after a pause."""
        if self._is_on:
            self._pause.start()

    def end(self) -> None:
        """The text is served no more."""
        self._unwatch()
        self._pause.stop()
        self._code.moved.disconnect(self._hear)
        self._code.edited.disconnect(self._hear)
        self._show({})

    def look(self) -> None:
        """Ask for those of the lines in sight, now."""
        code, server = self._code, self._served.able("inlayHintProvider")
        if server is None or not self._is_on:
            self._show({})
            return
        send = code.send
        first = send(SCI.SCI_DOCLINEFROMVISIBLE, send(SCI.SCI_GETFIRSTVISIBLELINE))
        last = min(first + send(SCI.SCI_LINESONSCREEN) + AROUND, code.line_count - 1)
        part = range_of(code, code.line_start(max(first - AROUND, 0)), code.line_stop(last), server.encoding)
        self._served.ask(
            "inlay", server, "textDocument/inlayHint", {"range": part}, list[InlayHint] | None,
            lambda found: self._show(_by_line(found or [])),
        )  # fmt: skip

    def _hear(self) -> None:
        if self._is_on:
            self._pause.start()

    def _switch(self, is_on: bool) -> None:
        self._is_on = bool(is_on)
        self._pause.start() if self._is_on else self._show({})

    def _show(self, texts: dict[int, str]) -> None:
        self.texts = texts
        if texts and self._sheet is None and self._code.host.is_alive:
            self._sheet = _Sheet(self._served)
        if self._sheet is not None and isValid(self._sheet):
            self._sheet.texts = texts
            self._sheet.setVisible(bool(texts))
            self._sheet.update()
            if not texts:
                self._sheet.deleteLater()
                self._sheet = None


def _by_line(hints: list[InlayHint]) -> dict[int, str]:
    """What stands behind each line; the hints of one in their order."""
    found: dict[int, list[str]] = {}
    for one in sorted(hints, key=lambda one: one.position.character):
        label = one.label if isinstance(one.label, str) else "".join(part.value for part in one.label)
        found.setdefault(one.position.line, []).append(label.strip())
    return {line: "  ".join(filter(None, labels))[:LETTERS] for line, labels in found.items()}


class _Sheet(QWidget):
    """Draws them over the text; keys and mouse go through."""

    def __init__(self, served: ServedText) -> None:
        self._view = served.code.host.view
        super().__init__(self._view.viewport())
        self._code, self._theme = served.code, served.pane.theme
        self.texts: dict[int, str] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(self._view.viewport().rect())
        self._code.moved.connect(self._follow)
        self._view.viewport().installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """It is as large as the text."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.viewport().rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The hints of the lines in sight."""
        send, painter = self._code.send, QPainter(self)
        font = self._theme.font("mono")
        font.setPixelSize(max(1, round(font.pixelSize() * 0.9)))
        painter.setFont(font)
        painter.setPen(self._theme.color("muted"))
        metrics, height = QFontMetrics(font), send(SCI.SCI_TEXTHEIGHT, 0)
        gap = metrics.horizontalAdvance("00")
        for line, text in self.texts.items():
            if line >= self._code.line_count or not send(SCI.SCI_GETLINEVISIBLE, line):
                continue
            stop = self._code.line_stop(line)
            y = send(SCI.SCI_POINTYFROMPOSITION, 0, stop)
            if -height < y < self.height():
                x = send(SCI.SCI_POINTXFROMPOSITION, 0, stop) + gap
                painter.drawText(x, y + (height + metrics.ascent() - metrics.descent()) // 2, text)

    def _follow(self) -> None:
        self.setGeometry(self._view.viewport().rect())
        self.update()
