"""Everything in sight of a window that a person may choose, read from its widgets in one walk.

What is hidden, disabled, scrolled away or covered is left out. Widgets that answer later are told of as such. Places
are plain numbers, since a thousand of them are read between a key and the next frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from shell.hints.teller import TellOne, teller_of
from widgets.hint import HintTarget

#: What shows less of itself than this, in pixels, is not in sight.
_LEAST = 4
#: Left, top, right and bottom, the latter two behind the last pixel; in pixels of the window.
Box = tuple[int, int, int, int]


class Found(NamedTuple):
    """A target of a window.

    Attributes:
        told: What it is, or who tells that of the owner when it is wanted.
        box: The part in sight.
        owner: The widget that told of it.
    """

    told: HintTarget | TellOne
    box: Box
    owner: QWidget

    @property
    def target(self) -> HintTarget:
        """What it is."""
        return self.told if isinstance(self.told, HintTarget) else self.told(self.owner)

    @property
    def rect(self) -> QRect:
        """The part in sight, in pixels of the window."""
        left, top, right, bottom = self.box
        return QRect(left, top, right - left, bottom - top)


class Owner(NamedTuple):
    """A widget that was asked: its place and size in the window, and how far it was scrolled."""

    widget: QWidget
    left: int
    top: int
    width: int
    height: int
    scrolled: Any

    def has_moved(self) -> bool:
        """Whether it, or what it paints, stands elsewhere or is gone."""
        widget = self.widget
        if not isValid(widget) or not widget.isVisible() or widget.size().toTuple() != (self.width, self.height):
            return True
        place = widget.mapTo(widget.window(), QPoint()).toTuple()
        return place != (self.left, self.top) or _scrolled(widget) != self.scrolled


def _scrolled(widget: QWidget) -> Any:
    place = getattr(widget, "hint_place", None)
    return place() if place is not None else None


class Later(NamedTuple):
    """A widget that tells its targets later; call ``then`` with who takes them."""

    owner: QWidget
    then: Callable[[Callable[[list[Found]], None]], None]


class Walk:
    """One walk through a window.

    Attributes:
        found: What was told at once.
        later: Who tells more.
        owners: Who was asked, and where they stood.
    """

    def __init__(self, root: QWidget) -> None:
        self._root = root
        self.found: list[Found] = []
        self.later: list[Later] = []
        self.owners: list[Owner] = []
        self._below(root, 0, 0, (0, 0, root.width(), root.height()))

    def _below(self, widget: QWidget, x: int, y: int, clip: Box) -> None:
        parts = getattr(widget, "hint_parts", None)
        for child in widget.children() if parts is None else parts():
            if not child.isWidgetType() or child.isHidden() or child.isWindow():
                continue
            left, top, width, height = child.geometry().getRect()
            left, top = left + x, top + y
            seen = (max(left, clip[0]), max(top, clip[1]), min(left + width, clip[2]), min(top + height, clip[3]))
            if seen[2] - seen[0] < _LEAST or seen[3] - seen[1] < _LEAST or not child.isEnabled():
                continue
            teller = teller_of(child)
            if teller.one is not None:
                self.owners.append(Owner(child, left, top, width, height, None))
                if self._is_seen(child, seen):
                    self.found.append(Found(teller.one, seen, child))
            elif teller.many is not None:
                self.owners.append(Owner(child, left, top, width, height, None))
                self.found += self._placed(teller.many(child), child, left, top, seen)
            elif teller.is_asked:
                self.owners.append(Owner(child, left, top, width, height, _scrolled(child)))
                self._ask(child, left, top, seen)
            if not teller.is_whole:
                self._below(child, left, top, seen)

    def _is_seen(self, owner: QWidget, box: Box) -> bool:
        """Whether no other widget covers the middle."""
        hit = self._root.childAt((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
        return hit is owner or (hit is not None and owner.isAncestorOf(hit))

    def _ask(self, owner: QWidget, x: int, y: int, seen: Box) -> None:
        """Let a widget tell its targets itself."""
        waiting = _Answer(lambda targets: list(self._placed(targets, owner, x, y, seen)))
        owner.hint_targets(waiting.take)  # type: ignore[attr-defined]
        if waiting.found is None:
            self.later.append(Later(owner, waiting.hand_on))
        else:
            self.found += waiting.found

    def _placed(self, targets: list[HintTarget], owner: QWidget, x: int, y: int, clip: Box) -> Iterator[Found]:
        """The targets that are seen, and not covered by another widget in their middle."""
        is_free = _is_free(owner, self._root)
        for target in targets:
            left, top, width, height = target.rect.getRect()
            left, top = left + x, top + y
            box = (max(left, clip[0]), max(top, clip[1]), min(left + width, clip[2]), min(top + height, clip[3]))
            if box[2] - box[0] < _LEAST or box[3] - box[1] < _LEAST:
                continue
            if is_free or self._is_seen(owner, box):
                yield Found(target, box, owner)


def _is_free(owner: QWidget, root: QWidget) -> bool:
    """Whether nothing that takes the mouse stands over any of it, so that its targets need not be looked at each."""
    inner: QWidget = owner
    while inner is not root:
        outer, place = inner.parentWidget(), inner.geometry()
        beside = outer.children()
        if any(_covers(one, place) for one in beside[beside.index(inner) + 1 :]):
            return False
        inner = outer
    return True


def _covers(one: Any, place: QRect) -> bool:
    if not one.isWidgetType() or one.isHidden() or one.isWindow() or not one.geometry().intersects(place):
        return False
    return not one.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class _Answer:
    """What one widget tells: kept until it is asked for."""

    def __init__(self, place: Callable[[list[HintTarget]], list[Found]]) -> None:
        self._place = place
        self.found: list[Found] | None = None
        self._then: Callable[[list[Found]], None] | None = None

    def take(self, targets: list[HintTarget]) -> None:
        """The widget's answer."""
        self.found = self._place(targets)
        if self._then is not None:
            self._then(self.found)

    def hand_on(self, then: Callable[[list[Found]], None]) -> None:
        """Tell the answer when it comes."""
        self._then = then
