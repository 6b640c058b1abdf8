"""Files that editors show: their texts count as they stand there, written or not.

What the shell asks of an editor is a matter of its methods (``edited_file``, ``text_of_file``, ``take_text``,
``look_at_file``), whoever brings it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from widgets.outside import is_inside

if TYPE_CHECKING:
    from shell.window import Window


def editors(window: Window) -> dict[Path, list[Any]]:
    """File → the editors of it in all windows of this process, those with edits first."""
    found: dict[Path, list[Any]] = {}
    every: list[Any] = [one for one in QApplication.allWidgets() if hasattr(type(one), "edited_file")]
    for one in window.desk.windows:
        for widget in every:  # not by ``findChildren``; see ``shell.focus``
            if is_inside(one, widget) and (place := widget.edited_file()) is not None:
                found.setdefault(place.resolve(), []).append(widget)
    for some in found.values():
        some.sort(key=lambda editor: not editor.has_edits())
    return found


def edited(window: Window) -> dict[Path, list[Any]]:
    """The same, of files that have edits which are not written."""
    return {place: some for place, some in editors(window).items() if some[0].has_edits()}


def edited_texts(window: Window, folder: Path) -> dict[str, bytes]:
    """Path within a folder → text of what is edited there and not written."""
    home = folder.resolve()
    return {
        place.relative_to(home).as_posix(): some[0].text_of_file()
        for place, some in edited(window).items() if place.is_relative_to(home)
    }  # fmt: skip
