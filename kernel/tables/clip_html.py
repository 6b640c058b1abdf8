"""Cells as an HTML table, with their types: what spreadsheets put on the clipboard beside the text, and read first.

LibreOffice tells a number by ``sdval`` and a text by the format ``@`` in ``sdnum``, Excel by ``x:num`` and the style
``mso-number-format``. A table written here has both.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from html.parser import HTMLParser

from kernel.tables.clip_text import ClipCell, ClipRows

_SPACE = re.compile(r"[ \t\r\n\f]+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
#: Cells that one ``colspan`` or ``rowspan`` may fill at most.
_MOST_SPAN = 1000
_SKIPPED = ("style", "script", "title")


def write_html(rows: Iterable[Iterable[ClipCell]], headings: Iterable[str] = ()) -> str:
    """An HTML table of the cells, numbers as numbers and texts as texts."""
    parts = ['<meta charset="utf-8"><table>']
    if titles := [f"<th>{html.escape(title)}</th>" for title in headings]:
        parts.append(f"<tr>{''.join(titles)}</tr>")
    parts += [f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows]
    return "\n".join([*parts, "</table>"])


def _cell(cell: ClipCell) -> str:
    if cell.number:
        return f'<td sdval="{cell.number}" sdnum="1033;" x:num="{cell.number}">{html.escape(cell.text)}</td>'
    shown = cell.text.replace("\r\n", "\n")
    shown += "\n" if shown.endswith("\n") else ""
    said = html.escape(shown).replace("\n", '<br style="mso-data-placement:same-cell">')
    said = re.sub(" (?= )|^ | $", "&nbsp;", said)
    if _NUMBER.fullmatch(cell.text) or cell.text.startswith(("0", "=")):
        # Without it a spreadsheet would take away the zeros in front, or calculate.
        return f"<td sdnum=\"1033;0;@\" style='mso-number-format:\"\\@\"'>{said}</td>"
    return f"<td>{said}</td>"


def read_html(text: str) -> ClipRows:
    """The rows of the first table in an HTML text; empty when there is none."""
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    return reader.finish()


class _TableReader(HTMLParser):
    """Gathers the cells of the first table; tables inside its cells are read as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._depth = 0
        self._is_done = False
        self._skipped = ""
        self._rows: list[dict[int, ClipCell]] = []
        self._row = -1
        self._cell: tuple[dict[str, str], list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See :class:`html.parser.HTMLParser`."""
        if tag in _SKIPPED:
            self._skipped = tag
        if tag == "table":
            self._depth += 1
        if self._is_done or self._depth == 0:
            return
        if self._depth == 1 and tag == "tr":
            self._end_cell()
            self._row += 1
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self._row = max(self._row, 0)
            self._cell = {name: value or "" for name, value in attrs}, [""]
        elif self._cell is not None and (tag == "br" or tag in ("p", "div", "tr") and self._cell[1] != [""]):
            self._cell[1].append("")

    def handle_endtag(self, tag: str) -> None:
        """See :class:`html.parser.HTMLParser`."""
        if tag == self._skipped:
            self._skipped = ""
        if tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self._end_cell()
                self._is_done = True
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """See :class:`html.parser.HTMLParser`."""
        if self._cell is not None and not self._skipped:
            self._cell[1][-1] += data

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        (attributes, lines), self._cell = self._cell, None
        if len(lines) > 1 and not lines[-1].strip():
            lines.pop()  # A break at the end of a cell shows nothing.
        said = "\n".join(_SPACE.sub(" ", line).strip(" ").replace("\xa0", " ") for line in lines)
        while len(self._rows) <= self._row:
            self._rows.append({})
        row = self._rows[self._row]
        column = next(at for at in range(len(row) + 1) if at not in row)
        wide, high = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        for down in range(high):
            while len(self._rows) <= self._row + down:
                self._rows.append({})
            for right in range(wide):
                is_first = down == right == 0
                self._rows[self._row + down][column + right] = (
                    ClipCell(said, _number(attributes, said)) if is_first else ClipCell("")
                )

    def finish(self) -> ClipRows:
        """The rows, all as wide as their last cell."""
        self._end_cell()
        return [[row.get(at, ClipCell("")) for at in range(max(row, default=-1) + 1)] for row in self._rows]


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isdigit() and int(text) else 1


def _number(attributes: dict[str, str], said: str) -> str:
    given = attributes.get("sdval") or attributes.get("x:num") or ("x:num" in attributes and said) or ""
    return given if isinstance(given, str) and _NUMBER.fullmatch(given) else ""
