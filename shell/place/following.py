"""Follows where a person goes in a window, so that they can go back: into another view, to another page, far in rows.

It begins once a window is painted; nothing of a start is a place that somebody left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import ref

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from shell.place.place import Place, go, place_in, view_around
from shell.place.trail import Trail
from widgets.outside import is_inside

if TYPE_CHECKING:
    from shell.window import Window

#: A move over more rows than these is one that somebody may want to take back.
FAR = 10


class Stop:
    """A place of one window of this process; two are the same when nobody could tell them apart."""

    def __init__(self, window: Window, place: Place) -> None:
        self._window, self.place = ref(window), place

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stop) and (self._window(), self.place) == (other._window(), other.place)

    __hash__ = None  # type: ignore[assignment]

    def go(self) -> bool:
        """Go there, in whichever window it is; False when it is gone."""
        window = self._window()
        if window is None or not isValid(window) or window.is_closing:
            return False
        return window.following.go(self.place)


class Following(QObject):
    """One window's person.

    Args:
        window: Where they are.
        trail: Where they were, in all windows of the process.
    """

    def __init__(self, window: Window, trail: Trail[Stop]) -> None:
        super().__init__(window)
        self._window, self.trail = window, trail
        self._view: QWidget | None = None
        #: The place in the view, and the number of its row, as they were at the last move.
        self._here: Place | None = None
        self._row = -1
        self._is_going = False
        self._watched: Any = None
        QApplication.instance().focusChanged.connect(self._follow)
        self._take(view_around(window, window.focusWidget()))

    def dispose(self) -> None:
        """Stop following."""
        QApplication.instance().focusChanged.disconnect(self._follow)
        self._watch(None)

    def here(self) -> Stop | None:
        """Where the person is now."""
        place = self._now()
        return Stop(self._window, place) if place is not None else None

    def go(self, place: Place) -> bool:
        """Go to a place without leaving a trail."""
        self._is_going = True
        try:
            is_there = go(self._window, place)
        finally:
            self._is_going = False
        self._take(view_around(self._window, QApplication.focusWidget()))
        return is_there

    def note(self) -> None:
        """The person is about to go elsewhere by a command."""
        if (here := self._now()) is not None:
            self.trail.leave(Stop(self._window, here))

    def _now(self) -> Place | None:
        view = self._view
        if view is not None and isValid(view) and view.isVisible():
            return place_in(self._window, view)
        return self._here

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._is_going or not is_inside(self._window, new):
            return
        view = view_around(self._window, new)
        if view is None or view is self._view:
            return
        if self._view is not None and (here := self._now()) is not None:
            self.trail.leave(Stop(self._window, here))
        self._take(view)

    def _take(self, view: QWidget | None) -> None:
        if view is None:
            return
        self._view = view
        self._here = place_in(self._window, view)
        self._row = getattr(view, "current_row", -1)
        self._watch(view)

    def _watch(self, view: QWidget | None) -> None:
        """Hear of moves of the view that the person is in."""
        before, self._watched = self._watched, None
        if before is not None and isValid(before[0]):
            before[0].disconnect(before[1])
        signal = getattr(view, "current_changed", None)
        if signal is not None:
            self._watched = (view, signal.connect(self._moved))

    def _moved(self, *_: Any) -> None:
        view, before = self._view, self._here
        if view is None or not isValid(view):
            return
        now, row = place_in(self._window, view), getattr(view, "current_row", -1)
        is_far = before is not None and (before.pages != now.pages or (self._row >= 0 and abs(row - self._row) > FAR))
        if is_far and not self._is_going and view.isAncestorOf(QApplication.focusWidget() or self._window):
            self.trail.leave(Stop(self._window, before))
        self._here, self._row = now, row


def follow(window: Window) -> Following:
    """Begin to follow a window's person; once."""
    if window.following is None:
        if window.desk.trail is None:
            window.desk.trail = Trail()
        window.following = Following(window, window.desk.trail)
        window.disposers.add(window.following.dispose)
    return window.following
