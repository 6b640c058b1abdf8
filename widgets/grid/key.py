"""The grid's keys as a table: (key, modifiers) → what happens. Those of columns and filters are in ``tool``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from layouts.kinds.grid_tool import Tool
from widgets.grid.tool import BY_KEY, use

if TYPE_CHECKING:
    from widgets.grid.grid import Grid

_NONE, _CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_KEY = Qt.Key

def _onward(grid: Grid) -> int:
    """How many columns the one to the right is farther on."""
    return -1 if grid.isRightToLeft() else 1


#: Key → (row, column) of the cell it leads to; with Shift it extends the selection.
MOVES: dict[tuple[int, Qt.KeyboardModifier], Callable[[Grid], tuple[int, int]]] = {
    (_KEY.Key_Up, _NONE): lambda grid: (grid.current.row - 1, grid.current.column),
    (_KEY.Key_Down, _NONE): lambda grid: (grid.current.row + 1, grid.current.column),
    (_KEY.Key_Left, _NONE): lambda grid: (grid.current.row, grid.current.column - _onward(grid)),
    (_KEY.Key_Right, _NONE): lambda grid: (grid.current.row, grid.current.column + _onward(grid)),
    (_KEY.Key_PageUp, _NONE): lambda grid: (grid.current.row - grid.places.page_rows(), grid.current.column),
    (_KEY.Key_PageDown, _NONE): lambda grid: (grid.current.row + grid.places.page_rows(), grid.current.column),
    (_KEY.Key_Home, _NONE): lambda grid: (grid.current.row, 0),
    (_KEY.Key_End, _NONE): lambda grid: (grid.current.row, len(grid.columns) - 1),
    (_KEY.Key_Home, _CTRL): lambda grid: (0, 0),
    (_KEY.Key_End, _CTRL): lambda grid: (grid.row_count() - 1, len(grid.columns) - 1),
    (_KEY.Key_Up, _CTRL): lambda grid: (0, grid.current.column),
    (_KEY.Key_Down, _CTRL): lambda grid: (grid.row_count() - 1, grid.current.column),
}

#: Key → action.
ACTIONS: dict[tuple[int, Qt.KeyboardModifier], Callable[[Grid], object]] = {
    (_KEY.Key_F2, _NONE): lambda grid: grid.editing.open(),
    (_KEY.Key_Return, _NONE): lambda grid: grid.activate() or grid.editing.enter(),
    (_KEY.Key_Enter, _NONE): lambda grid: grid.activate() or grid.editing.enter(),
    (_KEY.Key_Escape, _NONE): lambda grid: _escape(grid),
    (_KEY.Key_Insert, _CTRL): lambda grid: grid.add_row(),
    (_KEY.Key_Delete, _CTRL): lambda grid: grid.delete_rows(),
    (_KEY.Key_Delete, _NONE): lambda grid: grid.block.clear(),
    (_KEY.Key_C, _CTRL): lambda grid: grid.block.copy(),
    (_KEY.Key_C, _CTRL | _SHIFT): lambda grid: grid.block.copy_with_headings(),
    (_KEY.Key_X, _CTRL): lambda grid: grid.block.cut(),
    (_KEY.Key_V, _CTRL): lambda grid: grid.block.paste(),
    (_KEY.Key_D, _CTRL): lambda grid: grid.block.fill_down(),
    (_KEY.Key_R, _CTRL): lambda grid: grid.block.fill_right(),
    (_KEY.Key_D, _ALT): lambda grid: grid.block.fill_series(),
    (_KEY.Key_D, _CTRL | _SHIFT): lambda grid: grid.block.duplicate_rows(),
    (_KEY.Key_A, _CTRL): lambda grid: grid.selection.select_all(),
    (_KEY.Key_Space, _SHIFT): lambda grid: grid.selection.take_in_rows(),
    (_KEY.Key_Space, _CTRL): lambda grid: grid.selection.take_in_columns(),
    (_KEY.Key_Space, _CTRL | _SHIFT): lambda grid: grid.selection.select_all(),
    (_KEY.Key_F8, _SHIFT): lambda grid: grid.selection.start_adding(),
    (_KEY.Key_S, _CTRL): lambda grid: grid.write_row(),
    (_KEY.Key_F10, _SHIFT): lambda grid: grid.open_menu(),
}


def _escape(grid: Grid) -> bool:
    """What is dragged goes back; else what is edited, else what is waited for."""
    if grid.drag is not None:
        drag, grid.drag = grid.drag, None
        drag.end()
        return True
    return grid.header.cancel_drag() or grid.editing.escape() or grid.rows.give_up()


def tool_of(event: QKeyEvent) -> Tool | None:
    """The tool whose key it is, or None."""
    if not event.modifiers() & (_CTRL | _ALT | _SHIFT) and not _KEY.Key_F1 <= event.key() <= _KEY.Key_F35:
        return None
    code = event.key() | (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier).value
    return BY_KEY.get(QKeySequence(code).toString(QKeySequence.SequenceFormat.PortableText))


def handle_key(grid: Grid, event: QKeyEvent) -> bool:
    """Do what the key says; False leaves it to Qt."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if (tool := tool_of(event)) is not None:
        use(tool, grid)
        return True
    bare = modifiers & ~_SHIFT
    if (move := MOVES.get((event.key(), bare))) is not None:
        grid.go(*move(grid), is_extending=bool(modifiers & _SHIFT))
        return True
    if (action := ACTIONS.get((event.key(), modifiers))) is not None:
        return action(grid) is not False
    text = event.text()
    if text == " " and grid.columns and grid.columns[grid.current.column].look == "check":
        grid.editing.switch()
        return True
    if text and text.isprintable() and not modifiers & (_CTRL | _ALT):
        return grid.editing.open(text)
    return False
