"""Opening and closing the dialogs that an app's layout describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from kernel.words import say

if TYPE_CHECKING:
    from shell.window import Window


def open_dialog(window: Window, name: str) -> None:
    """Open a dialog by its name.

    Raises:
        EspalierError: the window has none of that name.
    """
    dialogs = window.context.dialogs if window.context is not None else {}
    if name not in dialogs:
        raise EspalierError(say("there is no dialog {name}", name=name), hint=did_you_mean(name, dialogs))
    dialogs[name].open()


def close_dialog(window: Window) -> None:
    """Close the dialog that was opened last; one with edits that cannot be written yet stays."""
    dialogs = list(window.context.dialogs.values()) if window.context is not None else []
    found = [dialog for dialog in dialogs if dialog.is_open]
    if found:
        siblings = window.children()
        max(found, key=lambda dialog: siblings.index(dialog.card)).close_if_written()
