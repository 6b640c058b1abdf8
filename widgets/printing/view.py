"""What is to be printed of any view: the rows of a list, the fields of a row, a picture of a chart or a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QRect, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPainter, QPicture, QRegion
from PySide6.QtWidgets import QWidget

from kernel.error import EspalierError
from kernel.tables.schema import title_of
from kernel.words import say
from layouts.node import Node
from widgets.printing.page import Field, paint_fields, paint_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgets.theme import Theme


class Printable(NamedTuple):
    """Something on one page or more: what it is called, and what paints it and answers how many pages it took."""

    title: str
    paint: Callable[[QPagedPaintDevice], int]


def of_form(form: Any) -> Printable:
    """The fields of a form as they stand there, edits among them.

    Raises:
        EspalierError: it shows no row.
    """
    from widgets.grid.column import GridColumn
    from widgets.printing.rows import written

    row, schema = form.row, form.handle.schema
    if row is None or row.values is None or schema is None:
        raise EspalierError(say("there is no row to print"), hint=say("choose a row first"))
    values = {**row.values, **row.edits}
    fields = []
    for field in form.fields:
        column = GridColumn(Node("show", properties={"column": field.column_name}), schema)
        value = values.get(field.column_name)
        is_long = isinstance(value, str) and column.labelled is None
        fields.append(Field(field.title, value if is_long else written(column, values.get)))
    font = form.context.theme.font("body")
    named = form.node.get("name")
    key = " ".join(map(str, row.key or ()))
    title = named if isinstance(named, str) and named else f"{schema.title or title_of(schema.name)} {key}".strip()
    return Printable(title, lambda device: paint_fields(device, font, title, fields))


def of_picture(widget: QWidget, title: str, theme: Theme) -> Printable:
    """A picture of a widget on one page.

    Raises:
        EspalierError: it has no size.
    """
    size = QSizeF(widget.size())
    (picture,), body = pictures_of(widget, theme, [widget.rect()]), theme.font("body")
    return Printable(title, lambda device: paint_picture(device, body, title, picture, size))


def pictures_of(widget: QWidget, theme: Theme, parts: Sequence[QRect]) -> list[QPicture]:
    """Pictures of parts of a widget, in the colours of paper.

    A picture that is cut when it is painted would not stay cut: the clips in it take the place of any other.

    Raises:
        EspalierError: it has no size.
    """
    if widget.width() <= 0 or widget.height() <= 0:
        raise EspalierError(say("there is nothing to print"))
    pictures = []
    with _light(theme):
        for part in parts:
            picture = QPicture()
            painter = QPainter(picture)
            painter.fillRect(part, theme.color("window"))
            _draw(widget, painter, QPoint(), part)
            painter.end()
            pictures.append(picture)
    return pictures


def _draw(widget: QWidget, painter: QPainter, at: QPoint, room: QRect) -> None:
    """A widget and what stands in it, each cut by its parents; a picture keeps no clip of ``render`` itself."""
    painter.save()
    painter.setClipRect(room)
    QWidget.render(widget, painter, at, QRegion(widget.rect()), QWidget.RenderFlag.IgnoreMask)
    painter.restore()
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            place = at + child.pos()
            inner = room.intersected(QRect(place, child.size()))
            if not inner.isEmpty():
                _draw(child, painter, place, inner)


@contextmanager
def _light(theme: Theme) -> Iterator[None]:
    """Paper is light; the window is not painted meanwhile."""
    mode, is_dark = theme.mode, theme.is_dark
    if is_dark:
        theme.set_mode("light")
    try:
        yield
    finally:
        if is_dark:
            theme.set_mode(mode)
