"""The marks beside lines: added, changed, removed; what is staged is hollow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from plugins.api import Hunk, Theme
from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI, Host
from plugins.scintilla.look import MARKER

#: Kind of a hunk → its colour.
COLORS = {"added": "success", "changed": "info", "removed": "error"}
#: Lines that are marked at most, staged ones and others; of changes behind them the first line is.
MARKED = 20_000
#: Width of a mark and of a hollow one, in pixels at 100 %.
_WIDTH, _WEDGE = 3, 6


def marker_of(kind: str, *, is_staged: bool, is_end: bool = False) -> int:
    """Scintilla's number of a mark; ``is_end``: lines are gone behind the last one."""
    name = f"{'staged' if is_staged else 'line'}-{kind}{'-end' if is_end else ''}"
    return MARKER[name]


def mark_lines(code: Code, hunks: Sequence[Hunk], staged: Sequence[Hunk]) -> None:
    """Mark these and no others."""
    send, count = code.send, code.line_count
    for number in _NUMBERS:
        send(SCI.SCI_MARKERDELETEALL, number)
    for is_staged, some in ((True, staged), (False, hunks)):
        left = MARKED
        for hunk in some:
            is_end = hunk.new_start >= count
            number = marker_of(hunk.kind, is_staged=is_staged, is_end=hunk.kind == "removed" and is_end)
            stop = max(min(hunk.new_stop, hunk.new_start + left), hunk.new_start + 1)
            left = max(left - (stop - hunk.new_start), 0)
            for line in range(hunk.new_start, stop):
                send(SCI.SCI_MARKERADD, min(line, count - 1), number)


def define(host: Host, theme: Theme) -> None:
    """Draw the marks in the theme's colours, as high as a line is."""
    height, ratio = max(host.send(SCI.SCI_TEXTHEIGHT, 0), 1), host.devicePixelRatioF()
    width = theme.length(_WEDGE)
    for kind, token in COLORS.items():
        for is_staged in (False, True):
            for is_end in (False, True) if kind == "removed" else (False,):
                image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGBA8888)
                image.setDevicePixelRatio(ratio)
                image.fill(Qt.GlobalColor.transparent)
                _paint(image, theme, (width, height), kind, theme.color(token), is_staged, is_end)
                number = marker_of(kind, is_staged=is_staged, is_end=is_end)
                host.set_icon(number, bytes(image.constBits()), image.width(), image.height(), ratio)


def _paint(
    image: QImage, theme: Theme, size: tuple[int, int], kind: str, color: QColor, is_staged: bool, is_end: bool
) -> None:  # fmt: skip
    width, height = size
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, kind == "removed")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if kind == "removed":
        middle, reach = (height if is_end else 0), width * 1.1
        if is_staged:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1))
        wedge = [QPointF(0.5, middle - reach), QPointF(width - 0.5, middle), QPointF(0.5, middle + reach)]
        painter.drawPolygon(QPolygonF(wedge))
    elif is_staged:
        line = max(1, theme.length(1))
        bar = theme.length(_WIDTH) + line
        painter.drawRect(QRectF(0, 0, line, height))
        painter.drawRect(QRectF(bar - line, 0, line, height))
    else:
        painter.drawRect(QRectF(0, 0, theme.length(_WIDTH), height))
    painter.end()


_NUMBERS = sorted(number for name, number in MARKER.items() if name.startswith(("line-", "staged-")))
