"""The whole page of a window on paper: as it is seen, then what runs on beyond it, scrolled parts and rows of lists.

What is seen is taken on the GUI thread, :meth:`Document.paint` may run on another. One head and one numbering go over
all pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QPagedPaintDevice, QPainter, QPicture
from PySide6.QtWidgets import QScrollArea, QWidget

from kernel.words import say
from widgets.printing.page import Paper, draw_picture, painting, turned
from widgets.printing.rows import MOST_ROWS, Printing, told_of
from widgets.printing.view import pictures_of

if TYPE_CHECKING:
    from pathlib import Path

    from widgets.printing.sheet import Sheet
    from widgets.theme import Theme

#: Heights of the bands that something is cut into, in pixels: at least, and where one widget is as high, at most.
_BAND, _WHOLE = 24, 400


class Band(NamedTuple):
    """A picture of a part of a widget, which stands on one page."""

    box: QRect
    picture: QPicture


class Seen(NamedTuple):
    """Something that is scrolled, in bands from above to below."""

    title: str
    width: int
    bands: list[Band]


class Document:
    """What is to be printed of a window.

    Args:
        body: What it shows.
        title: Stands at the head of every page.
        theme: Gives the colours of paper.
        lists: The views of rows that it shows.

    Raises:
        EspalierError: it has no size.
    """

    def __init__(self, body: QWidget, title: str, theme: Theme, lists: Sequence[Any]) -> None:
        self.title, self._font = title, theme.font("body")
        self._size = body.size()
        (self._first,) = pictures_of(body, theme, [body.rect()])
        areas = [one for one in body.findChildren(QScrollArea) if _runs_on(one) and one.widget() is not None]
        self._scrolled = [
            _seen(_named(title, area), area.widget(), theme)
            for area in areas
            if not any(other is not area and other.isAncestorOf(area) for other in areas)
        ]
        longer = [view for view in lists if _runs_on(view) and view.rows.cache.count]
        self.too_long = [view.accessibleName() for view in longer if view.rows.cache.count > MOST_ROWS]
        self.lists = [view for view in longer if view.rows.cache.count <= MOST_ROWS]
        self._rows = [Printing(view) for view in self.lists]

    def paint(self, device: QPagedPaintDevice, report: Callable[[float], None] = lambda _part: None) -> int:
        """Paint all pages; answers how many.

        Raises:
            EspalierError, OSError: rows cannot be read, or the pages not be written.
        """
        turned(device, is_wide=self._size.width() > self._size.height())
        paper = Paper(device, self._font, self.title)
        room = paper.bottom - paper.top
        whole = min(device.width() / self._size.width(), room / self._size.height())
        parts = [(part, scale := min(whole, device.width() / max(part.width, 1)), list(_on_pages(part, room / scale)))
                 for part in self._scrolled]  # fmt: skip
        sheets = [(rows, *rows.sheet(device, report, is_fixed=True)) for rows in self._rows]
        pages = 1 + sum(len(found) for *_, found in parts)
        pages += sum(sheet.page_count(rows.count) for rows, sheet, _ in sheets)

        def paint(painter: QPainter) -> None:
            paper.head(painter, pages)
            draw_picture(painter, self._first, QRectF(0, 0, self._size.width(), self._size.height()), whole, paper.top)
            for part, scale, found in parts:
                paper.title = part.title
                for bands in found:
                    paper.turn(painter, pages)
                    for band in bands:
                        top = paper.top + (band.box.top() - bands[0].box.top()) * scale
                        draw_picture(painter, band.picture, QRectF(band.box), scale, top)
            for rows, sheet, lines in sheets:
                device.newPage()
                paper.number = self._paint_rows(painter, rows, sheet, lines, paper.number + 1, pages, report)

        painting(device, paint)
        return paper.number

    def _paint_rows(self, painter: QPainter, rows: Printing, sheet: Sheet, lines: Iterator[Any], first: int,
                    pages: int, report: Callable[[float], None]) -> int:  # fmt: skip
        sheet.title = f"{self.title} · {rows.title}" if rows.title else self.title
        return sheet.paint_on(painter, lines, rows.count, report, first, pages)

    def told(self, path: Path, pages: int) -> str:
        """What a person is told when it is written."""
        text = told_of(path, pages)
        if self.too_long:
            text += ". " + say("Of {names} only the rows in sight: they are too many", names=", ".join(self.too_long))
        return text


def _runs_on(view: Any) -> bool:
    bar = view.verticalScrollBar()
    return view.isVisible() and bar.maximum() > bar.minimum()


def _named(title: str, area: QWidget) -> str:
    return f"{title} · {area.accessibleName()}" if area.accessibleName() else title


def _seen(title: str, widget: QWidget, theme: Theme) -> Seen:
    edges = list(_edges(widget))
    boxes = [QRect(0, top, widget.width(), bottom - top) for top, bottom in pairwise(edges)]
    return Seen(title, widget.width(), list(map(Band, boxes, pictures_of(widget, theme, boxes))))


def _edges(widget: QWidget) -> Iterator[int]:
    """Where it may be cut: between its widgets, and within those that are very high."""
    leaves = sorted(_leaves(widget))
    last = reach = 0
    yield 0
    for top, bottom in [*leaves, (widget.height(), widget.height())]:
        if top >= reach and top - last >= _BAND:
            while top - last > 2 * _WHOLE:
                last += _WHOLE
                yield last
            last = top
            yield last
        reach = max(reach, bottom)
    if last < widget.height():
        yield widget.height()


def _leaves(widget: QWidget) -> Iterator[tuple[int, int]]:
    """From where to where the widgets go that hold no others."""
    for one in widget.findChildren(QWidget):
        if one.isVisible() and not any(child.isVisible() for child in one.children() if isinstance(child, QWidget)):
            top = one.mapTo(widget, QPoint(0, 0)).y()
            yield top, top + one.height()


def _on_pages(part: Seen, room: float) -> Iterator[list[Band]]:
    """The bands of each page, which has so many pixels; one that is higher has a page of its own."""
    page: list[Band] = []
    for band in part.bands:
        if page and band.box.bottom() + 1 - page[0].box.top() > room:
            yield page
            page = []
        page.append(band)
    if page:
        yield page
