"""A walk over a text: places, problems, and what may stand between words (spaces, comments, joined lines)."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from kernel.error import Where
from layouts.kdl import character

_COMMENT_MARK = re.compile(r"/\*|\*/")
#: What comments and joined lines begin with.
_GOES_ON = ("/", "\\")
_INDENT = re.compile(r"[ \t]*")


class SyntaxProblem(NamedTuple):
    """One thing wrong with a text."""

    where: Where
    message: str
    hint: str = ""


class WrongNode(Exception):
    """The node being read cannot go on; it keeps what it has."""


class Scanner:
    """One walk over one text.

    Attributes:
        text, file: What is walked over.
        position: Offset of the next character.
        problems: What is wrong so far.
        starts: Offsets of the lines' first characters.
        crooked: Offset of a brace whose partner is indented otherwise; -1 when there is none, -2 when it was told.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.position = 1 if text.startswith("\ufeff") else 0
        self.problems: list[SyntaxProblem] = []
        self.starts = [0, *(match.end() for match in character.LINE_END.finditer(text))]
        self.crooked = -1

    def _where(self, offset: int) -> Where:
        line = bisect_right(self.starts, offset)
        return Where(self.file, line, offset - self.starts[line - 1] + 1)

    def _problem(self, offset: int, message: str, hint: str = "") -> None:
        self.problems.append(SyntaxProblem(self._where(min(offset, len(self.text))), message, hint))

    def _stop(self, offset: int, message: str, hint: str = "") -> WrongNode:
        self._problem(offset, message, hint)
        return WrongNode()

    def _is_line_end(self) -> bool:
        return character.BREAK.match(self.text, self.position) is not None

    def _behind_spaces(self, position: int) -> int:
        return character.BLANK.match(self.text, position).end()  # type: ignore[union-attr]

    def _indent(self, offset: int) -> int:
        """How far the line of ``offset`` is indented."""
        start = self.starts[bisect_right(self.starts, offset) - 1]
        return len(_INDENT.match(self.text, start)[0])  # type: ignore[index]

    def _take_slashdash(self) -> bool:
        if not self.text.startswith("/-", self.position):
            return False
        while self.text.startswith("/-", self.position):
            self.position += 2
            self._line_space()
        return True

    def _line_space(self) -> None:
        """Go over spaces, line ends and comments."""
        while True:
            if match := character.LINE_SPACE.match(self.text, self.position):
                self.position = match.end()
            if not self.text.startswith(_GOES_ON, self.position):
                return
            if match := character.LINE_COMMENT.match(self.text, self.position):
                self.position = match.end()
            elif not self._comment() and not self._line_joint():
                return

    def _node_space(self) -> bool:
        """Go over spaces, comments and escaped line ends; whether there were any."""
        start = self.position
        while True:
            if match := character.SPACE.match(self.text, self.position):
                self.position = match.end()
            is_more = self.text.startswith(_GOES_ON, self.position)
            if not is_more or (not self._comment() and not self._line_joint()):
                return self.position > start

    def _comment(self) -> bool:
        """Go over one ``/* … */``, which may hold others."""
        if not self.text.startswith("/*", self.position):
            return False
        level, position = 0, self.position
        while mark := _COMMENT_MARK.search(self.text, position):
            level += 1 if mark[0] == "/*" else -1
            position = mark.end()
            if not level:
                self.position = position
                return True
        self._problem(self.position, "this comment is never closed", "a */ is missing")
        self.position = len(self.text)
        self.crooked = -2
        return True

    def _line_joint(self) -> bool:
        """Go over a backslash with the rest of its line."""
        if not self.text.startswith("\\", self.position):
            return False
        start = self.position
        self.position += 1
        while (match := character.SPACE.match(self.text, self.position)) or self._comment():
            self.position = match.end() if match else self.position
        if match := character.LINE_COMMENT.match(self.text, self.position):
            self.position = match.end()
        if match := character.BREAK.match(self.text, self.position):
            self.position = match.end()
        elif self.position < len(self.text):
            self.position = start
            return False
        return True
