"""Commands that move the focus."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from kernel.error import EspalierError
from kernel.words import say
from shell.focus import PANE_KINDS, kind_of, views
from shell.focus_order import enter


def next_pane(window: Any) -> None:
    """Go to the next list, form or search box."""
    _step(window, 1)


def previous_pane(window: Any) -> None:
    """Go to the previous list, form or search box."""
    _step(window, -1)


def search(window: Any) -> None:
    """Go to the first search box."""
    boxes = views(window, ("search",))
    if not boxes:
        raise EspalierError(say("this window has no search box"))
    enter(boxes[0])


def _step(window: Any, step: int) -> None:
    panes = [pane for pane in views(window, PANE_KINDS) if pane.isEnabled()]
    # An editor of a cell has a form of its own within.
    editors = [pane for pane in panes if kind_of(pane) == "editor"]
    panes = [pane for pane in panes if not any(one is not pane and one.isAncestorOf(pane) for one in editors)]
    if not panes:
        return
    here = QApplication.focusWidget()
    inside = [index for index, pane in enumerate(panes) if here is pane or (here and pane.isAncestorOf(here))]
    start = inside[-1] if inside else -1 if step > 0 else 0
    ahead = ((start + step * offset) % len(panes) for offset in range(1, len(panes) + 1))
    next((index for index in ahead if enter(panes[index])), None)
