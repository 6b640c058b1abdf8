"""What a person may choose on the screen, as the widget that shows it tells it.

A widget that shows more than one such thing, or paints them, has a method ``hint_targets(done)``: it calls ``done``
with the targets in sight, at once or when it knows them. All other widgets are known by their class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QRect


class HintTarget(NamedTuple):
    """Something in sight that a person may choose.

    Attributes:
        rect: Its place in the widget that tells of it, in pixels.
        text: What it says, or answers that when it is wanted.
        role: ``button``, ``link``, ``field``, ``tab``, ``menu``, ``cell``, ``row``, ``heading`` or what it is called.
        act: Chooses it: clicks, or goes into a field.
        focus: Goes there without choosing it; None = as ``act``.
        address: Where it leads, as a link does; empty = nowhere.
        open_menu: Opens its context menu; None = by a right click's event at its middle.
        open_outside: Opens it in a window of its own; None = it cannot be.

    A widget whose children are not all asked has a method ``hint_parts()`` that answers those that are; one that
    scrolls what it paints has ``hint_place()``, which answers something that is another when its targets have moved.
    """

    rect: QRect
    text: str | Callable[[], str]
    role: str
    act: Callable[[], None]
    focus: Callable[[], None] | None = None
    address: str = ""
    open_menu: Callable[[], None] | None = None
    open_outside: Callable[[], None] | None = None

    def said(self) -> str:
        """What it says."""
        return self.text if isinstance(self.text, str) else self.text()


#: Called once with the targets of a widget.
TakeTargets = Callable[[list[HintTarget]], None]
