"""The history of a file that is only just being opened: shown once its text is there and it is known who keeps it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from shiboken6 import isValid

from plugins.scintilla.gutter import command

if TYPE_CHECKING:
    from plugins.scintilla.editor import Editor


def show_history_soon(editor: Editor, fail: Callable[[str], Any], *, is_asked: bool = False) -> None:
    """List the versions of the editor's file as soon as that can be done.

    Args:
        editor: The editor.
        fail: Told why there are none.
        is_asked: Whether the pane had its turn to ask who keeps the file.
    """
    from plugins.api import EspalierError

    if not isValid(editor):
        return
    pane = editor.pane
    again = partial(show_history_soon, editor, fail)
    if pane is None:
        _once(editor.shown, again)
    elif pane.changes is None and not is_asked:
        QTimer.singleShot(0, editor, partial(again, is_asked=True))  # behind what asks after the first paint
    elif pane.changes is not None and pane.changes.is_asking:
        _once(pane.changes.known, again)
    else:
        try:
            command.history(editor)
        except EspalierError as error:
            fail(str(error))


def _once(signal: Any, then: Callable[[], Any]) -> None:
    def hear() -> None:
        signal.disconnect(hear)
        then()

    signal.connect(hear)
