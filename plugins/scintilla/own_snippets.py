"""The file of the person's snippets: made with a word about its form, and opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from plugins.api import EspalierError, say
from plugins.scintilla.going import can_show, go_to_file
from plugins.scintilla.snippet_file import BEGINNING, snippets

if TYPE_CHECKING:
    from plugins.scintilla.editor import Editor


def open_snippets(editor: Editor) -> None:
    """Show the file in this editor where it shows files and may show that one, else open it by the system.

    Raises:
        EspalierError: it cannot be made, or nothing opens it.
    """
    path = snippets.path
    try:
        _make(path)
    except OSError as error:
        reason = error.strerror or error
        raise EspalierError(say("{path} cannot be made: {reason}", path=path, reason=reason)) from error
    if editor.path and can_show(editor, path):
        go_to_file(editor, path, lambda _pane: None)
    elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise EspalierError(say("Nothing opens {path}", path=path), hint=say("edit it with any editor"))


def _make(path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BEGINNING, encoding="utf-8")
