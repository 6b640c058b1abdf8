"""What can be done with the target of a hint: one row each. The commands and the keys in hints are made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.error import EspalierError
from kernel.words import mark, say

if TYPE_CHECKING:
    from shell.hints.collect import Found


class Action(NamedTuple):
    """One thing that is done with a target.

    Attributes:
        id: What the command ``hint.ID`` is called.
        title: A word or two.
        key: The letter that chooses it with Ctrl while hints are shown.
        run: Gets the window and the target; raises :class:`EspalierError` where it cannot be done.
    """

    id: str
    title: str
    key: str
    run: Callable[[Any, Found], None]


def _activate(_window: Any, found: Found) -> None:
    found.target.act()


def _focus(_window: Any, found: Found) -> None:
    (found.target.focus or found.target.act)()


def _copy(window: Any, found: Found) -> None:
    text = found.target.said()
    if not text:
        raise EspalierError(say("there is no text to copy"))
    _put(window, text)


def _copy_address(window: Any, found: Found) -> None:
    if not found.target.address:
        raise EspalierError(say("it leads to no address"))
    _put(window, found.target.address)


def _put(window: Any, text: str) -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.clipboard().setText(text)
    window.messages.report("success", say("Copied: {text}", text=text if len(text) < 80 else f"{text[:79]}…"), "")


def _open_outside(_window: Any, found: Found) -> None:
    if found.target.open_outside is None:
        raise EspalierError(say("it cannot be opened in a window of its own"))
    found.target.open_outside()


def _open_beside(window: Any, found: Found) -> None:
    """A second view at the right: of the page behind a link, else of the view at what was chosen."""
    from shell.panes import panes_of
    from shell.place.place import view_around

    view, address = view_around(window, found.owner), found.target.address
    if view is None:
        raise EspalierError(say("it cannot be opened beside"))
    if not address:
        (found.target.focus or found.target.act)()
    pane = panes_of(window).split(view, "right")
    if address and pane.view.node.kind == "web":
        pane.view.go(address)


def _open_menu(_window: Any, found: Found) -> None:
    if found.target.open_menu is not None:
        found.target.open_menu()
        return
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QContextMenuEvent
    from shiboken6 import isValid

    if isValid(found.owner):
        place = found.rect.center()
        at = found.owner.mapFrom(found.owner.window(), place)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Other, at, found.owner.mapToGlobal(at))
        QCoreApplication.sendEvent(found.owner, event)
        if not event.isAccepted():
            raise EspalierError(say("it has no menu"))


#: The first one is done where nobody says otherwise.
ACTIONS: tuple[Action, ...] = (
    Action("show", mark("Open"), "O", _activate),
    Action("focus", mark("Go there"), "G", _focus),
    Action("copy", mark("Copy text"), "C", _copy),
    Action("copy-address", mark("Copy address"), "L", _copy_address),
    Action("open-beside", mark("Beside"), "B", _open_beside),
    Action("open-window", mark("New window"), "N", _open_outside),
    Action("open-menu", mark("Menu"), "M", _open_menu),
)
BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
