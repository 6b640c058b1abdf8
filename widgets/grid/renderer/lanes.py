"""Rows of a graph: a dot in its lane, lines from the row above and to the row below."""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.renderer.text import draw_text

#: The tags whose colours lanes take, one after the other.
_COLORS = ("blue", "green", "violet", "amber", "teal", "pink", "red")
_TEXT = re.compile(r"(\d+)\|((?:\d+(?:,\d+)*)?)\|((?:\d+-\d+(?:,\d+-\d+)*)?)\|(\d+)")


class Lanes(NamedTuple):
    """A row: its lane, the lanes that come from above, the (from, to) of lines to the row below, how many lanes."""

    place: int
    above: tuple[int, ...]
    lines: tuple[tuple[int, int], ...]
    width: int


def lanes_of(text: str) -> Lanes | None:
    """The lanes of ``0|0,1|0-0,1-0|2``; None for another text."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    above = tuple(int(lane) for lane in found[2].split(",") if lane)
    pairs = (pair.split("-") for pair in found[3].split(",") if pair)
    return Lanes(int(found[1]), above, tuple((int(a), int(b)) for a, b in pairs), int(found[4]))


def draw_lanes(painter: QPainter, cell: Cell, look: Look) -> None:
    """The dot and its lines; lanes stand closer where there is no room for all."""
    value = cell.value
    lanes = cell.store.get(("lanes", value), lambda: lanes_of(value)) if isinstance(value, str) else None
    if lanes is None:
        draw_text(painter, cell, look)
        return
    pens = _pens(look)
    step = min(look.theme.length(13), (cell.width - 2 * look.padding) / max(lanes.width, 1))
    radius = min(look.theme.length(4), max(step / 2 - 1, 1.5))
    top, bottom = cell.top, cell.top + look.row_height
    middle = (top + bottom) / 2

    def across(lane: int) -> float:
        place = look.padding + step / 2 + lane * step
        return cell.left + (cell.width - place if look.is_turned else place)

    painter.save()
    painter.setClipRect(QRectF(cell.left, top, cell.width, look.row_height))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for lane in lanes.above:
        painter.setPen(pens[lane % len(pens)])
        painter.drawLine(QPointF(across(lane), top), QPointF(across(lane), middle))
    for start, end in lanes.lines:
        painter.setPen(pens[max(start, end) % len(pens)])
        painter.drawPath(_bend(across(start), middle, across(end), bottom))
    pen = pens[lanes.place % len(pens)]
    painter.setPen(QPen(look.colors["surface"], 1.5))
    painter.setBrush(pen.color())
    painter.drawEllipse(QPointF(across(lanes.place), middle), radius + 0.75, radius + 0.75)
    painter.restore()


def _bend(left: float, top: float, right: float, bottom: float) -> QPainterPath:
    """A line that leaves and arrives upright."""
    path = QPainterPath(QPointF(left, top))
    if left == right:
        path.lineTo(right, bottom)
    else:
        half = (top + bottom) / 2
        path.cubicTo(QPointF(left, half), QPointF(right, half), QPointF(right, bottom))
    return path


def _pens(look: Look) -> list[QPen]:
    """A pen for each colour, made once for a look."""
    if "lanes" not in look.kept:
        tags, scheme = look.theme.tokens.tags, look.theme.scheme
        look.kept["lanes"] = [QPen(QColor(tags[name][scheme]["text"]), 1.6) for name in _COLORS]
    return look.kept["lanes"]
