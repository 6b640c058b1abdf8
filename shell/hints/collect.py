"""Everything in sight of a window that a person may choose, read from its widgets in one walk.

What is hidden, disabled, scrolled away or covered is left out. Widgets that answer later are told of as such.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from shell.hints.teller import teller_of
from widgets.hint import HintTarget, TakeTargets

#: What shows less of itself than this, in pixels, is not in sight.
_LEAST = 4


class Found(NamedTuple):
    """A target of a window.

    Attributes:
        target: What it is.
        rect: The part in sight, in pixels of the window.
        owner: The widget that told of it.
    """

    target: HintTarget
    rect: QRect
    owner: QWidget


class Later(NamedTuple):
    """A widget that tells its targets later; call ``then`` with who takes them."""

    owner: QWidget
    then: Callable[[Callable[[list[Found]], None]], None]


class Walk:
    """One walk through a window.

    Attributes:
        found: What was told at once.
        later: Who tells more.
        owners: Each widget that told of something, with its place and size in the window, as they were then.
    """

    def __init__(self, root: QWidget) -> None:
        self._root = root
        self.found: list[Found] = []
        self.later: list[Later] = []
        self._below(root, QPoint(0, 0), root.rect())

    def _below(self, widget: QWidget, origin: QPoint, clip: QRect) -> None:
        parts = getattr(widget, "hint_parts", None)
        for child in widget.children() if parts is None else parts():
            if not child.isWidgetType() or child.isHidden() or child.isWindow():
                continue
            place = child.geometry().translated(origin)
            seen = place.intersected(clip)
            if seen.width() < _LEAST or seen.height() < _LEAST or not child.isEnabled():
                continue
            tell, is_whole = teller_of(child)
            if tell is not None:
                self._ask(child, place.topLeft(), seen, tell)
            if not is_whole:
                self._below(child, place.topLeft(), seen)

    def _ask(self, owner: QWidget, corner: QPoint, seen: QRect, tell: Callable[[QWidget, TakeTargets], None]) -> None:
        waiting = _Answer(self._root, owner, corner, seen)
        tell(owner, waiting.take)
        if waiting.found is None:
            self.later.append(Later(owner, waiting.hand_on))
        else:
            self.found += waiting.found


class _Answer:
    """What one widget tells: kept until it is asked for."""

    def __init__(self, root: QWidget, owner: QWidget, corner: QPoint, seen: QRect) -> None:
        self._root, self._owner, self._corner, self._seen = root, owner, corner, seen
        self.found: list[Found] | None = None
        self._then: Callable[[list[Found]], None] | None = None

    def take(self, targets: list[HintTarget]) -> None:
        """The widget's answer."""
        self.found = [one for target in targets if (one := self._place(target)) is not None]
        if self._then is not None:
            self._then(self.found)

    def hand_on(self, then: Callable[[list[Found]], None]) -> None:
        """Tell the answer when it comes."""
        self._then = then

    def _place(self, target: HintTarget) -> Found | None:
        rect = target.rect.translated(self._corner).intersected(self._seen)
        if rect.width() < _LEAST or rect.height() < _LEAST:
            return None
        hit, owner = self._root.childAt(rect.center()), self._owner
        if hit is not owner and (hit is None or not owner.isAncestorOf(hit)):
            return None
        return Found(target, rect, owner)
