"""Commands that find and replace in all files of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from kernel.error import EspalierError
from kernel.words import say
from shell.command import Later

if TYPE_CHECKING:
    from shell.window import Window


def find(
    window: Window, text: str = "", include: str = "", expression: bool = False, folder: Annotated[str, "folder"] = ""
) -> None:
    """Look for a text in all files; without one for what is selected in the editor."""
    _open(window, text, folder=folder, include=include, expression=expression)


def replace(
    window: Window, text: str = "", new: str = "", include: str = "", expression: bool = False,
    folder: Annotated[str, "folder"] = "",
) -> None:  # fmt: skip
    """The same, to put another text in the place of each; nothing is replaced before it is asked for."""
    _open(window, text, new=new, folder=folder, include=include, expression=expression, can_replace=True)


def replace_all(window: Window) -> Later:
    """Replace all that is listed; answers what was done."""
    later = Later()
    _panel(window).replace_all(later)
    return later


def take_back(window: Window) -> None:
    """Take the last replacement back.

    Raises:
        EspalierError: there is none.
    """
    panel = window.cards.made.get("search")
    if panel is None or not panel.replacing.can_take_back:
        raise EspalierError(say("nothing was replaced that could be taken back"))
    panel.replacing.take_back()


def step(window: Window, step: int = 1) -> None:
    """Go to the next or previous place of the list, in an editor."""
    _panel(window).step(step)


def turn(window: Window) -> None:
    """Show the list as a table, or as a list again."""
    _panel(window).turn()


def close(window: Window) -> None:
    """Hide the panel."""
    _panel(window).close_panel()


def _open(
    window: Window, text: str, *, new: str = "", folder: str = "", include: str = "", expression: bool = False,
    can_replace: bool = False,
) -> None:  # fmt: skip
    from shell.search.panel import panel_of

    panel = panel_of(window)
    if not text:
        text = _selected(window)
    boxes = panel.boxes
    if include:
        boxes.include.setText(include)
    if text and expression != boxes.switches["expression"].isChecked():
        boxes.switches["expression"].setChecked(expression)
    if new:
        boxes.new.setText(new)
    panel.open(text, can_replace=can_replace, folder=folder)


def _selected(window: Window) -> str:
    """What is selected in the editor that has the focus."""
    from shell.focus import around

    view = next((one for one in around(window.focusWidget(), window) if hasattr(one, "selected_text")), None)
    return view.selected_text() if view is not None else ""


def _panel(window: Window) -> Any:
    panel = window.cards.made.get("search")
    if panel is None:
        raise EspalierError(say("nothing was looked for in the files yet"))
    return panel
