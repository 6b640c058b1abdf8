"""The keys of items as a table: (key, modifiers) → what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from widgets.items.view import ItemView

_NONE, _CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_KEY = Qt.Key


def _aside(view: ItemView, step: int) -> int:
    """The item beside the current one, where items stand beside each other."""
    if view.places.flow.per_line == 1:
        return view.current.row
    return view.current.row + (-step if view.isRightToLeft() else step)


def _page(view: ItemView, pages: int) -> int:
    return view.places.flow.step(view.current.row, pages * view.places.lines_in_sight())


#: Key → the item it leads to; with Shift it extends the selection.
MOVES: dict[int, Callable[[ItemView], int]] = {
    _KEY.Key_Up: lambda view: view.places.flow.step(view.current.row, -1),
    _KEY.Key_Down: lambda view: view.places.flow.step(view.current.row, 1),
    _KEY.Key_Left: lambda view: _aside(view, -1),
    _KEY.Key_Right: lambda view: _aside(view, 1),
    _KEY.Key_PageUp: lambda view: _page(view, -1),
    _KEY.Key_PageDown: lambda view: _page(view, 1),
    _KEY.Key_Home: lambda view: 0,
    _KEY.Key_End: lambda view: view.row_count() - 1,
}

#: Key → action; one that answers False leaves the key to the window.
ACTIONS: dict[tuple[int, Qt.KeyboardModifier], Callable[[ItemView], object]] = {
    (_KEY.Key_Return, _NONE): lambda view: view.activate(),
    (_KEY.Key_Enter, _NONE): lambda view: view.activate(),
    (_KEY.Key_C, _CTRL): lambda view: view.copy(),
    (_KEY.Key_A, _CTRL): lambda view: view.select_all(),
    (_KEY.Key_F2, _NONE): lambda view: view.rename_row(),
    (_KEY.Key_Insert, _CTRL): lambda view: view.add_row(),
    (_KEY.Key_Delete, _CTRL): lambda view: view.delete_rows(),
    (_KEY.Key_D, _CTRL | _SHIFT): lambda view: view.duplicate_rows(),
    (_KEY.Key_R, _ALT): lambda view: view.rows.put_in_order(),
    (_KEY.Key_Space, _CTRL): lambda view: _toggle(view),
    (_KEY.Key_F10, _SHIFT): lambda view: view.open_menu(),
    (_KEY.Key_Escape, _NONE): lambda view: _escape(view),
}


def _toggle(view: ItemView) -> None:
    view.selection.toggle(view.current.row)
    view.take_selection()


def _escape(view: ItemView) -> bool:
    """Escape: long work, what is said, the reading under way, then the selection."""
    if "actions" in view.__dict__ and view.actions.work.is_busy:
        view.actions.work.cancel()
        return True
    if view.notice.text:
        view.notice.hide()
        return True
    return view.rows.give_up() or _unselect(view)


def _unselect(view: ItemView) -> bool:
    was_several = view.selection.is_several()
    view.selection.clear()
    view.take_selection()
    return was_several


def is_own(event: QKeyEvent) -> bool:
    """Whether a key is one of the table's actions, before commands of the window see it."""
    return (event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier) in ACTIONS and event.key() not in (
        _KEY.Key_Escape,
    )


def handle_key(view: ItemView, event: QKeyEvent) -> bool:
    """Do what the key says; False leaves it to Qt."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    is_moving = not modifiers & ~(_SHIFT | _CTRL) and event.key() in MOVES
    if is_moving and (not modifiers & _CTRL or event.key() in (_KEY.Key_Home, _KEY.Key_End)):
        view.go(MOVES[event.key()](view), is_extending=bool(modifiers & _SHIFT))
        return True
    if (action := ACTIONS.get((event.key(), modifiers))) is not None:
        return action(view) is not False
    text = event.text()
    if text and text.isprintable() and not modifiers & (_CTRL | _ALT):
        from widgets.items.jump import jump

        return jump(view, text)
    return False
