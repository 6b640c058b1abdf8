"""The problems of all files that servers have told of, listed below the text and kept up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.api import say, say_count
from plugins.scintilla.language_client.jump import Target, show, shown
from plugins.scintilla.language_client.protocol import Diagnostic
from plugins.scintilla.list_panel import Row

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

#: The protocol's severities → icon and colour.
ICONS = {1: ("error", "error"), 2: ("warning", "warning"), 3: ("info", "info"), 4: ("info", "muted")}
SUBJECT = "problems"


def show_problems(served: ServedText, *, takes_focus: bool = True) -> None:
    """List them, this text's first, the worst first within a file."""
    client, mine, editor = served.client, served.text.file, served.editor
    encodings = {server.row.name: server.encoding for server in client.servers.values()}
    rows, count = [], 0
    for path, told in sorted(client.problems.items(), key=lambda one: (one[0] != mine, str(one[0]))):
        found = [(name, one) for name, some in told.items() for one in some.diagnostics]
        found.sort(key=lambda pair: (pair[1].severity or 1, pair[1].range.start.line))
        inside = [_row(editor, path, name, one, encodings.get(name, "utf-16")) for name, one in found]
        count += len(inside)
        if inside:
            rows.append(Row(shown(served, path), str(len(inside)), ("document", "muted"), None, inside))
    if not rows:
        rows = [Row(say("No problems are known"))]
    title = say_count("{count} problem", "{count} problems", count) if count else say("Problems")
    served.editor.list_panel().show_rows(title, rows, subject=SUBJECT, takes_focus=takes_focus)


def _row(editor: Any, path: Path, name: str, one: Diagnostic, encoding: str) -> Row:
    target = Target(path, one.range, encoding)
    detail = f"{one.source or name} · {one.range.start.line + 1}"
    icon = ICONS.get(one.severity or 1, ICONS[1])
    return Row(one.message.split("\n", 1)[0], detail, icon, lambda: show(editor, target))


def renew(served: ServedText) -> None:
    """Bring in what is new, where they are shown; the row stays."""
    if served.editor.listed != SUBJECT:
        return
    tree = served.editor.list_panel().tree
    has_focus, row = tree.hasFocus(), tree.currentIndex()
    group, place = row.parent().row(), row.row()
    show_problems(served, takes_focus=has_focus)
    above = tree.topLevelItem(group) if group >= 0 else None
    if above is not None and above.childCount():
        tree.setCurrentItem(above.child(min(place, above.childCount() - 1)))
