"""Pages of what is no list: the fields of a row, or a picture of a chart or a window; lengths in the device's dots."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPainter,
    QPicture,
    QTextLayout,
    QTextOption,
)

from widgets.printing.sheet import INK, MARGIN_MM, POINTS, QUIET, page_of

#: Height of a line, and of the paper's width what the names of fields take.
_LINE, _NAMES = 1.45, 0.28


class Field(NamedTuple):
    """A field on paper: its name, and its text of any length."""

    name: str
    text: str


class Paper:
    """Head and foot of every page, the fonts, and the number of the page that is painted."""

    def __init__(self, device: QPagedPaintDevice, font: QFont, title: str) -> None:
        self.device, self.title, self.number = device, title, 1
        self.plain, self.strong = QFont(font), QFont(font)
        for one in (self.plain, self.strong):
            one.setPointSizeF(POINTS)
        self.strong.setBold(True)
        self.line = QFontMetricsF(self.plain, device).height() * _LINE

    @property
    def top(self) -> float:
        """Where the content begins."""
        return 2 * self.line

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.device.height() - 2 * self.line

    def head(self, painter: QPainter, pages: int) -> None:
        """Title, page number and the time."""
        width, whole = self.device.width(), QRectF(0, 0, self.device.width(), self.device.height())
        painter.setPen(INK)
        painter.setFont(self.strong)
        title = QFontMetricsF(self.strong, self.device).elidedText(
            self.title, Qt.TextElideMode.ElideRight, width * 0.7
        )
        painter.drawText(whole, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(QUIET)
        painter.setFont(self.plain)
        number = page_of(self.number, pages)
        painter.drawText(whole, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, number)
        written = f"{datetime.datetime.now():%Y-%m-%d %H:%M}"
        painter.drawText(whole, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, written)

    def turn(self, painter: QPainter, pages: int) -> None:
        """Begin the next page."""
        self.device.newPage()
        self.number += 1
        self.head(painter, pages)


def paint_fields(device: QPagedPaintDevice, font: QFont, title: str, fields: Sequence[Field]) -> int:
    """Each field with its name before it; long texts go over as many lines and pages as they need.

    Returns:
        How many pages.
    """
    turned(device, is_wide=False)
    page = Paper(device, font, title)
    lines = [line for field in fields for line in _lines(page, field)]
    on_page = max(int((page.bottom - page.top) / page.line), 1)
    pages = max(-(-len(lines) // on_page), 1)

    def paint(painter: QPainter) -> None:
        page.head(painter, pages)
        for at, (name, text) in enumerate(lines):
            if at and at % on_page == 0:
                page.turn(painter, pages)
            top = page.top + (at % on_page) * page.line
            _text(painter, page.strong, name, QRectF(0, top, device.width() * _NAMES * 0.95, page.line))
            _text(painter, page.plain, text, QRectF(device.width() * _NAMES, top, device.width(), page.line))

    painting(device, paint)
    return pages


def paint_picture(device: QPagedPaintDevice, font: QFont, title: str, picture: QPicture, size: QSizeF) -> int:
    """A picture, still made of lines and letters, as large as the page lets it be; a wide one turns the paper.

    Returns:
        How many pages: 1.
    """
    turned(device, is_wide=size.width() > size.height())
    page = Paper(device, font, title)

    def paint(painter: QPainter) -> None:
        page.head(painter, 1)
        scale = min(device.width() / size.width(), (page.bottom - page.top) / size.height())
        draw_picture(painter, picture, QRectF(QPointF(0, 0), size), scale, page.top)

    painting(device, paint)
    return 1


def draw_picture(painter: QPainter, picture: QPicture, part: QRectF, scale: float, top: float) -> None:
    """A picture at the start side of the paper from ``top`` on.

    Args:
        part: What it is a picture of, in pixels.
        scale: Dots of the device to a pixel.
    """
    painter.save()
    painter.translate(QPointF(0, top))
    painter.scale(scale, scale)
    painter.translate(-part.topLeft())
    painter.setClipRect(part)
    # Qt makes a picture larger by the resolution of what it is painted on.
    enlarged = painter.device().logicalDpiX() / picture.logicalDpiX()
    painter.scale(1 / enlarged, 1 / enlarged)
    painter.drawPicture(0, 0, picture)
    painter.restore()


def _lines(page: Paper, field: Field) -> list[tuple[str, str]]:
    """The lines of a field: the name stands before the first one."""
    room, found = page.device.width() * (1 - _NAMES), []
    for part in field.text.split("\n") or [""]:
        layout = QTextLayout(part, page.plain, page.device)
        layout.setTextOption(_wrapping())
        layout.beginLayout()
        before = len(found)
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            found.append(part[line.textStart() : line.textStart() + line.textLength()].strip())
        layout.endLayout()
        if len(found) == before:
            found.append("")
    return [(field.name if at == 0 else "", text) for at, text in enumerate(found or [""])]


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _text(painter: QPainter, font: QFont, text: str, box: QRectF) -> None:
    painter.setPen(INK)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)


def turned(device: QPagedPaintDevice, *, is_wide: bool) -> None:
    """Take paper with our margins, on its side for what is wide."""
    device.setPageMargins(QMarginsF(*[MARGIN_MM] * 4), QPageLayout.Unit.Millimeter)
    way = QPageLayout.Orientation
    device.setPageOrientation(way.Landscape if is_wide else way.Portrait)


def painting(device: QPagedPaintDevice, paint: Callable[[QPainter], None]) -> None:
    """Paint, and end whatever happens.

    Raises:
        OSError: the device takes no painting.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise OSError("the pages cannot be written")
    try:
        paint(painter)
    finally:
        painter.end()
