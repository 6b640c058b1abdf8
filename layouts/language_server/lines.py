"""Places of a text as its editor counts them: lines from 0, columns in units of the agreed encoding.

The protocol counts UTF-16 units unless both sides agree on something else; a line ends at ``\\n``, ``\\r\\n`` or
``\\r`` and nowhere else (Language Server Protocol 3.17, "Position").
"""

from __future__ import annotations

from bisect import bisect_right

from kernel.error import Where
from layouts.kdl.character import LINE_END

#: Encoding → how many units a text has.
_UNITS = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text) + sum(letter > "\uffff" for letter in text),
    "utf-32": len,
}


class Lines:
    """One text with the beginnings of its lines."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._units = _UNITS[encoding]
        self._starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        self._ends = [*(match.start() for match in LINE_END.finditer(text)), len(text)]

    def offset(self, line: int, column: int) -> int:
        """The character at an editor's place; places behind a line's end mean that end."""
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._ends[line]
        written = self.text[start:end]
        if written.isascii():
            return start + min(max(column, 0), len(written))
        units = 0
        for index, letter in enumerate(written):
            if units >= column:
                return start + index
            units += self._units(letter)
        return end

    def place(self, offset: int) -> tuple[int, int]:
        """An editor's line and column of a character."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self.text[self._starts[line] : offset])

    def offset_of(self, where: Where) -> int:
        """The character at a place of a message: line and column from 1, in characters."""
        line = min(max(where.line, 1), len(self._starts)) - 1
        return min(self._starts[line] + max(where.column, 1) - 1, self._ends[line])
