"""What the engine asks of a text: lines and places of letters. Lines end with ``\\n`` here, whatever the file has.

A text that ends with a line end has no further, empty line, as vim sees it. Nothing here takes the whole text at once,
so that texts of hundreds of megabytes answer as quickly as small ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """A letter of a line, both from 0."""

    line: int
    column: int


class Piece(NamedTuple):
    """Some whole lines of a text, joined by ``\\n``."""

    first: int
    text: str

    def place(self, index: int) -> Place:
        """The place of a letter of the piece."""
        start = self.text.rfind("\n", 0, index) + 1
        return Place(self.first + self.text.count("\n", 0, index), index - start)


class Text(Protocol):
    """A text that can be read by lines and changed by parts."""

    tab_width: int
    uses_tabs: bool

    @property
    def line_count(self) -> int:
        """How many lines there are, one at least."""

    @property
    def is_read_only(self) -> bool:
        """Whether it cannot be changed."""

    @property
    def size(self) -> int:
        """How long it is, in any unit: it tells two states of the text apart."""

    def line(self, number: int) -> str:
        """A line without its end."""

    def get(self, start: Place, stop: Place) -> str:
        """What stands between two places."""

    def replace(self, start: Place, stop: Place, new: str) -> None:
        """Put another text in the place of a part."""

    def remove_lines(self, first: int, last: int) -> None:
        """Take whole lines out, both included."""

    def new_line(self, place: Place) -> Place:
        """Begin a new line there, as deep as the one before; the place where typing goes on."""

    def pieces(self, line: int, step: int) -> Iterator[Piece]:
        """The text in pieces from a line on, forwards (1) or backwards (-1); the first one begins or ends there."""

    def begin(self) -> None:
        """What follows is one step to undo, until :meth:`end`; calls nest."""

    def end(self) -> None:
        """The step is whole."""

    def open(self) -> None:
        """The widget is about to change the text by itself, as a part of the step."""

    def pause(self) -> None:
        """What follows is another step, though the one that was begun has not ended."""

    def changed_place(self) -> Place:
        """Where the last undo or redo changed something."""

    def undo(self) -> bool:
        """Take the last step back; whether there was one."""

    def redo(self) -> bool:
        """Do it again."""


def last_column(line: str) -> int:
    """The last letter that a caret can stand on outside of typing."""
    return back(line, len(line)) if line else 0


def on(line: str, column: int) -> int:
    """The next letter of a line; marks that belong to a letter are passed with it."""
    column += 1
    while column < len(line) and line[column] > "\u02ff" and is_mark(line[column]):
        column += 1
    return min(column, len(line))


def back(line: str, column: int) -> int:
    """The letter before."""
    column -= 1
    while column > 0 and line[column] > "\u02ff" and is_mark(line[column]):
        column -= 1
    return max(column, 0)


def is_mark(letter: str) -> bool:
    """Whether it is drawn over the letter before."""
    return unicodedata.category(letter) in ("Mn", "Me")


def width(letter: str, shown: int, tab_width: int) -> int:
    """How many columns of the screen a letter takes that begins at the column ``shown``."""
    if letter == "\t":
        return tab_width - shown % tab_width
    if letter < "\u0300":
        return 1
    return 0 if is_mark(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def shown_column(line: str, column: int, tab_width: int) -> int:
    """The column of the screen where a letter begins, from 0."""
    part = line[:column]
    if part.isascii() and "\t" not in part:
        return len(part)
    shown = 0
    for letter in part:
        shown += width(letter, shown, tab_width)
    return shown


def column_at(line: str, shown: int, tab_width: int) -> int:
    """The letter that covers a column of the screen; the line's end where it is shorter."""
    if line.isascii() and "\t" not in line:
        return min(shown, len(line))
    at = 0
    for column, letter in enumerate(line):
        at += width(letter, at, tab_width)
        if at > shown:
            return column
    return len(line)


def depth(line: str) -> int:
    """Letters of its indentation."""
    return len(line) - len(line.lstrip(" \t"))
