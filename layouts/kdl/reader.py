"""Text → syntax tree. Goes on behind a problem, so that all problems of a text are told at once."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from kernel.error import Where
from layouts.kdl import character
from layouts.kdl.scalar import RESERVED, read_keyword, read_scalar
from layouts.kdl.string import StringError, read_quoted, read_raw
from layouts.kdl.syntax import SyntaxNode, Value

#: How deep nodes may stand in nodes.
MAX_DEPTH = 200
_VERSION = re.compile("/-[ \\t]*kdl-version[ \\t]+([^\\s]+)[ \\t]*(?=[\r\n]|$)")
_RAW = re.compile('#+"')
_HASHED = re.compile(r"""#[^\s\\/(){};\[\]"=]*""")
_LINE_TAIL = re.compile("[\\s{};]*$")
_COMMENT_MARK = re.compile(r"/\*|\*/")
_INDENT = re.compile(r"[ \t]*")


class SyntaxProblem(NamedTuple):
    """One thing wrong with a text."""

    where: Where
    message: str
    hint: str = ""


class Document(NamedTuple):
    """What a text holds: its nodes as far as they could be read, and what is wrong, in order of place."""

    nodes: list[SyntaxNode]
    problems: list[SyntaxProblem]


class _Wrong(Exception):
    """The node being read cannot go on; it keeps what it has."""


def read(text: str, file: str = "") -> Document:
    """The nodes and the problems of ``text``; never raises."""
    reader = _Reader(text, file)
    nodes = reader.document()
    return Document(nodes, sorted(reader.problems, key=lambda problem: problem.where))


class _Reader:
    """One walk over one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.position = 1 if text.startswith("\ufeff") else 0
        self.problems: list[SyntaxProblem] = []
        self.starts = [0, *(match.end() for match in character.LINE_END.finditer(text))]
        self.crooked = -1

    def document(self) -> list[SyntaxNode]:
        for match in character.FORBIDDEN.finditer(self.text, self.position):
            self._problem(match.start(), f"the character U+{ord(match[0]):04X} may not stand in a text")
            break
        if version := _VERSION.match(self.text, self.position):
            if version[1] != "2":
                self._problem(version.start(1), f"this file says that it is KDL {version[1]}", "layouts are KDL 2")
            self.position = version.end()
        nodes = self._nodes(0)
        while self.position < len(self.text):
            self._problem(self.position, "there is no { that this } closes")
            self.position += 1
            nodes += self._nodes(0)
        return nodes

    def _where(self, offset: int) -> Where:
        line = bisect_right(self.starts, offset)
        return Where(self.file, line, offset - self.starts[line - 1] + 1)

    def _problem(self, offset: int, message: str, hint: str = "") -> None:
        self.problems.append(SyntaxProblem(self._where(min(offset, len(self.text))), message, hint))

    def _stop(self, offset: int, message: str, hint: str = "") -> _Wrong:
        self._problem(offset, message, hint)
        return _Wrong()

    def _nodes(self, depth: int) -> list[SyntaxNode]:
        """Nodes up to a closing brace or the end; neither is taken."""
        nodes: list[SyntaxNode] = []
        while True:
            self._line_space()
            letter = self.text[self.position : self.position + 1]
            if letter in ("", "}"):
                return nodes
            if letter == ";":
                self._problem(self.position, "there is no node before this ;")
                self.position += 1
                continue
            node, is_dropped = self._node(depth)
            if node and not is_dropped:
                nodes.append(node)

    def _node(self, depth: int) -> tuple[SyntaxNode | None, bool]:
        node = None
        start = self.position
        is_dropped = self._take_slashdash()
        try:
            annotation = self._annotation()
            self._node_space()
            offset = self.position
            name = self._string("a node's name")
            node = SyntaxNode(name, self._where(offset), [], {}, {}, [], [], False, annotation)
            self._entries(node, depth)
        except _Wrong:
            self._recover(node, depth)
        if self.position == start:
            self.position += 1
        return node, is_dropped

    def _entries(self, node: SyntaxNode, depth: int) -> None:
        """What stands behind a node's name, and what ends it."""
        self._plain_entries(node)
        is_after_block = False
        while True:
            has_space = self._node_space()
            letter = self.text[self.position : self.position + 1]
            if letter in ("", "}") or self.text.startswith("//", self.position):
                return
            if letter == ";":
                self.position += 1
                return
            if newline := character.BREAK.match(self.text, self.position):
                self.position = newline.end()
                return
            is_dropped = self._take_slashdash()
            if self.text.startswith("{", self.position):
                self._block(node, depth, is_dropped)
                is_after_block = True
                continue
            if is_after_block:
                raise self._stop(
                    self.position, "nothing may stand behind a node's } on its line", "write ; between nodes"
                )
            if not has_space and not is_dropped:
                hint = 'KDL 2 writes a raw text #"…"#' if letter == '"' else ""
                raise self._stop(self.position, "a space is missing here", hint)
            self._entry(node, is_dropped)

    def _plain_entries(self, node: SyntaxNode) -> None:
        """The entries that need no second look (see ``character.ENTRY``); the rest is left to :meth:`_entry`."""
        while match := character.ENTRY.match(self.text, self.position):
            name, source, text, number, keyword, word = match.groups()
            if word in RESERVED or (name is None and self.text.startswith("=", self._behind_spaces(match.end()))):
                return
            if name is not None and (name in RESERVED or name in node.properties):
                return
            if word is not None:
                place, value, style, source = match.start(6), word, "word", word
            elif source is not None:
                if not text and self.text.startswith('"""', match.start(2)):
                    return
                place, value, style = match.start(2), text, "text"
            elif number is not None:
                place, value, style, source = match.start(4), int(number), "number", number
            else:
                place, value, style, source = match.start(5), keyword == "#true", "keyword", keyword
            found = Value(value, self._where(place), style, source)
            if name is None:
                node.arguments.append(found)
            else:
                node.properties[name] = found
                node.places[name] = self._where(match.start(1))
            self.position = match.end()

    def _behind_spaces(self, position: int) -> int:
        return character.BLANK.match(self.text, position).end()  # type: ignore[union-attr]

    def _entry(self, node: SyntaxNode, is_dropped: bool) -> None:
        """One argument or property."""
        offset = self.position
        value = self._value()
        behind = self.position
        if value.style in ("word", "text", "raw") and not value.annotation and self._is_equals():
            self.position += 1
            self._node_space()
            if self.position >= len(self.text) or self.text[self.position] in ";{}" or self._is_line_end():
                raise self._stop(behind, f"{value.value} has no value")
            name, value = value.value, self._value()
            if is_dropped:
                return
            if name in node.properties:
                node.repeated.append((name, self._where(offset)))
            node.properties[name] = value
            node.places[name] = self._where(offset)
        else:
            self.position = behind
            if not is_dropped:
                node.arguments.append(value)

    def _is_equals(self) -> bool:
        if not self.text.startswith("=", self.position):
            self._node_space()
        return self.text.startswith("=", self.position)

    def _is_line_end(self) -> bool:
        return character.BREAK.match(self.text, self.position) is not None

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
                raise _Wrong from None
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

    def _block(self, node: SyntaxNode, depth: int, is_dropped: bool) -> None:
        """The children in braces."""
        opening = self.position
        if depth >= MAX_DEPTH:
            self._problem(opening, f"nodes stand more than {MAX_DEPTH} deep in each other")
            self.position = len(self.text)
            self.crooked = -2
            return
        if node.has_block and not is_dropped:
            self._problem(opening, f"{node.name} has braces already")
        self.position += 1
        children = self._nodes(depth + 1)
        if not is_dropped:
            node.children += children
            node.has_block = True
        if not self.text.startswith("}", self.position):
            if self.crooked != -2:
                suspect = opening if self.crooked < 0 else self.crooked
                self._problem(suspect, "this { is never closed", "a } is missing")
                self.crooked = -2
            return
        if self.crooked == -1 and self._indent(opening) != self._indent(self.position):
            self.crooked = opening
        self.position += 1

    def _indent(self, offset: int) -> int:
        """How far the line of ``offset`` is indented."""
        start = self.starts[bisect_right(self.starts, offset) - 1]
        return len(_INDENT.match(self.text, start)[0])  # type: ignore[index]

    def _recover(self, node: SyntaxNode | None, depth: int) -> None:
        """Go to the wrong node's end: its line's, a ; or a }; a block of its own is still read."""
        quoted = False
        while self.position < len(self.text):
            letter = self.text[self.position]
            if self._is_line_end() or (letter in ";}" and not quoted):
                self.position += letter == ";"
                return
            if letter == "{" and not quoted:
                self._block(node or SyntaxNode("", Where()), depth, False)
                return
            if letter == '"':
                quoted = not quoted
            self.position += 1

    def _line_tail(self, start: int) -> int:
        """The offset of the braces that end the line, so that a missing quote does not unbalance them."""
        line = character.LINE_END.search(self.text, start)
        stop = line.start() if line else len(self.text)
        return max(_LINE_TAIL.search(self.text[:stop], start).start(), start + 1)  # type: ignore[union-attr]

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
            match = character.LINE_SPACE.match(self.text, self.position)
            if match := match or character.LINE_COMMENT.match(self.text, self.position):
                self.position = match.end()
            elif not self._comment() and not self._line_joint():
                return

    def _node_space(self) -> bool:
        """Go over spaces, comments and escaped line ends; whether there were any."""
        start = self.position
        while True:
            if match := character.SPACE.match(self.text, self.position):
                self.position = match.end()
            elif not self._comment() and not self._line_joint():
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
