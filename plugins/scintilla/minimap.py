"""The whole text small, beside it: words as strokes in their colours, what is in sight, problems and matches."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from plugins.api import say
from plugins.scintilla.code import Code
from plugins.scintilla.diagnostic import DiagnosticMarks
from plugins.scintilla.host import SCI

#: Width in pixels at 100 %; pixels of a line and of a letter; letters of a line that are drawn.
WIDTH, LINE, LETTER, MOST_LETTERS = 96, 2.5, 1.0, 90
#: A pause after which it is drawn anew, in ms.
_PAUSE_MS = 90
_WORD = re.compile(rb"\S+")


class Minimap(QWidget):
    """Follows its surface; a press or a drag goes there."""

    def __init__(self, code: Code, marks: DiagnosticMarks) -> None:
        super().__init__(code)
        self._code, self._marks = code, marks
        self._image: QImage | None = None
        self._first = -1
        self._colors: dict[int, QColor] = {}
        self.setFixedWidth(code.theme.length(WIDTH))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(say("Overview of the text"))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._renew)
        code.edited.connect(self._pause.start)
        code.moved.connect(self._follow)
        code.theme.changed.connect(self._renew)

    def first_line(self) -> int:
        """The first line that is drawn: the map scrolls with the text where it is higher than its place."""
        shown, lines = int(self.height() / LINE), self._code.line_count
        if lines <= shown:
            return 0
        screen = self._screen()
        most = max(lines - (screen[1] - screen[0]), 1)
        return round(min(screen[0] / most, 1.0) * (lines - shown))

    def go_to(self, y: float) -> None:
        """Bring the line at that height into the middle of sight."""
        line = self.first_line() + int(y / LINE)
        visible = self._code.send(SCI.SCI_VISIBLEFROMDOCLINE, min(max(line, 0), self._code.line_count - 1))
        half = self._code.send(SCI.SCI_LINESONSCREEN) // 2
        self._code.send(SCI.SCI_SETFIRSTVISIBLELINE, max(visible - half, 0))
        self._follow()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        self.go_to(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.go_to(event.position().y())

    def wheelEvent(self, event: QWheelEvent) -> None:  # Qt's name
        self._code.send(SCI.SCI_LINESCROLL, 0, -round(event.angleDelta().y() / 40))
        self._follow()

    def resizeEvent(self, event: object) -> None:  # Qt's name
        self._renew()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        theme = self._code.theme
        if self._image is None or self._first != self.first_line():
            self._draw()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.drawImage(0, 0, self._image)
        first, last = self._screen()
        slider = QRectF(0, (first - self._first) * LINE, self.width(), max((last - first) * LINE, 6))
        shade = theme.color("text")
        shade.setAlphaF(0.09)
        painter.fillRect(slider, shade)
        painter.fillRect(0, 0, 1, self.height(), theme.color("line"))
        for start, _, one in self._marks.shown:
            y = (self._code.line_of(start) - self._first) * LINE
            painter.fillRect(QRectF(self.width() - 5, y, 4, 3), theme.color(one.severity))

    def _screen(self) -> tuple[int, int]:
        """The first line in sight, and the one behind the last."""
        send = self._code.send
        top = send(SCI.SCI_GETFIRSTVISIBLELINE)
        first = send(SCI.SCI_DOCLINEFROMVISIBLE, top)
        return first, send(SCI.SCI_DOCLINEFROMVISIBLE, top + send(SCI.SCI_LINESONSCREEN)) + 1

    def _follow(self) -> None:
        self.update()

    def _renew(self) -> None:
        self._image = None
        self._colors.clear()
        self.update()

    def _draw(self) -> None:
        scale = self.devicePixelRatioF()
        self._image = QImage(
            round(self.width() * scale), max(round(self.height() * scale), 1), QImage.Format.Format_ARGB32_Premultiplied
        )
        self._image.setDevicePixelRatio(scale)
        self._image.fill(Qt.GlobalColor.transparent)
        self._first = self.first_line()
        painter, code = QPainter(self._image), self._code
        for row in range(min(int(self.height() / LINE) + 1, code.line_count - self._first)):
            start = code.line_start(self._first + row)
            text = code.host.bytes(start, min(code.line_stop(self._first + row), start + MOST_LETTERS))
            for word in _WORD.finditer(text.expandtabs(4) if b"\t" in text else text):
                color = self._color(code.send(SCI.SCI_GETSTYLEAT, start + min(word.start(), len(text) - 1)))
                width = len(word[0]) * LETTER
                painter.fillRect(QRectF(6 + word.start() * LETTER, row * LINE, width, LINE - 1), color)
        painter.end()

    def _color(self, style: int) -> QColor:
        style &= 0xFF
        found = self._colors.get(style)
        if found is None:
            number = self._code.send(SCI.SCI_STYLEGETFORE, style)
            found = QColor(number & 0xFF, number >> 8 & 0xFF, number >> 16 & 0xFF)
            found.setAlphaF(0.62)
            self._colors[style] = found
        return found
