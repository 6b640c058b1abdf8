"""Inlay hints: types and names of parameters, drawn behind the lines that they belong to. An option, off at first.

Scintilla 3.10 has no room within a line that is not text: letters that were moved aside by a picture would no longer
be where the caret and the mouse find them. So hints stand at the line's end with the word that they are about, and a
small wedge below the letters marks each place. Both are drawn in a widget over the text; clicks go through.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from plugins.api import option, watch_option
from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.places import byte_of, range_of
from plugins.scintilla.language_client.protocol import InlayHint

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

OPTION = "scintilla.inlay-hints"
#: A pause, in ms, before hints of what is in sight are asked for; lines around it; letters of a line's hints.
PAUSE_MS, AROUND, LETTERS = 400, 40, 120
#: Letters of an argument that are repeated behind the line; half the width of a wedge at 100 %, in pixels.
ARGUMENT, WEDGE = 24, 2
#: The protocol's kind of a parameter's name.
_PARAMETER = 2
_WORD = re.compile(r"\w+$")
_ARGUMENT = re.compile(r"""(?:[^,()\[\]{}"']|"[^"]*"|'[^']*'|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})*""")


class Behind(NamedTuple):
    """The hints of one line.

    Attributes:
        text: What stands behind it.
        places: Where in the line each belongs, in bytes from its beginning.
    """

    text: str
    places: tuple[int, ...]


class Inlays(QObject):
    """The hints of one text.

    Attributes:
        shown: Line → its hints.
    """

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        self.shown: dict[int, Behind] = {}
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
            lambda found: self._show(self._by_line(found or [], server.encoding)),
        )  # fmt: skip

    def _hear(self) -> None:
        if self._is_on:
            self._pause.start()

    def _switch(self, is_on: bool) -> None:
        self._is_on = bool(is_on)
        self._pause.start() if self._is_on else self._show({})

    def _by_line(self, hints: list[InlayHint], encoding: str) -> dict[int, Behind]:
        """What stands behind each line; the hints of one in their order."""
        found: dict[int, list[tuple[int, str]]] = {}
        code = self._code
        for one in hints:
            line = one.position.line
            if 0 <= line < code.line_count:
                at = byte_of(code, one.position, encoding) - code.line_start(line)
                found.setdefault(line, []).append((at, said(code.line_text(line), at, one)))
        return {
            line: Behind("   ".join(text for _, text in some if text)[:LETTERS], tuple(at for at, _ in some))
            for line, some in ((line, sorted(some)) for line, some in found.items())
        }

    def _show(self, shown: dict[int, Behind]) -> None:
        self.shown = shown
        if shown and self._sheet is None and self._code.host.is_alive:
            self._sheet = _Sheet(self._served)
        if self._sheet is not None and isValid(self._sheet):
            self._sheet.shown = shown
            self._sheet.setVisible(bool(shown))
            self._sheet.update()
            if not shown:
                self._sheet.deleteLater()
                self._sheet = None


def said(line: bytes, at: int, one: InlayHint) -> str:
    """A hint with the word that it is about: ``total: int``, ``width=3``.

    Args:
        line: The line's text.
        at: Where in it the hint belongs, in bytes.
        one: The hint.
    """
    label = one.label if isinstance(one.label, str) else "".join(part.value for part in one.label)
    label = " ".join(label.split())
    if one.kind == _PARAMETER:
        found = _ARGUMENT.match(line[at:].decode("utf-8", "replace"))
        argument = found[0].strip() if found is not None else ""
        return label + (argument if len(argument) <= ARGUMENT else argument[: ARGUMENT - 1] + "…")
    word = _WORD.search(line[:at].decode("utf-8", "replace"))
    return f"{word[0]}{label}" if word is not None and label.startswith(":") else label


class _Sheet(QWidget):
    """Draws them over the text; keys and mouse go through."""

    def __init__(self, served: ServedText) -> None:
        self._view = served.code.host.view
        super().__init__(self._view.viewport())
        self._code, self._theme = served.code, served.pane.theme
        self.shown: dict[int, Behind] = {}
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
        for line, behind in self.shown.items():
            if line >= self._code.line_count or not send(SCI.SCI_GETLINEVISIBLE, line):
                continue
            start, stop = self._code.line_start(line), self._code.line_stop(line)
            y = send(SCI.SCI_POINTYFROMPOSITION, 0, stop)
            if -height < y < self.height():
                x = send(SCI.SCI_POINTXFROMPOSITION, 0, stop) + gap
                painter.drawText(x, y + (height + metrics.ascent() - metrics.descent()) // 2, behind.text)
            for place in behind.places:
                if start + place < stop:
                    self._wedge(painter, start + place, height)

    def _wedge(self, painter: QPainter, place: int, height: int) -> None:
        """Mark where in the text a hint belongs."""
        send, half = self._code.send, self._theme.length(WEDGE)
        x = send(SCI.SCI_POINTXFROMPOSITION, 0, place)
        y = send(SCI.SCI_POINTYFROMPOSITION, 0, place) + height - 1
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("muted"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolygon([QPoint(x - half, y), QPoint(x + half, y), QPoint(x, y - half - 1)])
        painter.restore()

    def _follow(self) -> None:
        self.setGeometry(self._view.viewport().rect())
        self.update()
