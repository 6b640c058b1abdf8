"""The order in which Tab goes through a window: as its layouts place things, never as they happened to be made.

It is worked out anew at each step, so pages and fields that were built late stand where they are seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QSplitter, QStackedWidget, QWidget


def focus_order(root: QWidget) -> list[QWidget]:
    """The widgets below ``root`` that Tab stops at, in reading order."""
    stops = [widget for widget in walk(root) if _is_stop(root, widget)]
    # An area that only scrolls is a stop of its own when nothing inside it is one.
    return [one for one in stops if not (isinstance(one, QScrollArea) and any(map(one.isAncestorOf, stops)))]


def walk(root: QWidget) -> Iterator[QWidget]:
    """Every widget below ``root`` in reading order; pages that are not shown are left out."""
    for child in children(root):
        if child.isWindow():
            continue
        yield child
        yield from walk(child)


def children(widget: QWidget) -> list[QWidget]:
    """The widget's children as its layout, its borders or its pages place them, then the others."""
    if isinstance(widget, QStackedWidget):
        current = widget.currentWidget()
        return [current] if current is not None else []
    placed: list[QWidget] = []
    if (own := getattr(widget, "reading_order", None)) is not None:
        return own()
    if isinstance(widget, QSplitter):
        placed = [widget.widget(index) for index in range(widget.count())]
    elif widget.layout() is not None:
        placed = list(_placed(widget.layout()))
    others = (child for child in widget.children() if isinstance(child, QWidget) and child not in placed)
    return [*placed, *others]


def step(root: QWidget, here: QWidget | None, is_next: bool) -> bool:
    """Move the focus from ``here`` to the next or the previous stop, round the end; False when there is none."""
    stops = focus_order(root)
    if not stops:
        return False
    if here in stops:
        at = stops.index(here) + (1 if is_next else -1)
    else:
        at = _place_of(root, here, stops) if is_next else _place_of(root, here, stops) - 1
    reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
    stops[at % len(stops)].setFocus(reason)
    return True


def enter(pane: QWidget) -> bool:
    """Focus the pane itself, or the first of its parts that takes the focus; False when none does."""
    if pane.focusPolicy() == Qt.FocusPolicy.NoFocus and pane.focusProxy() is None:
        pane = next(iter(focus_order(pane)), None)
    if pane is not None:
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
    return pane is not None


def _place_of(root: QWidget, here: QWidget | None, stops: list[QWidget]) -> int:
    """The index of the first stop behind a widget that is none itself."""
    order = list(walk(root))
    if here not in order:
        return 0
    behind = set(order[order.index(here) :])
    return next((index for index, stop in enumerate(stops) if stop in behind), 0)


def _is_stop(root: QWidget, widget: QWidget) -> bool:
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus)
    return takes_tab and widget.focusProxy() is None and widget.isVisibleTo(root) and widget.isEnabled()


def _placed(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout and those in it, in their order.

    WORKAROUND PySide keeps the wrapper of an item that was looked at once Qt has deleted it, and takes for it what Qt
    makes at its address later: until it lets go of deleted items. So places are asked for, and no items.
    """
    parts = [*layout.parentWidget().children(), *layout.children()]
    asked = ((layout.indexOf(part), part) for part in parts if isinstance(part, QWidget | QLayout))
    for _, part in sorted((one for one in asked if one[0] >= 0), key=lambda one: one[0]):
        if isinstance(part, QWidget):
            yield part
        else:
            yield from _placed(part)
