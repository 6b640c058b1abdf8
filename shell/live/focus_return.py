"""The focus through a newer layout: where what had it is made anew, the new one in its place gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from shell.focus import around, kind_of

if TYPE_CHECKING:
    from shell.window import Window

#: How often it is looked for, and the ms between two looks: forms have their fields once the table is known.
_LOOKS, _LOOK_MS = 100, 20


class _Step(NamedTuple):
    """A widget of a layout within the one around it.

    Attributes:
        id: Its id; empty when it has none.
        kind: Its kind.
        number: How many of this kind stand before it there.
    """

    id: str
    kind: str
    number: int


class FocusReturn(QObject):
    """Notes what has the focus in a window's body, to be made before the body is changed.

    Args:
        window: The window.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._looks = window, 0
        self._had = window.focusWidget()
        parts = list(around(self._had, window)) if _is_in(window.body, self._had) else []
        self._path = [_step(part, window) for part in reversed(parts)]
        self._stand_in: QWidget | None = None

    def come_back(self) -> None:
        """Give the focus to what stands there now, as soon as it is there, unless the person goes elsewhere."""
        window = self._window
        focus = window.focusWidget()
        if not self._path or _is_in(window.body, focus) or not window.isVisible():
            self.deleteLater()
            return
        self._stand_in = window
        window.setFocus()  # nothing else gets the keys meanwhile
        self._look()

    def _look(self) -> None:
        window, found = self._window, self._found()
        self._looks += 1
        is_over = window.is_closing or window.focusWidget() not in (None, self._stand_in) or self._looks > _LOOKS
        if is_over or (found is not None and _takes_focus(found)):
            self.deleteLater()
        else:
            QTimer.singleShot(_LOOK_MS, self, self._look)

    def _found(self) -> QWidget | None:
        here: QWidget | None = self._window
        for step in self._path:
            here = next((one for one in _within(here) if _step(one, self._window) == step), None)
            if here is None:
                return None
        return here


def _is_in(body: QWidget | None, widget: QWidget | None) -> bool:
    return body is not None and widget is not None and (widget is body or body.isAncestorOf(widget))


def _takes_focus(widget: QWidget) -> bool:
    """Whether the focus is in it now."""
    from shell.focus_order import enter

    if not widget.isVisible() or not enter(widget):
        return False
    focus = widget.window().focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))


def _within(widget: QWidget) -> list[QWidget]:
    """The widgets of layouts that stand in this one and in none between."""
    found: list[QWidget] = []
    waiting = _children(widget)[::-1]
    while waiting:
        one = waiting.pop()
        if kind_of(one):
            found.append(one)
        else:
            waiting += _children(one)[::-1]
    return found


def _children(widget: QWidget) -> list[QWidget]:
    return widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)


def _step(widget: QWidget, window: QWidget) -> _Step:
    outer = next(around(widget.parentWidget(), window), None) or window
    same = [one for one in _within(outer) if kind_of(one) == kind_of(widget)]
    node = getattr(widget, "node", None)
    return _Step(getattr(node, "id", "") or "", kind_of(widget), same.index(widget) if widget in same else 0)
