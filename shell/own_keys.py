"""The person's keys.toml: made with a word about its form, and opened in an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.error import EspalierError, Where
from kernel.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from shell.window import Window

_BEGINNING = """# Your own keys. They go before those of apps, plugins and Espalier, and count when this file is saved.
# Ctrl+F1 in Espalier tells what a key does and why; `espalier keymap` lists all of them.
#
# [mine]
# title = "My own keys"
# "Ctrl+J" = "row.add"                          # a command, by its id
# "Ctrl+K d" = { command = "language.set de", title = "German" }   # with a value, and called otherwise
# "Ctrl+K x" = { title = "Experiments" }        # what a longer key begins with, for the card of continuations
# "Ctrl+N" = ""                                 # frees a key
#
# [grid]
# view = "grid"                                 # only while a grid has the focus
# mode = "normal"                               # only in this mode, in a keymap with modes
"""


def open_own_keys(window: Window) -> None:
    """Open the file in the editor of the option ``dev.editor``, else in the system's own.

    Raises:
        EspalierError: it cannot be made, or nothing opens it.
    """
    path = window.session.config.paths.config / "keys.toml"
    try:
        _make(path)
    except OSError as error:
        reason = error.strerror or error
        raise EspalierError(say("{path} cannot be made: {reason}", path=path, reason=reason)) from error
    template = window.session.config["dev.editor"].strip()
    if template:
        from shell.action.inspect import start_editor

        start_editor(template, str(path), Where(str(path), 1, 1))
        return
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise EspalierError(say("Nothing opens {path}", path=path), hint=say("edit it with any editor"))


def _make(path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_BEGINNING, encoding="utf-8")
