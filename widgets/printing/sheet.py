"""How rows lie on pages: widths and letters that fit the paper, lines of a page, and painting one page after the other.

Runs on a thread beside the window; all lengths are the device's own dots.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPageLayout, QPainter, QPen

from kernel.words import say, say_count
from widgets.grid.fit import Wish, fit_widths

#: Size of the letters in points: what is wanted, and the least that is still read.
POINTS, LEAST_POINTS = 9.0, 6.5
#: Lines and pads, as parts of the height of a letter; the margin of the paper in millimetres.
_LINE, _PAD, MARGIN_MM = 1.7, 0.5, 12.0
#: Of the paper's width, what one column takes at most.
_WIDEST = 0.45
INK, QUIET, _RULE = QColor("#1c1c1c"), QColor("#6a6a6a"), QColor("#c4c4c4")


class SheetColumn(NamedTuple):
    """One column: its heading, where its texts stand (``start``, ``end``, ``center``), and whether it may be cut."""

    heading: str
    align: str
    is_flexible: bool


class Line(NamedTuple):
    """One line: the texts of its cells; one text alone goes over the whole line, as the line of a group does."""

    texts: tuple[str, ...]
    indent: int = 0

    @property
    def is_group(self) -> bool:
        """Whether it is the line of a group."""
        return len(self.texts) == 1


class Sheet:
    """The plan of all pages for one device.

    Args:
        device: The paper; is turned sideways when the columns need it.
        font: Family of the letters.
        title: Stands at the head of every page, ``note`` at its end.
        columns: The columns.
        sample: Lines that the widths are made from.
        is_fixed: Whether the paper stays as it lies.
    """

    def __init__(self, device: QPagedPaintDevice, font: QFont, title: str, note: str, columns: Sequence[SheetColumn],
                 sample: Sequence[Line], *, is_fixed: bool = False) -> None:  # fmt: skip
        self._device, self.title, self._note, self._columns = device, title, note, columns
        self._family = font
        if not is_fixed:
            device.setPageMargins(QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM), QPageLayout.Unit.Millimeter)
            device.setPageOrientation(QPageLayout.Orientation.Portrait)
        self._use(POINTS)
        wanted = self._wanted(sample)
        if sum(wanted) > device.width() and not is_fixed:
            device.setPageOrientation(QPageLayout.Orientation.Landscape)
        if sum(wanted) > device.width():
            self._use(max(POINTS * device.width() / sum(wanted), LEAST_POINTS))
            wanted = self._wanted(sample)
        self.widths = self._shared(wanted)

    def _use(self, points: float) -> None:
        """Letters of that size."""
        self.points = points
        self._plain, self._strong = QFont(self._family), QFont(self._family)
        for font in (self._plain, self._strong):
            font.setPointSizeF(points)
            font.setFeature(QFont.Tag("tnum"), 1)
        self._strong.setBold(True)
        self._metrics = QFontMetricsF(self._plain, self._device)
        self._strong_metrics = QFontMetricsF(self._strong, self._device)
        self._line = self._metrics.height() * _LINE
        self._pad = self._metrics.height() * _PAD

    def _wanted(self, sample: Sequence[Line]) -> list[int]:
        widths = [self._strong_metrics.horizontalAdvance(column.heading) for column in self._columns]
        for line in sample:
            for at, text in enumerate(() if line.is_group and len(self._columns) > 1 else line.texts):
                widths[at] = max(widths[at], self._metrics.horizontalAdvance(text))
        # A dot more than a whole number, so that no text is cut by the rounding of its width.
        most = int(self._device.width() * _WIDEST)
        return [min(ceil(width + 2 * self._pad) + 1, most) for width in widths]

    def _shared(self, wanted: Sequence[int]) -> list[float]:
        """The widths on this paper: texts give way first, and everything where that is not enough."""
        room, least = self._device.width(), int(self._metrics.averageCharWidth() * 8)
        wishes = [
            Wish(width, width, min(least, width) if column.is_flexible else width, column.is_flexible)
            for width, column in zip(wanted, self._columns, strict=True)
        ]
        widths: list[float] = list(fit_widths(wishes, room))
        return [width * room / sum(widths) for width in widths] if sum(widths) > room else widths

    @property
    def lines_on_page(self) -> int:
        """Rows on a page, between title, headings and page number."""
        return max(int(self._device.height() / self._line) - 4, 1)

    def page_count(self, lines: int) -> int:
        """Pages for so many rows."""
        return max(-(-lines // self.lines_on_page), 1)

    def paint(self, lines: Iterable[Line], count: int, report: Callable[[float], None]) -> int:
        """Paint all pages; answers how many.

        Args:
            lines: The rows.
            count: How many they are, at least about.
            report: Told the part that is done; may end the work.

        Raises:
            OSError: the device takes no painting.
        """
        painter = QPainter()
        if not painter.begin(self._device):
            raise OSError(say("the pages cannot be written"))
        try:
            return self.paint_on(painter, lines, count, report, 1, self.page_count(count))
        finally:
            painter.end()

    def paint_on(self, painter: QPainter, lines: Iterable[Line], count: int, report: Callable[[float], None],
                 page: int, pages: int) -> int:  # fmt: skip
        """Paint its pages within a larger document, from the current one on; answers the number of the last one.

        Args:
            painter: Paints on the device already.
            lines, count, report: As of :meth:`paint`.
            page, pages: The number of its first page, and of all pages.
        """
        on_page = 0
        self._head(painter, page, pages)
        for number, line in enumerate(lines):
            if on_page == self.lines_on_page:
                self._device.newPage()
                page, on_page = page + 1, 0
                self._head(painter, page, max(pages, page))
                report(min(number / max(count, 1), 1.0))
            self._row(painter, line, (3 + on_page) * self._line)
            on_page += 1
        return page

    def _head(self, painter: QPainter, page: int, pages: int) -> None:
        """Title, headings and page number."""
        width, height = self._device.width(), self._device.height()
        painter.setPen(INK)
        self._text(painter, self._strong, self.title, QRectF(0, 0, width * 0.7, self._line), "start")
        painter.setPen(QUIET)
        self._text(painter, self._plain, page_of(page, pages), QRectF(0, 0, width, self._line), "end")
        self._text(painter, self._plain, self._note, QRectF(0, height - self._line, width, self._line), "start")
        painter.setPen(INK)
        left, top = 0.0, 2 * self._line
        for column, room in zip(self._columns, self.widths, strict=True):
            box = QRectF(left + self._pad, top, room - 2 * self._pad, self._line)
            self._text(painter, self._strong, column.heading, box, column.align)
            left += room
        self._rule(painter, top + self._line, INK)

    def _row(self, painter: QPainter, line: Line, top: float) -> None:
        painter.setPen(INK)
        indent = line.indent * self._pad * 2
        if line.is_group and len(self._columns) > 1:
            box = QRectF(self._pad + indent, top, self._device.width() - 2 * self._pad - indent, self._line)
            self._text(painter, self._strong, line.texts[0], box, "start")
        else:
            left = 0.0
            for at, (text, column, room) in enumerate(zip(line.texts, self._columns, self.widths, strict=True)):
                begin = indent if at == 0 else 0.0
                box = QRectF(left + self._pad + begin, top, room - 2 * self._pad - begin, self._line)
                self._text(painter, self._plain, text, box, column.align)
                left += room
        self._rule(painter, top + self._line, _RULE)

    def _rule(self, painter: QPainter, y: float, color: QColor) -> None:
        painter.setPen(QPen(color, self._metrics.height() / 22))
        painter.drawLine(QPointF(0, y), QPointF(sum(self.widths), y))

    def _text(self, painter: QPainter, font: QFont, text: str, box: QRectF, align: str) -> None:
        metrics = self._strong_metrics if font is self._strong else self._metrics
        if metrics.horizontalAdvance(text) > box.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        taken = metrics.horizontalAdvance(text)
        free = {"start": 0.0, "center": (box.width() - taken) / 2, "end": box.width() - taken}[align]
        painter.setFont(font)
        base = box.top() + (box.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(box.left() + max(free, 0.0), base), text)


def page_of(page: int, pages: int) -> str:
    """The number at the head of a page."""
    return say("Page {page:,} of {pages:,}", page=page, pages=pages)


def written_on(now: datetime.datetime, rows: int) -> str:
    """What stands at the foot of a page: when it was made, of how many rows."""
    return f"{now:%Y-%m-%d %H:%M} · {say_count('{count:,} row', '{count:,} rows', rows)}"
