"""Commands that move the focus."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from kernel.error import EspalierError
from shell.focus import PANE_KINDS, views

_REASON = Qt.FocusReason.ShortcutFocusReason


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
        raise EspalierError("this window has no search box")
    _enter(boxes[0])


def _step(window: Any, step: int) -> None:
    panes = [pane for pane in views(window, PANE_KINDS) if pane.isEnabled()]
    if not panes:
        return
    here = QApplication.focusWidget()
    inside = [index for index, pane in enumerate(panes) if here is pane or (here and pane.isAncestorOf(here))]
    start = inside[-1] if inside else -1 if step > 0 else 0
    _enter(panes[(start + step) % len(panes)])


def _enter(pane: QWidget) -> None:
    """Focus the pane, or the first of its parts that takes the focus."""
    if pane.focusPolicy() != Qt.FocusPolicy.NoFocus or pane.focusProxy() is not None:
        pane.setFocus(_REASON)
        return
    for part in pane.findChildren(QWidget):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled():
            part.setFocus(_REASON)
            return
