"""The grid as assistive technology walks it: headings and the cells in sight, each with row, column, name and value.

Cells are places on the screen, made once and read anew, so their number stays small however many rows there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleTableCellInterface
from PySide6.QtWidgets import QScrollBar, QWidget

from kernel.words import say
from widgets.grid.accessible import count_of, order_of_column
from widgets.listing.accessible import Place, Walked

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

#: Qt counts rows in int.
_LAST_ROW = (1 << 31) - 1
_ROLE, _TEXT = QAccessible.Role, QAccessible.Text


class GridTable(Walked):
    """A table whose children are its headings, then the cells of the rows in sight, row by row, then what stands around
    and over them: filter boxes, the find bar, an open editor."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid, _ROLE.Table)
        self.grid = grid

    def first_row(self) -> int:
        """The first row in sight."""
        return self.grid.places.first_row()

    def rows_in_sight(self) -> int:
        """How many rows are children now."""
        return max(min(self.grid.places.page_rows() + 2, self.grid.row_count() - self.first_row()), 0)

    def cell_count(self) -> int:
        """Headings and cells."""
        return len(self.grid.columns) * (1 + self.rows_in_sight())

    def others(self) -> list[QWidget]:
        """The widgets around the rows and over them, as far as they are shown."""
        grid, direct = self.grid, Qt.FindChildOption.FindDirectChildrenOnly
        drawn = (grid.viewport(), grid.header, grid.corner)
        around = [part for part in grid.findChildren(QWidget, options=direct) if part not in drawn]
        over = grid.viewport().findChildren(QWidget, options=direct)
        return [part for part in (*around, *over) if part.isVisible() and not part.findChild(QScrollBar)]

    def childCount(self) -> int:  # Qt's name
        """Cells and what is around them; never as many as there are rows."""
        return self.cell_count() + len(self.others())

    def child(self, index: int) -> QAccessibleInterface | None:
        """A heading, a cell, or a widget."""
        cells = self.cell_count()
        if 0 <= index < cells:
            slot, column = divmod(index, len(self.grid.columns))
            return self.cell(slot - 1, column)
        others = self.others()
        return QAccessible.queryAccessibleInterface(others[index - cells]) if 0 <= index - cells < len(others) else None

    def cell(self, slot: int, column: int) -> QAccessibleInterface:
        """The cell at a place in sight; slot -1 is the heading."""
        return self.place((slot, column), lambda: GridCell(self, slot, column))

    def index_of(self, row: int, column: int) -> int:
        """The child index of a cell, -1 when it is out of sight."""
        slot = row - self.first_row()
        return (slot + 1) * len(self.grid.columns) + column if 0 <= slot < self.rows_in_sight() else -1

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # Qt's name
        """See :meth:`child`."""
        if isinstance(child, GridCell):
            return (child.slot + 1) * len(self.grid.columns) + child.column
        others = self.others()
        return self.cell_count() + others.index(child.object()) if child.object() in others else -1

    def focusChild(self) -> QAccessibleInterface | None:  # Qt's name
        """The current cell, while the grid has the focus."""
        grid, focus = self.grid, self.grid.window().focusWidget()
        if focus is not None and focus is not grid and grid.isAncestorOf(focus):
            return QAccessible.queryAccessibleInterface(focus)
        index = self.index_of(grid.current.row, grid.current.column)
        return self.child(index) if grid.hasFocus() and index >= 0 else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # Qt's name
        """The cell at a place of the screen."""
        place = self.grid.viewport().mapFromGlobal(QPoint(x, y))
        row, column = self.grid.places.row_at(place.y()), self.grid.places.column_at(place.x())
        index = self.index_of(row, column)
        return self.child(index) if row >= 0 and column >= 0 and index >= 0 else None


class GridCell(Place):
    """One heading or cell; what it says is read from the grid at each question."""

    def __init__(self, table: GridTable, slot: int, column: int) -> None:
        super().__init__(table)
        self.table, self.slot, self.column = table, slot, column
        self._place = CellPlace(self)

    @property
    def row(self) -> int:
        """Its row in the table, from 0; -1 for a heading."""
        return -1 if self.slot < 0 else self.table.first_row() + self.slot

    def isValid(self) -> bool:  # Qt's name
        """Whether the grid still has such a column and row."""
        grid = self.table.grid
        return self.column < len(grid.columns) and self.row < grid.row_count()

    def role(self) -> QAccessible.Role:
        """Cell or ColumnHeader."""
        return _ROLE.ColumnHeader if self.slot < 0 else _ROLE.Cell

    def rect(self) -> QRect:
        """Where it is on the screen."""
        grid = self.table.grid
        if not self.isValid():
            return QRect()
        if self.slot < 0:
            corner = grid.header.mapToGlobal(QPoint(grid.places.column_left(self.column), 0))
            return QRect(corner, QSize(grid.columns[self.column].width, grid.header.height()))
        box = grid.places.cell_rect(self.row, self.column)
        return QRect(grid.viewport().mapToGlobal(box.topLeft()), box.size())

    def text(self, kind: QAccessible.Text) -> str:
        """The name is what stands in it, the description its heading and row."""
        grid = self.table.grid
        if not self.isValid():
            return ""
        label = grid.columns[self.column].label
        if self.slot < 0:
            return {_TEXT.Name: label, _TEXT.Description: order_of_column(grid, self.column)}.get(kind, "")
        if kind in (_TEXT.Name, _TEXT.Value):
            return grid.cell_text(self.row, self.column)
        if kind != _TEXT.Description:
            return ""
        waits = grid.handle.pending_text(grid.row_key(self.row), grid.rows.query())
        said = grid.content.mark(grid.row_key(self.row), grid.columns[self.column].path)
        place = say("{label}, row {value} of {total}", label=label, value=self.row + 1, total=count_of(grid))
        return ", ".join(part for part in (place, waits, said.message if said is not None else "") if part)

    def state(self) -> QAccessible.State:
        """Whether it can have the focus, has it, is selected, and whether its row is open or closed."""
        state, grid = QAccessible.State(), self.table.grid
        if self.slot < 0 or not self.isValid():
            return state
        is_current = (self.row, self.column) == (grid.current.row, grid.current.column)
        state.focusable = state.selectable = True
        state.focused = is_current and grid.hasFocus()
        state.selected = self._place.isSelected()
        state.readOnly = not grid.can_edit(grid.columns[self.column]) or bool(grid.why_not("edit"))
        if grid.outline is not None and grid.outline.can_open(self.row):
            state.expandable = True
            state.expanded = grid.outline.is_open(self.row)
            state.collapsed = not state.expanded
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """Its place in the table."""
        return self._place if kind == QAccessible.InterfaceType.TableCellInterface else None


class CellPlace(QAccessibleTableCellInterface):
    """Row, column and headings of one cell."""

    def __init__(self, cell: GridCell) -> None:
        super().__init__()
        self._cell = cell

    def rowIndex(self) -> int:  # Qt's name
        """From 0, in the whole table."""
        return min(self._cell.row, _LAST_ROW)

    def columnIndex(self) -> int:  # Qt's name
        """From 0."""
        return self._cell.column

    def rowExtent(self) -> int:  # Qt's name
        """One row."""
        return 1

    def columnExtent(self) -> int:  # Qt's name
        """One column."""
        return 1

    def isSelected(self) -> bool:  # Qt's name
        """Whether it is in the selection."""
        grid = self._cell.table.grid
        return grid.selection.contains(self._cell.row, self._cell.column)

    def columnHeaderCells(self) -> list[QAccessibleInterface]:  # Qt's name
        """Its column's heading."""
        return [self._cell.table.cell(-1, self._cell.column)]

    def rowHeaderCells(self) -> list[QAccessibleInterface]:  # Qt's name
        """Rows have none."""
        return []

    def table(self) -> QAccessibleInterface:
        """The grid."""
        return self._cell.table
