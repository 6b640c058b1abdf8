"""The focus by direction: from a view to the one that lies beside it on the screen, in whichever split, dock or window.

What counts is where things are seen, never how a layout nests them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from shell.focus_order import enter, focus_order
from shell.place.place import VIEW_KINDS
from widgets.outside import is_inside

if TYPE_CHECKING:
    from shell.window import Window

#: Way → (axis: 0 across, 1 down; 1 onward or -1 back).
WAYS: dict[str, tuple[int, int]] = {"left": (0, -1), "right": (0, 1), "up": (1, -1), "down": (1, 1)}
#: What lies aside counts so many times as far as what lies straight ahead.
_ASIDE = 3


class Box(NamedTuple):
    """Where something is seen: left, top, right and bottom, in pixels of the screen."""

    left: int
    top: int
    right: int
    bottom: int


def nearest(here: Box, others: Sequence[Box], way: str) -> int:
    """The index of the next one that way, -1 when there is none.

    One lies that way when its near edge is not before the middle and its far edge is beyond; what lies straight ahead
    goes before what lies aside, and of several the nearest one, then the first.
    """
    axis, step = WAYS[way]

    def far(box: Box) -> tuple[bool, float] | None:
        near, end = (box[axis], box[axis + 2]) if step > 0 else (-box[axis + 2], -box[axis])
        begin, edge = (here[axis], here[axis + 2]) if step > 0 else (-here[axis + 2], -here[axis])
        if near < (begin + edge) / 2 or end <= edge:
            return None
        first, last = 1 - axis, 3 - axis
        aside = max(box[first] - here[last], here[first] - box[last], 0)
        lean = abs(box[first] + box[last] - here[first] - here[last]) / 1000
        return aside > 0, max(near - edge, 0) + _ASIDE * aside + lean

    ranked = [(distance, index) for index, box in enumerate(others) if (distance := far(box)) is not None]
    return min(ranked)[1] if ranked else -1


def step(window: Window, way: str) -> bool:
    """Move the focus that way; False when nothing lies there."""
    focus = QApplication.focusWidget()
    top = focus.window() if focus is not None and is_inside(window, focus) else window
    for units in (_units(top), _elsewhere(window, top)):
        here = _unit_of(top, focus) if focus is not None else None
        boxes = [box_of(unit) for unit in units]
        at = nearest(box_of(here if here is not None else top), boxes, way)
        if at >= 0:
            _enter(units[at])
            return True
    return False


def box_of(widget: QWidget) -> Box:
    """Where a widget is seen on the screen."""
    corner = widget.mapToGlobal(QPoint())
    return Box(corner.x(), corner.y(), corner.x() + widget.width(), corner.y() + widget.height())


def _units(top: QWidget) -> list[QWidget]:
    """What the focus goes between in a window: its views, and what takes the focus outside them."""
    found: dict[int, QWidget] = {}
    for stop in focus_order(top):
        unit = _unit_of(top, stop)
        found.setdefault(id(unit), unit)
    here = _unit_of(top, QApplication.focusWidget())
    return [unit for unit in found.values() if unit is not here]


def _elsewhere(window: Window, top: QWidget) -> list[QWidget]:
    """The same in all other windows of the process."""
    homes = window.desk.windows
    tops: Iterable[QWidget] = (one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not top)
    return [unit for one in tops if any(is_inside(home, one) for home in homes) for unit in _units(one)]


def _unit_of(top: QWidget, widget: QWidget | None) -> QWidget | None:
    """The innermost view around a widget, else the widget."""
    here = widget
    while here is not None and here is not top:
        if getattr(getattr(here, "node", None), "kind", "") in VIEW_KINDS:
            return here
        here = here.parentWidget()
    return widget


def _enter(unit: QWidget) -> None:
    """Put the focus where it was in a view last, else to its first stop."""
    top = unit.window()
    if not top.isActiveWindow():
        top.raise_()
        top.activateWindow()
    inner = unit.focusWidget()
    if inner is not None and isValid(inner) and inner.isVisibleTo(unit) and inner.isEnabled():
        inner.setFocus(Qt.FocusReason.ShortcutFocusReason)
    else:
        enter(unit)
