"""The widths of a grid's columns: what headings and rows need, what the person dragged, how the room is shared.

The sharing itself is arithmetic in ``fit``; here is what each column asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.grid.column import GridColumn
from widgets.grid.fit import Wish, fit_widths
from widgets.grid.header_paint import GAP, order_of, order_room, orders_of
from widgets.grid.renderer.table import renderer

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: A fitted column's narrowest and widest, in pixels; how narrow a column of texts gets to fit; rows measured
#: at least and at most.
NARROWEST, WIDEST, LEAST_TEXT, MEASURED_AT_LEAST, MEASURED = 48, 320, 96, 24, 60
#: Texts that are no longer than this are fitted like numbers.
FEW_LETTERS = 8


class ColumnWidths:
    """Sets ``width`` of a grid's columns.

    Attributes:
        is_fitted: Whether the columns were measured by rows already.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.is_fitted = False

    def resize(self, index: int, width: int) -> None:
        """Give a column another width in pixels; it keeps it from now on."""
        grid = self._grid
        column = grid.columns[index]
        column.width = column.wanted_width = width
        column.is_pinned = True
        grid.arrangement.note_width(column)
        grid.places.update_bars()
        grid.header.update()
        grid.viewport().update()

    def fit(self, index: int) -> None:
        """Fit a column to its heading and the rows in sight."""
        self.resize(index, self._needed(index))

    def fit_all(self) -> None:
        """Measure all columns by the rows in sight and share the room."""
        sample = self._sample()
        for index, column in enumerate(self._grid.columns):
            column.needed_width = self._needed(index, sample)
        self.is_fitted = True
        self.fill()

    def fill(self) -> None:
        """Let the columns fill the view: narrower ones rather than one cut off, none empty at the end."""
        columns = self._grid.columns
        widths = fit_widths([_wish(column) for column in columns], self._grid.viewport().width())
        for column, width in zip(columns, widths, strict=True):
            column.width = width

    def grow(self, factor: float) -> None:
        """Texts are as much larger; columns that the person gave a width keep it."""
        for column in self._grid.arrangement.all:
            if not column.is_pinned:
                column.wanted_width = round(column.wanted_width * factor)
                column.needed_width = round(column.needed_width * factor)
        self.fit_all() if self.is_fitted else self.fill()

    def _sample(self) -> list[tuple[int, list[Any], dict[str, str]]]:
        """The rows in sight that are here: place, what :meth:`Content.texts` says of them, emphasis."""
        grid, content = self._grid, self._grid.content
        first = grid.places.first_row()
        # Rows may come before the grid has its height, so that few of them seem to be in sight.
        measured = min(max(grid.places.page_rows(), MEASURED_AT_LEAST), MEASURED)
        rows = range(first, min(first + measured, grid.row_count()))
        return [(row, texts, content.emphasis(row)) for row in rows if (texts := content.texts(row)) is not None]

    def _needed(self, index: int, sample: list[tuple[int, list[Any], dict[str, str]]] | None = None) -> int:
        grid, look, column = self._grid, self._grid.look, self._grid.columns[index]
        heading = look.heading_metrics.horizontalAdvance(column.heading) + self._arrow_room(column)
        widths = [heading, self._summary_room(index)]
        more = look.theme.length(renderer(column.look).extra_width) + (look.icon_room if column.icon_path else 0)
        outline = grid.outline if index == 0 else None
        for row, texts, emphasis in self._sample() if sample is None else sample:
            is_strong = bool(emphasis) and emphasis.get(column.path, emphasis.get("")) == "strong"
            text = look.strong_metrics.horizontalAdvance(texts[index][0]) if is_strong else texts[index][1]
            widths.append(text + more + (outline.indent(row) if outline is not None else 0))
        # The rows in sight tell little of how long texts are further down.
        least = LEAST_TEXT if column.is_flexible and not 0 < _most_letters(column) <= FEW_LETTERS else NARROWEST
        return int(min(max(max(widths) + 2 * look.padding + 2, least), WIDEST * look.scale))

    def widen(self) -> None:
        """Give numbers and dates of rows that have come the room they take: a number that is cut reads as another."""
        columns, sample = self._grid.columns, self._sample()
        grown = {
            index: needed
            for index, column in enumerate(columns)
            if self.is_fitted and not (column.is_flexible or column.is_pinned or renderer(column.look).width)
            and (needed := self._needed(index, sample)) > max(column.width, column.needed_width or 0)
        }  # fmt: skip
        if grown:
            here, view = self._grid.current.column, self._grid.viewport()
            is_seen = here < len(columns) and 0 < self._grid.places.column_right(here) <= view.width()
            for index, needed in grown.items():
                columns[index].needed_width = columns[index].wanted_width = needed
            self.fill()
            self._grid.take_arrangement()
            if is_seen:
                # Where the person is stays in sight beside columns that grew.
                self._grid.places.scroll_to_column(here)

    def make_room(self) -> None:
        """Let columns that are sorted, filtered or summarized by now have room for that, where nobody gave them a
        width."""
        look, is_other = self._grid.look, False
        for index, column in enumerate(self._grid.columns):
            heading = look.heading_metrics.horizontalAdvance(column.heading) + self._arrow_room(column)
            needed = int(min(max(heading, self._summary_room(index)) + 2 * look.padding + 2, WIDEST))
            if not column.is_pinned and self.is_fitted and needed > column.width:
                column.needed_width = column.wanted_width = needed
                is_other = True
        if is_other:
            self.fill()
            self._grid.take_arrangement()

    def _summary_room(self, index: int) -> float:
        """What the figure below the rows takes, in pixels."""
        bands, metrics = self._grid.bands, self._grid.look.strong_metrics
        band = bands.get("totals") or bands.get("summary")
        sign, figure = band.text(index) if band is not None and not band.isHidden() else ("", "")
        return metrics.horizontalAdvance(f"{sign} {figure}") + 6 if figure else 0

    def _arrow_room(self, column: GridColumn) -> int:
        """What arrow, rank and funnel take beside a column's heading, in pixels."""
        funnel = self._grid.look.funnel + GAP if self._grid.is_filtered(column) else 0
        return max(order_room(order_of(column, orders_of(self._grid)), self._grid.look.scale) + funnel, 4)


def _most_letters(column: GridColumn) -> int:
    """How long a text of the column may be, 0 for any length."""
    return column.column.max_length or 0 if column.column is not None and column.labelled is None else 0


def _wish(column: GridColumn) -> Wish:
    """What a column asks of the room; one that the person resized keeps its width."""
    wanted = column.wanted_width or column.needed_width or column.width or LEAST_TEXT
    if column.is_pinned:
        return Wish(wanted, wanted, wanted, False)
    needed = column.needed_width or wanted
    return Wish(wanted, needed, LEAST_TEXT if column.is_flexible else min(needed, wanted), column.is_flexible)
