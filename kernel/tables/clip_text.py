"""Cells as tab-separated text, the way Excel and LibreOffice put them on the clipboard and read them from there.

A cell with a tab, a line break or a quote at its start stands in quotes, with its own quotes doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
_LINE_END = re.compile(r"\r\n|\r|\n")
_NEEDS_QUOTES = re.compile(r'[\t\r\n]|^"')


class ClipCell(msgspec.Struct, frozen=True, gc=False):
    """What a pasted cell says; ``number`` is its exact number with a full stop as point, where the other program
    tells it apart from the text. There may be millions, which nobody looks through for garbage."""

    text: str
    number: str = ""


ClipRows = Sequence[Sequence[ClipCell]]


def write_text(rows: Iterable[Iterable[str]]) -> str:
    """Tab-separated lines, without a line end after the last."""
    return "\n".join("\t".join(map(_quoted, row)) for row in rows)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def read_text(text: str) -> ClipRows:
    """The rows of a tab-separated text; a line end after the last row is none of its own."""
    if '"' not in text:
        lines = _LINE_END.split(text)
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        return [tuple(map(ClipCell, line.split("\t"))) for line in lines]
    return _read_quoted(text)


def _read_quoted(text: str) -> ClipRows:
    rows: list[tuple[ClipCell, ...]] = []
    row: list[ClipCell] = []
    at, end = 0, len(text)
    while True:
        match = _CELL.match(text, at)
        assert match is not None  # its second half fits the empty text
        quoted, plain = match.groups()
        row.append(ClipCell(plain if quoted is None else quoted.replace('""', '"')))
        at = match.end()
        if at < end and text[at] == "\t":
            at += 1
            continue
        rows.append(tuple(row))
        if at >= end:
            return rows
        row = []
        at += 2 if text.startswith("\r\n", at) else 1
        if at >= end:
            return rows
