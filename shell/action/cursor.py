"""Commands that move the cursor, select from it and begin to type at it; keymaps with modes bind letters to them."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kernel.error import EspalierError
from kernel.words import say
from shell.cursor_view import FIELD_KINDS, cursor_view, rows_at
from shell.focus import around, kind_of

_VISUAL = "visual"
#: Where a line is brought to, as a share of the view's height.
_SHARES = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


def move(window: Any, way: Literal["up", "down", "left", "right"], count: int = 1) -> None:
    """Go up or down by rows, fields or lines, left or right by cells or letters."""
    cursor_view(window).step(way, max(count, 1))


def go_first(window: Any, count: int = 1) -> None:
    """Go to the first row, or to the one with that number."""
    cursor_view(window).go(max(count, 1) - 1)


def go_last(window: Any, count: int = 0) -> None:
    """Go to the last row, or to the one with that number."""
    cursor_view(window).go(count - 1)


def go_edge(window: Any, way: Literal["start", "end"]) -> None:
    """Go to the first or the last cell of the row, or to the end of the line."""
    cursor_view(window).go_edge(way)


def page(window: Any, pages: float, count: int = 1) -> None:
    """Go on by so many pages; a negative number goes back."""
    cursor_view(window).pages(pages * max(count, 1))


def scroll(window: Any, place: Literal["top", "middle", "bottom"]) -> None:
    """Scroll so that the current row stands there; it stays the current one."""
    cursor_view(window).scroll(_SHARES[place])


def go_in_sight(window: Any, place: Literal["top", "middle", "bottom"]) -> None:
    """Go to the row that stands there."""
    cursor_view(window).go_in_sight(_SHARES[place])


def select(window: Any, shape: Literal["cells", "rows", "columns"] = "cells") -> None:
    """Select from here on as the cursor moves; once more, or Escape, ends it."""
    view = _rows(window)
    if _VISUAL in window.keys.modes.names():
        window.keys.modes.escape()
        return
    selection = view.selection
    if shape != "cells" and hasattr(selection, "take_in"):
        selection.take_in(shape)
    window.keys.modes.enter(_VISUAL, lambda: _unselect(view))


def copy(window: Any, count: int = 0) -> None:
    """Copy what is selected, else whole rows, so many from this one on; in a field its text."""
    focus = QApplication.focusWidget()
    view = rows_at(window)
    if view is None:
        _copy_text(focus)
        return
    is_selecting = _VISUAL in window.keys.modes.names()
    if not is_selecting:
        _take_rows(view, count)
    (view.block.copy if kind_of(view) == "grid" else view.copy)()
    _unselect(view)
    if is_selecting:
        window.keys.modes.escape()


def delete(window: Any, count: int = 0) -> None:
    """Delete what is selected, else so many rows from this one on; asks as ever."""
    view = _rows(window)
    if _VISUAL in window.keys.modes.names():
        window.keys.modes.escape_keeping()
    elif count > 1:
        _take_rows(view, count)
    view.delete_rows()


def begin(window: Any, is_empty: bool = False) -> None:
    """Begin to type: into the current cell, the name of the item, or the field."""
    view = rows_at(window)
    if view is None:
        if not window.keys.type_here():
            window.keys.press(Qt.Key.Key_Space)
        elif is_empty:
            window.keys.press(Qt.Key.Key_End)
            window.keys.press(Qt.Key.Key_Home, modifiers=Qt.KeyboardModifier.ShiftModifier)
            window.keys.press(Qt.Key.Key_Delete)
    elif kind_of(view) != "grid":
        view.rename_row()
    elif view.editing.open() and is_empty:
        window.keys.press(Qt.Key.Key_A, modifiers=Qt.KeyboardModifier.ControlModifier)
        window.keys.press(Qt.Key.Key_Delete)


def leave(window: Any) -> None:
    """Stop typing and keep what was typed: the cell is written, the field is left as it is."""
    grid = _editing_grid()
    if grid is None:
        if not window.keys.stop_typing() and not leave_search(window):
            window.keys.press(Qt.Key.Key_Escape)
    elif not grid.editing.notice.text or not grid.editing.cell:
        grid.editing.accept()
    elif not grid.editing.accept():
        grid.editing.cancel()  # it was said already why it cannot be taken


def settle(window: Any) -> None:
    """Escape where letters are keys: what is selected or said goes, what was typed stays; a new row is written."""
    view = rows_at(window)
    if view is not None and kind_of(view) == "grid" and view.editing.draft is not None and view.editing.draft.typed():
        view.write_row()
        return
    form = next((one for one in around(window.focusWidget(), window) if kind_of(one) in FIELD_KINDS), None)
    if form is None or not (hasattr(form, "has_edits") and form.has_edits()):
        window.keys.press(Qt.Key.Key_Escape)


def add_row(window: Any) -> None:
    """Start a new row and type into its first cell."""
    window.registry.run("row.add")
    view = rows_at(window)
    if view is not None and kind_of(view) == "grid" and view.editing.is_draft(view.current.row):
        view.go(view.current.row, 0)
        view.editing.open()


def leave_search(window: Any) -> bool:
    """Go from a search box to the list; False when the focus is in none, or there is no list."""
    view = window.active_view()
    if view is None or not any(kind_of(one) == "search" for one in around(window.focusWidget(), window)):
        return False
    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    return True


def open_find(window: Any) -> None:
    """Look for words in the rows of the list, else go to the search box."""
    view = rows_at(window)
    if view is not None and kind_of(view) == "grid":
        view.use("find")
    else:
        window.registry.run("focus.search")


def _rows(window: Any) -> Any:
    view = rows_at(window)
    if view is None:
        raise EspalierError(say("there is no list here"))
    return view


def _editing_grid() -> Any:
    """The grid whose cell is being edited where the focus is, or None."""
    widget = QApplication.focusWidget()
    while widget is not None and not (kind_of(widget) == "grid" and hasattr(widget, "editing")):
        widget = widget.parentWidget()
    is_here = widget is not None and widget.editing.cell is not None
    return widget if is_here and widget.editing.cell.field.isAncestorOf(QApplication.focusWidget()) else None


def _take_rows(view: Any, count: int) -> None:
    """Select whole rows from the current one on."""
    if count > 1:
        row = view.current.row
        view.go(row + count - 1, is_extending=True)
    if hasattr(view.selection, "take_in_rows"):
        view.selection.take_in_rows()


def _unselect(view: Any) -> None:
    from shiboken6 import isValid

    if not isValid(view):
        return
    if kind_of(view) == "grid" and view.selection.anchor is not None:
        view.go(*view.selection.anchor)
    view.selection.clear()
    if hasattr(view, "take_selection"):
        view.take_selection()


def _copy_text(field: Any) -> None:
    text = getattr(field, "selectedText", str)() or getattr(field, "text", str)()
    if callable(getattr(field, "toPlainText", None)):
        text = field.toPlainText()
    if text:
        QApplication.clipboard().setText(text)
