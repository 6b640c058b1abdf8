"""What grouped rows and trees have in common in a grid: what is open, and the keys and presses that open and close.

A grid has one while its rows are grouped or are a tree, else none; it gives the grid's rows another reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from kernel.tables.change import Key, TableChange
from kernel.tables.outline.row import OUTLINE, GroupRow, Opened, TreeRow
from widgets.grid.outline_paint import triangle_left
from widgets.grid.outline_reader import OutlineReader

if TYPE_CHECKING:
    from widgets.grid.cell_plan import Plan
    from widgets.grid.grid import Grid

#: So many rows tell how wide columns are; with fewer they are fitted again when more come.
FITTED = 8
_KEY, _NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
#: Keys that change places where lines begin at the right.
_TURNED: dict[int, int] = {_KEY.Key_Left: _KEY.Key_Right, _KEY.Key_Right: _KEY.Key_Left}


class Outline(QObject):
    """One grid's.

    Attributes:
        opened: What is open.
        reader: Reads the rows.
    """

    #: Key pressed → method that answers whether it did anything; for the rows that can be opened.
    KEYS: dict[int, str] = {
        _KEY.Key_Right: "step_in", _KEY.Key_Left: "step_out", _KEY.Key_Space: "toggle", _KEY.Key_Return: "toggle",
        _KEY.Key_Enter: "toggle", _KEY.Key_Plus: "step_open", _KEY.Key_Minus: "close", _KEY.Key_Asterisk: "open_below",
    }  # fmt: skip

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self.grid = grid
        self.opened = Opened()
        #: How many rows columns were fitted to; lines of groups say nothing of their widths.
        self._fitted = 0
        self.reader: OutlineReader
        # NOTE: connected before the rows hear, or in the same turn: they are read a turn later.
        grid.handle.changed.connect(self._hear)
        grid.rows.reloaded.connect(self._fit)

    def begin(self) -> None:
        """Give the grid's rows this reader."""
        self.grid.outline = self
        self.grid.destroyed.connect(self.reader.close)
        self.grid.rows.take_outline(self)
        self.grid.ready.forget()

    def end(self) -> None:
        """The rows are those of the table again."""
        self.grid.handle.changed.disconnect(self._hear)
        self.grid.rows.reloaded.disconnect(self._fit)
        self.reader.close()
        self.deleteLater()
        self.grid.outline = None
        self.grid.rows.take_outline(None)
        self.grid.ready.forget()

    def _hear(self, _change: TableChange) -> None:
        self.reader.forget()

    def _fit(self) -> None:
        grid = self.grid
        first = grid.places.first_row()
        rows = range(first, min(first + grid.places.page_rows(), grid.row_count()))
        shown = sum(1 for row in rows if grid.row_key(row) and not self.refuses(row))
        if self._fitted < min(shown, FITTED):
            self._fitted = shown
            grid.widths.fit_all()
            grid.places.update_bars()
        elif self._fitted:
            # Deeper levels begin further in.
            grid.widths.widen()

    # -- for each kind of outline -------------------------------------------------------------------------------------

    @property
    def shape(self) -> Any:
        """What decides which rows there are, beside the query."""
        raise NotImplementedError

    def name_of(self, row: int) -> Any:
        """What the row is called in :attr:`opened`."""
        raise NotImplementedError

    def depth_of(self, row: int) -> int:
        """The level of :attr:`opened` that the row is in."""
        raise NotImplementedError

    def row_above(self, row: int) -> Key | None:
        """The key of the row that this one stands under; None at the top."""
        raise NotImplementedError

    def has_keys(self, row: int) -> bool:
        """Whether :attr:`KEYS` work in the row, given where the person is."""
        raise NotImplementedError

    def open_below(self) -> bool:
        """Open the current row and everything under it."""
        raise NotImplementedError

    def open_level(self, is_open: bool) -> None:
        """Open or close everything."""
        raise NotImplementedError

    def keep(self) -> None:
        """Remember what is open for the next time."""

    def take_columns(self) -> None:
        """The columns, or their summaries, are others."""

    def given(self) -> dict[str, Any]:
        """What a new row takes from where the person is."""
        return {}

    def refuses(self, row: int) -> str:
        """Why the row cannot be edited; empty when it can."""
        return ""

    def go_to(self, key: Key, column: int | None = None) -> None:
        """Open what hides the row with that key, and go there."""
        raise NotImplementedError

    def plans(self, plans: list[Plan], row: int) -> list[Plan]:
        """How the row's cells are made ready."""
        return plans

    def emphasis(self, row: int, given: dict[str, str]) -> dict[str, str]:
        """How the row's cells look."""
        return given

    def indent(self, row: int) -> int:
        """How far in the row's first cell begins, in pixels."""
        return 0

    def paint_row(self, painter: QPainter, row: int, top: int, columns: Any) -> bool:
        """Paint a row that has no cells; False when it is like others."""
        return False

    def paint_over(self, painter: QPainter, row: int, top: int, columns: Any) -> None:
        """Paint what belongs to a row beside its cells."""

    def cell_text(self, row: int, column: int) -> str:
        """What a cell says beside or in place of its value; empty for nothing."""
        return ""

    # -- rows ---------------------------------------------------------------------------------------------------------

    def mark(self, row: int) -> GroupRow | TreeRow | None:
        """What the list says of a row; None when nothing, or when the row is not here."""
        found = self.grid.rows.cache.find(row)
        column = found[0].block.columns.get(OUTLINE) if found is not None else None
        return column[found[1]] if column is not None and found is not None else None

    def is_open(self, row: int) -> bool:
        """Whether rows under it follow."""
        mark = self.mark(row)
        return mark is not None and mark.is_open

    def can_open(self, row: int) -> bool:
        """Whether there are rows under it."""
        mark = self.mark(row)
        return isinstance(mark, GroupRow) or isinstance(mark, TreeRow) and mark.children > 0

    def set_opened(self, opened: Opened) -> None:
        """Other rows are open."""
        if opened != self.opened:
            self.opened = opened
            self.grid.selection.clear()
            self.keep()
            self.grid.rows.reload()
            self.grid.rows.go_after(self._tell)

    def _tell(self) -> None:
        from widgets.grid.accessible import tell_opened

        if self.grid.outline is self:
            tell_opened(self.grid)

    # -- keys and presses ---------------------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what the key says for the current row; False leaves it to the grid."""
        row, modifiers = self.grid.current.row, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_sign = event.key() in (_KEY.Key_Plus, _KEY.Key_Asterisk)
        if row < 0 or self.grid.is_editing() or (modifiers != _NONE and not is_sign) or not self.has_keys(row):
            return False
        method = self.KEYS.get(_TURNED.get(event.key(), event.key()) if self.grid.isRightToLeft() else event.key())
        return method is not None and getattr(self, method)()

    def toggle(self, row: int = -1) -> bool:
        """Open a row, or close it; the current one by default."""
        row = self.grid.current.row if row < 0 else row
        if not self.can_open(row):
            return False
        self.set_opened(self.opened.toggled(self.name_of(row)))
        return True

    def step_open(self) -> bool:
        """Open the current row."""
        return self.is_open(self.grid.current.row) or self.toggle()

    def close(self) -> bool:
        """Close the current row."""
        return not self.is_open(self.grid.current.row) or self.toggle()

    def step_in(self) -> bool:
        """Open the current row; when it is open, go to the first row under it."""
        row = self.grid.current.row
        if not self.can_open(row):
            return False
        if not self.is_open(row):
            return self.toggle()
        self.grid.go(row + 1)
        return True

    def step_out(self) -> bool:
        """Close the current row; when it is closed, go to the row that it stands under."""
        row = self.grid.current.row
        if self.is_open(row):
            return self.toggle()
        above = self.row_above(row)
        if above is None:
            return False
        self.grid.go_to(above)
        return True

    def handle_press(self, event: QMouseEvent, row: int) -> bool:
        """Open or close the row when its triangle was pressed."""
        mark = self.mark(row)
        if event.button() != Qt.MouseButton.LeftButton or mark is None or not self.can_open(row):
            return False
        grid = self.grid
        left = triangle_left(grid, mark.depth)
        if not left - 4 <= event.position().x() <= left + grid.look.triangle + 4:
            return False
        grid.go(row)
        return self.toggle(row)
