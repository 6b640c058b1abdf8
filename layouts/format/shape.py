"""Text → its shape: nodes as they are written, with comments and empty lines, for the formatter alone."""

from __future__ import annotations

import msgspec

from layouts.kdl import character
from layouts.kdl.value import ValueScanner


class Remark(msgspec.Struct):
    """A comment on lines of its own, as it is written; an empty text is an empty line."""

    text: str


class Written(msgspec.Struct):
    """One node as it is written.

    Attributes:
        head: Name and entries, each as its source, with comments between them.
        block: What stands in its braces; None without braces.
        is_inline: Whether the braces stood on one line.
        tail: A comment behind it on its line, or empty.
        shows: Whether a ``/-`` before the braces takes them out.
    """

    head: list[str]
    block: list[Remark | Written] | None = None
    is_inline: bool = False
    tail: str = ""
    block_mark: str = ""


def shape(text: str, file: str = "") -> list[Remark | Written]:
    """What stands in a text that has no syntax problems, as it is written."""
    return Shaper(text, file).document()


class Shaper(ValueScanner):
    """Reads the shape of a text that has no syntax problems."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text, file)
        #: Comments that were gone over within a node and stand in no head yet.
        self._kept: list[str] = []

    def document(self) -> list[Remark | Written]:
        """All of the text."""
        return self.items()

    def items(self) -> list[Remark | Written]:
        """What stands up to a closing brace or the end; neither is taken."""
        found: list[Remark | Written] = []
        while True:
            self._take_space(found)
            letter = self._letter()
            if letter in ("", "}"):
                return found
            found.append(self._written())

    def _letter(self) -> str:
        return self.text[self.position : self.position + 1]

    def _take_space(self, found: list[Remark | Written]) -> None:
        """Comments and empty lines before the next node."""
        while True:
            start = self.position
            match = character.LINE_SPACE.match(self.text, start)
            if match:
                self.position = match.end()
                lines = len(character.BREAK.findall(match[0]))
                # The node before took its own line's end.
                if lines > (0 if found else 1) and not (found and _is_empty(found[-1])):
                    found.append(Remark(""))
            elif match := character.LINE_COMMENT.match(self.text, start):
                self.position = match.end()
                found.append(Remark(match[0].rstrip()))
                self._take_line_end()
            elif self.text.startswith("/*", start):
                super()._comment()
                found.append(Remark(self.text[start : self.position]))
                self._take_line_end()
            elif self._letter() == ";":
                self.position += 1
            elif self._line_joint():
                found += [Remark(comment) for comment in self._taken()]
            else:
                return

    def _take_line_end(self) -> None:
        self.position = self._behind_spaces(self.position)
        if match := character.BREAK.match(self.text, self.position):
            self.position = match.end()

    def _written(self) -> Written:
        node = Written([])
        node.head = [self._mark() + self._annotation_source() + self._value_source(), *self._taken()]
        while True:
            self._between(node)
            letter = self._letter()
            if letter in ("", "}"):
                return node
            if letter == ";":
                self.position += 1
                self._take_tail(node)
                return node
            if self.text.startswith("//", self.position) or self._is_line_end():
                self._take_tail(node)
                return node
            mark = self._mark()
            if self._letter() == "{":
                self._take_block(node, mark)
            else:
                node.head += [mark + self._entry_source(), *self._taken()]

    def _between(self, node: Written) -> None:
        """Spaces, comments and joined lines between a node's entries."""
        while True:
            start = self.position
            if match := character.SPACE.match(self.text, start):
                self.position = match.end()
            elif not self._comment() and not self._line_joint():
                node.head += self._taken()
                return

    def _taken(self) -> list[str]:
        """The comments that were gone over, which then have their place."""
        kept, self._kept = self._kept, []
        return kept

    def _comment(self) -> bool:
        start = self.position
        is_one = super()._comment()
        if is_one:
            self._kept.append(self.text[start : self.position])
        return is_one

    def _line_joint(self) -> bool:
        start, before = self.position, len(self._kept)
        is_one = super()._line_joint()
        if not is_one:
            del self._kept[before:]
            return False
        last = self.text.rfind("*/", start, self.position)
        comment = character.LINE_COMMENT.search(self.text, max(last, start), self.position)
        if comment:
            self._keep_line(comment[0])
        return True

    def _line_space(self) -> None:
        while True:
            if match := character.LINE_SPACE.match(self.text, self.position):
                self.position = match.end()
            elif match := character.LINE_COMMENT.match(self.text, self.position):
                self.position = match.end()
                self._keep_line(match[0])
            elif not self._comment() and not self._line_joint():
                return

    def _keep_line(self, comment: str) -> None:
        """A comment to the end of a line becomes one that may stand within a line."""
        text = comment[2:].rstrip().replace("*/", "* /").replace("/*", "/ *")
        self._kept.append(f"/*{text} */")

    def _take_tail(self, node: Written) -> None:
        """A comment behind the node on its line, and the line's end."""
        self.position = self._behind_spaces(self.position)
        if match := character.LINE_COMMENT.match(self.text, self.position):
            node.tail = match[0].rstrip()
            self.position = match.end()
        if match := character.BREAK.match(self.text, self.position):
            self.position = match.end()

    def _take_block(self, node: Written, mark: str) -> None:
        opening = self.position
        self.position += 1
        block = self.items()
        if mark:
            # NOTE: braces that are taken out stay where they are; their inside is kept as it is written.
            self.position += 1
            node.head.append(f"{mark}{self.text[opening:self.position]}")
            return
        node.is_inline = character.BREAK.search(self.text, opening, self.position) is None
        self.position += 1
        while block and _is_empty(block[0]):
            block.pop(0)
        while block and _is_empty(block[-1]):
            block.pop()
        node.block = block

    def _mark(self) -> str:
        mark = ""
        while self.text.startswith("/-", self.position):
            self.position += 2
            self._line_space()
            mark += "/-"
        return mark

    def _annotation_source(self) -> str:
        """The type before a name or value, without spaces; empty where there is none."""
        if not self.text.startswith("(", self.position):
            return ""
        self.position += 1
        self._node_space()
        source = self._value_source()
        self._node_space()
        self.position += 1
        self._node_space()
        return f"({source})"

    def _value_source(self) -> str:
        annotation = self._annotation_source()
        start = self.position
        self._value()
        return annotation + self.text[start : self.position]

    def _entry_source(self) -> str:
        """An argument, or a property without spaces round its equals sign."""
        source = self._value_source()
        behind, kept = self.position, len(self._kept)
        if not self.text.startswith("=", self.position):
            self._node_space()
        if not self.text.startswith("=", self.position):
            self.position = behind
            del self._kept[kept:]
            return source
        self.position += 1
        self._node_space()
        return f"{source}={self._value_source()}"


def _is_empty(item: Remark | Written) -> bool:
    return isinstance(item, Remark) and not item.text
