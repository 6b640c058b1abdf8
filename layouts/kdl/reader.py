"""Text → syntax tree. Goes on behind a problem, so that all problems of a text are told at once."""

from __future__ import annotations

import re
from typing import NamedTuple

from kernel.error import Where
from layouts.kdl import character
from layouts.kdl.entry import EntryScanner
from layouts.kdl.scalar import RESERVED
from layouts.kdl.scanner import SyntaxProblem as SyntaxProblem
from layouts.kdl.scanner import WrongNode
from layouts.kdl.syntax import SyntaxNode

#: How deep nodes may stand in nodes.
MAX_DEPTH = 200
_VERSION = re.compile("/-[ \\t]*kdl-version[ \\t]+([^\\s]+)[ \\t]*(?=[\r\n]|$)")


class Document(NamedTuple):
    """What a text holds: its nodes as far as they could be read, and what is wrong, in order of place."""

    nodes: list[SyntaxNode]
    problems: list[SyntaxProblem]


def read(text: str, file: str = "") -> Document:
    """The nodes and the problems of ``text``; never raises."""
    reader = _Reader(text, file)
    nodes = reader.document()
    return Document(nodes, sorted(reader.problems, key=lambda problem: problem.where))


class _Reader(EntryScanner):
    """Reads the nodes of one text."""

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
        if (match := character.NAME.match(self.text, self.position)) and match[0] not in RESERVED:
            node = SyntaxNode(match[0], self._where(self.position), [], {}, {}, [], [])
            self.position = match.end()
            try:
                self._entries(node, depth)
            except WrongNode:
                self._recover(node, depth)
            return node, False
        start = self.position
        is_dropped = self._take_slashdash()
        try:
            annotation = self._annotation()
            self._node_space()
            offset = self.position
            name = self._string("a node's name")
            node = SyntaxNode(name, self._where(offset), [], {}, {}, [], [], False, annotation)
            self._entries(node, depth)
        except WrongNode:
            self._recover(node, depth)
        if self.position == start:
            self.position += 1
        return node, is_dropped

    def _entries(self, node: SyntaxNode, depth: int) -> None:
        """What stands behind a node's name, and what ends it."""
        self._plain_entries(node)
        is_after_block = False
        if match := character.TAIL.match(self.text, self.position):
            if match[1] != "{":
                self.position = match.end()
                return
            self.position = match.start(1)
            self._block(node, depth, False)
            is_after_block = True
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
