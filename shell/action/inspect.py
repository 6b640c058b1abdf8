"""The command that opens the inspector, and going to a line of a layout in the person's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.error import EspalierError, Where
from kernel.words import say

if TYPE_CHECKING:
    from shell.window import Window


class EditorError(EspalierError):
    """The person's editor cannot be started."""


def inspect_window(window: Window) -> None:
    """Open the inspector over the window."""
    if "inspector" not in window.cards.made:
        from shell.live.inspector import Inspector

        window.cards.made["inspector"] = Inspector(window, lambda where: go_to_line(window, where))
    window.cards.made["inspector"].open()


def go_to_line(window: Window, where: Where) -> None:
    """Show a place of the layout in the editor of ``dev.editor``, else in the one beside the app.

    What can be shown in neither is put on the clipboard.
    """
    from layouts.library import place_of
    from shell.live.authoring import can_author, go_beside

    if not window.session.config["dev.editor"] and can_author(window):
        window.cards.made["inspector"].close_card()
        go_beside(window, where)
        return
    folder = getattr(window.app, "folder", None)
    file = str(place_of(Path(folder), where.file)) if folder is not None else where.file
    template = window.session.config["dev.editor"]
    if not template or folder is None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(f"{file}:{where.line}:{where.column}")
        text = say("{where} is on the clipboard", where=where)
        window.messages.report("info", text, "" if template else say("set dev.editor to go there in an editor"))
        return
    try:
        start_editor(template, file, where)
    except EditorError as error:
        window.messages.report("error", error.message, error.hint)


def start_editor(template: str, file: str, where: Where) -> subprocess.Popen[bytes]:
    """Start the editor at a line.

    Args:
        template: Its command, with ``{file}``, ``{line}`` and ``{column}`` in it.
        file: The file.
        where: Line and column.

    Raises:
        EditorError: it cannot be understood or started.
    """
    try:
        words = [word.format(file=file, line=where.line, column=where.column) for word in shlex.split(template)]
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True, env=dict(os.environ))
    except (ValueError, KeyError, IndexError) as error:
        hint = "write it as in: code --goto {file}:{line}:{column}"
        raise EditorError(f"dev.editor cannot be understood: {error}", hint=hint) from error
    except OSError as error:
        raise EditorError(
            say("the editor cannot be started: {value}", value=error.strerror or error), hint=template
        ) from error
