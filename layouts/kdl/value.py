"""Values and names of a text: words, numbers, keywords, quoted and raw texts, with their type annotations."""

from __future__ import annotations

import re

from layouts.kdl import character
from layouts.kdl.scalar import read_keyword, read_scalar
from layouts.kdl.scanner import Scanner, WrongNode
from layouts.kdl.string import StringError, read_quoted, read_raw
from layouts.kdl.syntax import Value

_RAW = re.compile('#+"')
_HASHED = re.compile(r"""#[^\s\\/(){};\[\]"=]*""")
_LINE_TAIL = re.compile("[\\s{};]*$")


class ValueScanner(Scanner):
    """Adds values to the walk."""

    def _value(self) -> Value:
        """A string, number or keyword with its type annotation."""
        annotation = self._annotation()
        if annotation:
            self._node_space()
        start = self.position
        if match := character.TEXT.match(self.text, start):
            if not match[1] and self.text.startswith('"""', start):
                return self._long(start, annotation)
            self.position = match.end()
            return Value(match[1], self._where(start), "text", match[0], annotation)
        if match := character.WORD.match(self.text, start):
            self.position = match.end()
            scalar = read_scalar(match[0])
            if scalar.problem:
                self._problem(start, scalar.problem, scalar.hint)
            return Value(scalar.value, self._where(start), scalar.style, match[0], annotation)
        return self._long(start, annotation)

    def _long(self, start: int, annotation: str) -> Value:
        """A value that one look cannot tell: a keyword, a raw text, a text with escapes or lines."""
        letter = self.text[start : start + 1]
        if letter == "#" and not _RAW.match(self.text, start):
            word = _HASHED.match(self.text, start)[0]  # type: ignore[index]
            self.position = start + len(word)
            scalar = read_keyword(word)
            if scalar.problem:
                self._problem(start, scalar.problem, scalar.hint)
            return Value(scalar.value, self._where(start), scalar.style, word, annotation)
        if letter not in ("#", '"'):
            hint = 'text with such characters stands in quotes: "…"' if letter else ""
            found = f"{letter} may not stand here" if letter else "the file ends where a value should stand"
            raise self._stop(start, found, hint)
        try:
            value, self.position = (read_raw if letter == "#" else read_quoted)(self.text, start)
        except StringError as error:
            self._problem(error.offset, error.message, error.hint)
            self.position = error.end if error.end >= 0 else self._line_tail(start)
            if error.end < 0:
                raise WrongNode from None
            value = ""
        style = "raw" if letter == "#" else "text"
        return Value(value, self._where(start), style, self.text[start : self.position], annotation)

    def _string(self, what: str) -> str:
        """A name: a word or a quoted text."""
        offset = self.position
        letter = self.text[offset : offset + 1]
        if letter in ("", "{", "}", ";", "=", ")", "/", "\\") or self._is_line_end():
            raise self._stop(offset, f"{what} is missing here")
        value = self._value()
        if value.style in ("number", "keyword"):
            self._problem(offset, f"{value.source} cannot be {what}", f'write "{value.source}" in quotes')
        return str(value.value)

    def _annotation(self) -> str:
        """The type in brackets before a name or value, or an empty text."""
        if not self.text.startswith("(", self.position):
            return ""
        start = self.position
        self.position += 1
        self._node_space()
        name = self._string("a type's name")
        self._node_space()
        if not self.text.startswith(")", self.position):
            raise self._stop(start, "this bracket is never closed")
        self.position += 1
        return name

    def _line_tail(self, start: int) -> int:
        """The offset of the braces that end the line, so that a missing quote does not unbalance them."""
        line = character.LINE_END.search(self.text, start)
        stop = line.start() if line else len(self.text)
        return max(_LINE_TAIL.search(self.text[:stop], start).start(), start + 1)  # type: ignore[union-attr]
