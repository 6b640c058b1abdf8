"""What the rows of a grid say: values, texts and emphasis, made once per row and kept in its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kernel.tables.change import Key
from kernel.words import mark, say
from widgets.grid.mark import Mark
from widgets.grid.shown_text import LONGEST, shown_text
from widgets.grid.style import RowStyle, emphasis_of, outer_names, reader_with, row_styles

if TYPE_CHECKING:
    from kernel.disposer import Disposer
    from kernel.tables.schema import Schema
    from widgets.check import RowCheck
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid
    from widgets.grid.store import Store

#: What a check box says.
_CHECKED = {True: mark("yes"), False: mark("no"), None: mark("empty")}


class Content:
    """Reads a grid's pages, its draft and its marks; changes nothing but what pages keep of it."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.styles: list[RowStyle] = row_styles(grid.node)
        #: Names of the window that the styles read.
        self._outer: frozenset[str] = frozenset()
        self._stop: Disposer | None = None

    def take_schema(self, schema: Schema) -> None:
        """Follow the names of the window that styles read; all others are columns."""
        self.let_go()
        self._outer = outer_names(self.styles, schema)
        if self._outer:
            self._stop = self._grid.context.scope.watch(self._outer, self._forget_looks)
            self._grid.destroyed.connect(self._stop)

    def let_go(self) -> None:
        """Follow nothing any more."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def _forget_looks(self) -> None:
        for page in self._grid.rows.cache.pages.values():
            page.looks.clear()
        self._grid.ready.forget()
        self._grid.viewport().update()

    @cached_property
    def checks(self) -> list[RowCheck]:
        """The layout's rules over whole rows."""
        if not self._grid.node.of_kind("check"):
            return []
        from widgets.check import row_checks

        return row_checks(self._grid.node)

    @cached_property
    def store(self) -> Store:
        """What renderers make of values."""
        from widgets.grid.store import Store

        return Store(self._grid)

    def reader(self, row: int) -> Callable[[str], Any] | None:
        """A function path → value for one row, or None when the row is not here."""
        editing = self._grid.editing
        if editing.draft is not None and editing.is_draft(row):
            return editing.draft.values.get
        found = self._grid.rows.cache.find(row)
        if found is None:
            return None
        columns, index = found[0].block.columns, found[1]
        return lambda path: columns[path][index] if path in columns else None

    def line(self, column: GridColumn, value: Any) -> str:
        """A value as one line of a cell, short and without signs that cannot be painted."""
        if isinstance(value, str):
            # A text is cut before it is written: it may be of any size.
            return shown_text(column.write(value[:LONGEST]))
        return column.write(value)

    def texts(self, row: int) -> list[tuple[str, float, Any]] | None:
        """(text, width in pixels, value) for each column, or None when the row is not here."""
        found = self._grid.rows.cache.find(row)
        if found is not None and found[1] in found[0].texts:
            return found[0].texts[found[1]]
        read = self.reader(row)
        if read is None:
            return None
        texts, look = [], self._grid.look
        for column in self._grid.columns:
            value = column.shown_value(read)
            text = self.line(column, value)
            texts.append((text, look.weighted(column.weight)[1].width(text), value))
        if found is not None:
            found[0].texts[found[1]] = texts
        return texts

    def cell_text(self, row: int, index: int) -> str:
        """What a cell says, as a screen reader reads it: the edit under way, else the value."""
        column = self._grid.columns[index]
        if (mark := self.mark(self._grid.row_key(row), column.path)) is not None:
            return mark.text
        if column.look == "check" and (read := self.reader(row)) is not None:
            value = read(column.path)
            said = _CHECKED.get(value) if value is None or isinstance(value, bool) else ""
            return say(said) if said else str(value)
        texts = self.texts(row)
        return (texts[index][0] or say("empty")) if texts else say("loading")

    def emphasis(self, row: int) -> dict[str, str]:
        """Column path (empty = whole row) → emphasis."""
        if not self.styles or (found := self._grid.rows.cache.find(row)) is None:
            return {}
        page, index = found
        if index not in page.looks:
            read = reader_with(self.reader(row), self._outer, self._grid.context.scope.read)
            page.looks[index] = emphasis_of(self.styles, read)
        return page.looks[index]

    def mark(self, key: Key | None, path: str) -> Mark | None:
        """The cell's edit under way, or None."""
        marks = self._grid.editing.marks
        return marks.get((key, path)) if marks else None

    def forget_texts(self) -> None:
        """Texts are measured anew: fonts changed."""
        self._grid.ready.forget()
        for page in self._grid.rows.cache.pages.values():
            page.texts.clear()
