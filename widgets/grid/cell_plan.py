"""How the cells of one column are made ready for painting: many values in one pass where they are alike.

What a value says and where it stands does not depend on its row, so that cells of texts are kept by what they say.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtGui import QFont

from widgets.grid.measure import Measure
from widgets.grid.renderer.table import Draw, draw_of, renderer
from widgets.grid.shown_text import LONGEST, directed, direction

if TYPE_CHECKING:
    from kernel.tables.block import Block
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid
    from widgets.grid.mark import Mark

_TONES = {"muted": "muted", "success": "success", "warning": "warning", "error": "error", "strong": "ink"}
_DASH = "\u2013"
#: Cells of a column that are kept.
_KEPT = 8192
#: Types whose equal values are written alike, so that drawn cells are kept by them.
_ALIKE = frozenset({str, int, bool, datetime.date})
#: Texts of so many characters are cut to what may fit before they are measured.
_MEASURED = 60


class ReadyCell(NamedTuple):
    """What to draw in one cell.

    Attributes:
        offset: From the column's left border to the text, in pixels.
        text: Already cut to the room.
        color: The text's colour by name; empty = that of the row.
        draw: Draws the cell; None = it is just that text.
        rest: The arguments of :class:`Cell` behind ``left`` and ``top``, where there is a ``draw``.
        font: The text's font; None = that of the rows.
        mark: The edit under way, if any.
        indent: How far in it begins, in pixels; in ``offset`` already.
    """

    offset: float
    text: str
    color: str
    draw: Draw | None = None
    rest: tuple[Any, ...] = ()
    font: QFont | None = None
    mark: Mark | None = None
    indent: int = 0


class Plan:
    """How one column's cells are made ready at its width.

    Attributes:
        column: The column.
        is_plain: Whether its cells are just texts, unless they are emphasised or edited.
    """

    __slots__ = (
        "_align", "_color", "_content", "_dash", "_drawn", "_font", "_indent", "_is_free", "_is_turned", "_kind",
        "_look", "_measure", "_room", "_said", "column", "is_plain",
    )  # fmt: skip

    def __init__(self, grid: Grid, column: GridColumn, indent: int = 0) -> None:
        self._indent = indent
        # Levels of a tree are seen by where their texts begin, those of numbers too.
        self._is_turned = grid.places.is_turned
        self._align = ("end" if self._is_turned else "start") if indent else column.side(self._is_turned)
        #: Texts that stand where their own direction begins, and not all at the same side.
        self._is_free = not indent and column.align == "start" and renderer(column.look).name in ("text", "link")
        self.column, self._look, self._content = column, grid.look, grid.content
        self._kind = renderer(column.look)
        self._color, (font, self._measure) = column.color, self._look.weighted(column.weight)
        self._font = font if column.weight else None
        self.is_plain = self._kind.name == "text" and not column.icon_path and self._font is None
        icon_room = self._look.icon_room if column.icon_path else 0
        beside = self._look.theme.length(self._kind.extra_width) + icon_room + indent
        self._room = column.width - 2 * self._look.padding - beside
        #: Text → its plain cell, and (type, value) → its drawn one.
        self._said: dict[str, ReadyCell] = {}
        self._drawn: dict[tuple[type, Any], ReadyCell] = {}
        self._dash = self._plain_text(_DASH, "dash")

    def cells(self, block: Block, rows: list[int]) -> list[ReadyCell]:
        """The cells of some rows of a page that nothing makes different from others."""
        values = self._values(block, rows)
        if not self.is_plain:
            return [self._drawn_cell(value, block, at) for value, at in zip(values, rows, strict=True)]
        if None not in values:
            return self._plain_cells(values)
        there = iter(self._plain_cells([value for value in values if value is not None]))
        return [self._dash if value is None else next(there) for value in values]

    def plain(self, value: Any) -> ReadyCell:
        """A cell that is just its text."""
        return self._dash if value is None else self._plain_cells([value])[0]

    def cell(self, value: Any, emphasis: str, read: Any, mark: Mark | None = None) -> ReadyCell:
        """Any cell."""
        column, kind = self.column, self._kind
        if mark is None and emphasis != "strong" and self.is_plain:
            if value is None or not emphasis:
                return self.plain(value)
            return self._plain_text(self._content.line(column, value), _TONES.get(emphasis, ""))
        is_strong = emphasis == "strong"
        color = self._color if not emphasis or is_strong and self._color else _TONES.get(emphasis, "")
        font, measure = (self._look.strong, self._look.strong_measure) if is_strong else (self._font, self._measure)
        if value is None and not kind.draws_null:
            text, color = _DASH, "dash"
        else:
            text = mark.text if mark is not None else self._content.line(column, value)
        align = self._align_of(text)
        text, advance = self._fitted(text, measure)
        text = directed(text)
        icon = str(read(column.icon_path) or "app") if column.icon_path else ""
        width, store = column.width - self._indent, self._content.store
        rest = (width, text, advance, value, align, color, icon, column, store)
        return ReadyCell(self._look.padding, text, color, draw_of(kind.name), rest, font, mark, self._indent)

    # -- many at once -------------------------------------------------------------------------------------------------

    def _values(self, block: Block, rows: list[int]) -> list[Any]:
        """What is shown in these rows; see :meth:`GridColumn.shown_value`."""
        column, columns = self.column, block.columns
        if column.computed is None and column.labelled is None and column.path in columns:
            values = columns[column.path]
            return [values[at] for at in rows]
        return [column.shown_value(_reader(columns, at)) for at in rows]

    def _drawn_cell(self, value: Any, block: Block, at: int) -> ReadyCell:
        if self.column.icon_path or value.__class__ not in _ALIKE:
            return self.cell(value, "", _reader(block.columns, at))
        found = self._drawn.get((value.__class__, value))
        if found is None:
            if len(self._drawn) >= _KEPT:
                self._drawn.clear()
            found = self._drawn[value.__class__, value] = self.cell(value, "", None)
        return found

    def _plain_cells(self, values: list[Any]) -> list[ReadyCell]:
        texts = self._texts(values)
        if self._align == "end" and texts and (cells := self._numbers(texts)) is not None:
            return cells
        said = self._said
        cells = list(map(said.get, texts))
        if None in cells:
            if len(said) >= _KEPT:
                said.clear()
            for at, cell in enumerate(cells):
                if cell is None:
                    cells[at] = said[texts[at]] = self._plain_text(texts[at], "")
        return cells

    def _texts(self, values: list[Any]) -> list[str]:
        """Each as one line; see :meth:`Content.line`."""
        if set(map(type, values)) == {str}:
            # NOTE: lengths come first: a page of texts of 10 MB is not put together.
            is_short = max(map(len, values)) <= LONGEST
            if not (is_short and (whole := "".join(values)).isascii() and whole.isprintable()):
                return [self._content.line(self.column, value) for value in values]
        elif str in map(type, values):
            return [self._content.line(self.column, value) for value in values]
        return self.column.write_all(values)

    def _numbers(self, texts: list[str]) -> list[ReadyCell] | None:
        """Cells of numbers, which seldom come again; None where any is something else or wider than the column."""
        widths = self._look.measure.number_widths(texts)
        if widths is None or max(widths) > self._room:
            return None
        end, color, new = self.column.width - self._look.padding - self._indent, self._color, tuple.__new__
        # NOTE: all fields are given, since this makes a tuple and no more, in half the time.
        return [
            new(ReadyCell, (end - width, text, color, None, (), None, None, 0))
            for text, width in zip(texts, widths, strict=True)
        ]

    # -- one ----------------------------------------------------------------------------------------------------------

    def _plain_text(self, text: str, color: str) -> ReadyCell:
        measure, padding, column, color = self._measure, self._look.padding, self.column, color or self._color
        align = self._align_of(text)
        if align == "start":
            # Where it begins does not depend on its width, which is asked for only when it may be too wide.
            if measure.rough_width(text) > self._room:
                text = measure.cut(text, self._room)
            return ReadyCell(padding + self._indent, directed(text), color)
        text, advance = self._fitted(text, measure)
        free = column.width - padding - self._indent - advance if align == "end" else (column.width - advance) / 2
        return ReadyCell(free, directed(text), color)

    def _align_of(self, text: str) -> str:
        """The side at which a text stands: that at which it is read first, or else the column's."""
        if not self._is_free or (text.isascii() and not self._is_turned):
            return self._align
        return {"left": "start", "right": "end"}.get(direction(text), self._align)

    def _fitted(self, text: str, measure: Measure) -> tuple[str, float]:
        """The text and its width, cut where the room ends."""
        if len(text) < _MEASURED and (advance := measure.width(text)) <= self._room:
            return text, advance
        return measure.fit(text, self._room)


def _reader(columns: dict[str, list[Any]], at: int) -> Any:
    """A function path → value for one row of a block."""
    return lambda path: columns[path][at] if path in columns else None
