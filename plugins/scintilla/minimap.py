"""The whole text small, beside it: words as strokes in their colours, what is in sight, problems and matches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from plugins.api import say
from plugins.scintilla.code import Code
from plugins.scintilla.diagnostic import DiagnosticMarks
from plugins.scintilla.host import SCI

#: Width in pixels at 100 %; pixels of a line and of a letter; letters of a line that are drawn.
WIDTH, LINE, LETTER, MOST_LETTERS = 96, 2.5, 1.0, 88
#: Pixels before the letters.
_LEFT = 6
#: A pause after which it is drawn anew, in ms.
_PAUSE_MS = 90
#: Rows of the picture for one line, those with its strokes and the empty ones: twice as fine as it is drawn.
_STROKE, _GAP = 3, 2
#: Letters → a mask that leaves the strokes; styles → their numbers in the picture, where 0 is nothing.
_MASK = bytes(0 if letter <= 32 else 255 for letter in range(256))
_NUMBER = bytes(min(style + 1, 255) for style in range(256))


class Minimap(QWidget):
    """Follows its surface; a press or a drag goes there."""

    def __init__(self, code: Code, marks: DiagnosticMarks) -> None:
        super().__init__(code)
        self._code, self._marks = code, marks
        #: The text as it was drawn last, as large as it is shown: scaling it takes 2 ms, which no key has.
        self._picture: QPixmap | None = None
        self._first = -1
        self._painted: tuple[object, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
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
        # While a person types it stays as it was: what is other is drawn in the pause after it.
        picture = self._picture
        is_other = self._first != self.first_line() and not self._pause.isActive()
        if picture is None or is_other or picture.devicePixelRatio() != self.devicePixelRatioF():
            picture = self._picture = self._draw()
        self._painted = self._state()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.drawPixmap(_LEFT, 0, picture)
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

    def _state(self) -> tuple[object, ...]:
        """What it shows besides the text: where it is, and the problems."""
        return self._screen(), self._code.line_count, self._marks.shown

    def _follow(self) -> None:
        if self.isVisible() and self._state() != self._painted:
            self.update()

    def _renew(self) -> None:
        self._picture = None
        self.update()

    def _draw(self) -> QPixmap:
        """The lines from the first one on as they are shown."""
        points, scale = self._draw_points(), self.devicePixelRatioF()
        size = QSizeF(MOST_LETTERS * LETTER, points.height() / (_STROKE + _GAP) * LINE)
        picture = QPixmap((size * scale).toSize())
        picture.setDevicePixelRatio(scale)
        picture.fill(self._code.theme.color("surface"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(QPointF(0, 0), size), points)
        painter.end()
        return picture

    def _draw_points(self) -> QImage:
        """Draw the lines from the first one on, a letter a point and a line as high as five of them."""
        code, first = self._code, self.first_line()
        rows = min(int(self.height() / LINE) + 2, code.line_count - first)
        letters, styles = zip(*(self._line(first + row) for row in range(rows)), strict=True)
        mask, numbers = (int.from_bytes(b"".join(parts)) for parts in (letters, styles))
        points = (mask & numbers).to_bytes(rows * MOST_LETTERS)
        blank, lines = bytes(MOST_LETTERS * _GAP), range(0, len(points), MOST_LETTERS)
        data = b"".join(points[at : at + MOST_LETTERS] * _STROKE + blank for at in lines)
        picture = QImage(data, MOST_LETTERS, rows * (_STROKE + _GAP), MOST_LETTERS, QImage.Format.Format_Indexed8)
        picture.setColorTable([0, *(self._color(style) for style in range(255))])
        self._first = first
        return picture.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def _line(self, line: int) -> tuple[bytes, bytes]:
        """A line's letters as a mask, and the numbers of their styles, both as wide as the map."""
        start = self._code.line_start(line)
        cells = self._code.host.styled(start, min(self._code.line_stop(line), start + MOST_LETTERS))
        if b"\t" in cells[::2]:
            cells = b"".join(_wide(cells[at : at + 2]) for at in range(0, len(cells), 2))[: 2 * MOST_LETTERS]
        letters, styles = cells[::2].translate(_MASK), cells[1::2].translate(_NUMBER)
        return letters.ljust(MOST_LETTERS, b"\0"), styles.ljust(MOST_LETTERS, b"\0")

    def _color(self, style: int) -> int:
        number = self._code.send(SCI.SCI_STYLEGETFORE, style)
        return QColor(number & 0xFF, number >> 8 & 0xFF, number >> 16 & 0xFF, 158).rgba()


def _wide(cell: bytes) -> bytes:
    """A letter with its style; of a tab as many blanks as a step of indentation mostly has."""
    return cell if cell[:1] != b"\t" else b" \0" * 4
