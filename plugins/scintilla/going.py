"""Going to a place of another file within one editor, and back to where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.api import EspalierError, say

if TYPE_CHECKING:
    from plugins.scintilla.editor import Editor

#: Places that are remembered.
MOST = 50


def remember(editor: Editor) -> None:
    """Note where the editor is now."""
    if editor.pane is not None:
        code = editor.pane.code
        editor.places.append((editor.path, *code.place_of(code.caret)))
        del editor.places[:-MOST]


def go_to_file(editor: Editor, path: Path, then: Callable[[Any], Any]) -> None:
    """Show a file and go to a place in it; a file with edits is written first, when the person agrees.

    Args:
        then: Gets the pane that shows the file, to select the place.
    """
    pane = editor.pane
    if pane is None:
        return
    if pane.assisted is not None and pane.assisted.file == path:
        remember(editor)
        then(pane)
        pane.focus_code()
        return
    named = _named(editor, path)
    if not named:
        pane.status.say(say("{path} is not among the files of this app", path=path))
        return
    if editor.has_edits() and editor.bar is not None:
        text = say("{file} has edits that are not written", file=Path(editor.path).name)
        editor.bar.say(text, "warning", (say("Write and go on"), lambda: _go(editor, named, then)),
                       (say("Stay here"), pane.focus_code), is_asking=True)  # fmt: skip
        editor.bar.first.setFocus()
        return
    _go(editor, named, then)


def go_back(editor: Editor) -> bool:
    """Go to where it was before; whether there was a place."""
    while editor.places:
        path, line, letter = editor.places.pop()
        pane = editor.pane
        if path == editor.path and pane is not None:
            pane.code.go_to_line(line, letter)
            pane.focus_code()
            return True
        if path and not editor.has_edits():
            editor.set_file(path)
            if editor.pane is not None:
                editor.pane.code.go_to_line(line, letter)
                editor.pane.focus_code()
            return True
    return False


def can_show(editor: Editor, path: Path) -> bool:
    """Whether the app may show that file."""
    return bool(_named(editor, path))


def _go(editor: Editor, path: str, then: Callable[[Any], Any]) -> None:
    remember(editor)
    before = editor.path
    try:
        editor.set_file(path)
    except EspalierError as error:
        editor.set_file(before)
        if editor.pane is not None:
            editor.pane.status.say(str(error))
        return
    if editor.path == path and editor.pane is not None:
        then(editor.pane)
        editor.pane.focus_code()


def _named(editor: Editor, path: Path) -> str:
    """The file as the app names it, so that it is the same one for the editor; empty where it may not be shown."""
    home = editor.context.find_file("app.toml")
    if home is not None and path.is_relative_to(home.parent):
        return str(path.relative_to(home.parent))
    place = editor.context.find_file(str(path))
    return str(place) if place is not None and place.is_file() else ""
