"""The problems of all files that servers have told of, a table below the text that is kept up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.api import Column, Schema, mark, say, say_count
from plugins.scintilla.language_client.jump import Target, show, shown
from plugins.scintilla.language_client.protocol import Diagnostic
from plugins.scintilla.list_panel import Table, TableRow

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

SUBJECT = "problems"
#: The protocol's severities as a person reads them.
SEVERITIES = {1: mark("error"), 2: mark("warning"), 3: mark("information"), 4: mark("hint")}
SCHEMA = Schema(
    "problems",
    (
        Column("id", is_key=True),
        Column("place", "integer"),
        Column("severity", label=mark("Severity")),
        Column("message", label=mark("Message")),
        Column("file", label=mark("File")),
        Column("line", "integer", label=mark("Line")),
        Column("source", label=mark("Source")),
    ),
    key=("id",),
    read_only_reason=mark("Problems are only shown here"),
)
WIDTHS = {"severity": 100, "message": 420, "file": 180, "line": 70, "source": 160}


def show_problems(served: ServedText, *, takes_focus: bool = True) -> None:
    """List them, this text's first, the worst first within a file."""
    client, mine, editor = served.client, served.text.file, served.editor
    encodings = {server.row.name: server.encoding for server in client.servers.values()}
    rows: list[TableRow] = []
    for path, told in sorted(client.problems.items(), key=lambda one: (one[0] != mine, str(one[0]))):
        found = [(name, one) for name, some in told.items() for one in some.diagnostics]
        found.sort(key=lambda pair: (pair[1].severity or 1, pair[1].range.start.line))
        file = shown(served, path)
        rows += [_row(editor, path, file, name, one, encodings.get(name, "utf-16")) for name, one in found]
    title = say_count("{count} problem", "{count} problems", len(rows)) if rows else say("Problems")
    table = Table(SCHEMA, WIDTHS, say("No problems are known"))
    served.editor.list_panel().show_table(title, table, rows, subject=SUBJECT, takes_focus=takes_focus)


def _row(editor: Any, path: Path, file: str, name: str, one: Diagnostic, encoding: str) -> TableRow:
    source = one.source or name
    if one.code is not None and str(one.code) not in (source, ""):
        source = f"{source} {one.code}"
    values = {
        "severity": say(SEVERITIES.get(one.severity or 1, SEVERITIES[1])), "message": one.message.split("\n", 1)[0],
        "file": file, "line": one.range.start.line + 1, "source": source,
    }  # fmt: skip
    target = Target(path, one.range, encoding)
    return TableRow(values, lambda: show(editor, target))


def renew(served: ServedText) -> None:
    """Bring in what is new, where they are shown; the row stays."""
    if served.editor.listed == SUBJECT:
        table = served.editor.list_panel().table
        show_problems(served, takes_focus=table is not None and table.hasFocus())
