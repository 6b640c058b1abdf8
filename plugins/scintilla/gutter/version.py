"""Versions as rows below the text: the history of a file, one version with all that is said of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from plugins.api import VersionDetails, say, say_count
from plugins.scintilla.gutter.age import age_text
from plugins.scintilla.gutter.blame import ID
from plugins.scintilla.list_panel import Row

if TYPE_CHECKING:
    from plugins.scintilla.editor import Editor

#: What is done to a file → the icon of its row.
_ICONS = {"added": ("add", "success"), "deleted": ("delete", "error"), "renamed": ("edit", "info")}


def show_history(editor: Editor) -> None:
    """List the versions of the file; Return goes to one."""
    pane = editor.pane
    assert pane is not None and pane.changes is not None

    def take(answer: Any) -> None:
        if not isValid(editor):
            return
        if isinstance(answer, Exception):
            pane.status.say(str(answer))
            return
        rows = [Row(one.summary, f"{one.id[:ID]} · {one.author} · {age_text(one.date)}",
                    run=partial(go_to_version, editor, one.id)) for one in answer]  # fmt: skip
        name = pane.changes.place.name if pane.changes is not None else ""
        title = say_count("{count} version of {file}", "{count} versions of {file}", len(rows), file=name)
        editor.list_panel().show_rows(title, rows or [Row(say("Nothing is committed yet"))])

    pane.changes.do(lambda versions: versions.history(), take)


def go_to_version(editor: Editor, version: str) -> None:
    """Go to a version where the window shows versions, as ``git-log`` does; else show it below the text."""
    shows = (getattr(one, "show_version", None) for one in editor.window().findChildren(QWidget) if one.isVisible())
    show = next(filter(None, shows), None)
    if show is not None:
        show(version, partial(_go_below, editor, version))
    else:
        _go_below(editor, version)


def _go_below(editor: Editor, version: str) -> None:
    pane = editor.pane if isValid(editor) else None
    if pane is None or pane.changes is None:
        return

    def take(answer: Any) -> None:
        if not isValid(editor):
            return
        if isinstance(answer, Exception):
            pane.status.say(str(answer))
        else:
            _show_details(editor, answer)

    pane.changes.do(lambda versions: versions.details(version), take)


def _show_details(editor: Editor, details: VersionDetails) -> None:
    version = details.version
    date = version.date.strftime("%Y-%m-%d %H:%M")
    rows = [Row(line) for line in details.message.splitlines() if line.strip()]
    rows += [Row(path, change, _ICONS.get(change, ("file", "muted"))) for change, path in details.files]
    editor.list_panel().show_rows(f"{version.id[:ID]} · {version.author} · {date}", rows)
