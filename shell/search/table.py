"""The hits as a table: sorted, filtered, searched and copied as any other. Made of what the list has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.schema import Column, Schema
from kernel.words import mark, say
from shell.search.model import Line
from widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from shell.search.panel import SearchPanel
    from widgets.context import Context

SCHEMA = Schema(
    "hits",
    (
        Column("id", is_key=True),
        Column("place", "integer"),
        Column("file", label=mark("File")),
        Column("line", "integer", label=mark("Line")),
        Column("found", label=mark("What stands there")),
        Column("text", label=mark("Line's text")),
        Column("new", label=mark("What would stand there")),
    ),
    key=("id",),
    read_only_reason=mark("Places are only shown here"),
)
#: Column → its width in pixels at 100 %; the last one where something is to be replaced.
_WIDTHS = {"file": 220, "line": 70, "found": 140, "text": 520}
_NEW = {"new": 160}


class HitTable(RowsTable):
    """The hits of one panel.

    Args:
        panel: Whose they are.
        context: The window's surroundings.
        has_new: Whether there is a column for what would stand there.
    """

    def __init__(self, panel: SearchPanel, context: Context, *, has_new: bool) -> None:
        self.has_new = has_new
        self._panel = panel
        self._lines: dict[str, Line] = {}
        widths = _WIDTHS | (_NEW if has_new else {})
        super().__init__(context, SCHEMA, widths, panel, sort="place", empty=say("Nothing was found"), run=self._go,
                         left=panel.close_panel)  # fmt: skip
        self.setAccessibleName(say("Places that were found"))

    def renew(self) -> None:
        """Show what the list has now, files that are closed in it too."""
        rows: dict[str, dict[str, Any]] = {}
        self._lines = {}
        for file in self._panel.list.hits.files.values():
            for hit in file.hits:
                key = f"{file.path}:{hit.start}"
                self._lines[key] = Line(file, hit)
                rows[key] = {
                    "place": len(rows), "file": file.path, "line": hit.line, "found": hit.found,
                    "text": f"{hit.before}{hit.found}{hit.after}".strip(), "new": hit.shown_new,
                }  # fmt: skip
        self.show_rows(rows)

    def _go(self, key: str) -> None:
        if key in self._lines:
            self._panel.go(self._lines[key])
