"""The syntax tree of a text, by tree-sitter: for text objects and for selections that grow. No Qt here.

It is made when it is asked for, and anew from what changed since. Texts beyond :data:`LARGEST` have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from plugins.api import common_end, common_start
from plugins.scintilla.outline import NAMING, Named, outline_of, trail_of
from plugins.scintilla.syntax_kind import GRAMMARS, Grammar

#: Bytes of a text that is parsed at most.
LARGEST = 1 << 20
_LANGUAGES: dict[str, Any] = {}


class SyntaxTree:
    """The tree of one text.

    Args:
        read: Answers the text's bytes.
    """

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._text, self._name = b"", ""
        self._tree: Any = None

    def spans(self, language: str, name: str, place: int) -> list[tuple[int, int]]:
        """Parts of a kind around a byte, the innermost first.

        Args:
            language: The language's name.
            name: ``function.around``, ``argument.inside`` and so on.
            place: The byte.
        """
        grammar = GRAMMARS.get(language)
        if grammar is None or not self._renew(language):
            return []
        kind, _, side = name.partition(".")
        find = _arguments if kind == "argument" else _nodes
        return list(find(grammar, kind, self._up(place, place), self._text, side == "around"))

    def around(self, language: str, start: int, stop: int) -> tuple[int, int] | None:
        """The smallest node that has a part and more; None where there is none or no tree."""
        if language not in GRAMMARS or not self._renew(language):
            return None
        for node in self._up(start, stop):
            low, high = node.start_byte, node.end_byte
            while high > low and self._text[high - 1 : high] in (b"\n", b"\r"):
                high -= 1
            if low <= start and high >= stop and (low, high) != (start, stop):
                return low, high
        return None

    def outline(self, language: str) -> tuple[Named, ...]:
        """What has a name in the text; nothing of a language that is not known."""
        if language not in NAMING or not self._renew(language):
            return ()
        return outline_of(self._tree.root_node, language, self._text)

    def trail(self, language: str, place: int) -> list[Named]:
        """What has a name around a byte, the outermost first."""
        if language not in NAMING or not self._renew(language):
            return []
        place = _within_line(self._text, place)
        return trail_of(self._up(place, place), language, self._text)

    def _up(self, start: int, stop: int) -> Iterator[Any]:
        """The nodes around a part, the innermost first."""
        node = self._tree.root_node.descendant_for_byte_range(start, max(stop - 1, start))
        while node is not None:
            yield node
            node = node.parent

    def _renew(self, language: str) -> bool:
        """Parse what changed; false where the text is too large."""
        text = self._read()
        if len(text) > LARGEST:
            self._tree, self._text = None, b""
            return False
        if self._tree is not None and language == self._name:
            if text == self._text:
                return True
            self._edit(text)
        else:
            self._tree = None
        self._tree = _parser(language).parse(text, self._tree) if self._tree else _parser(language).parse(text)
        self._text, self._name = text, language
        return True

    def _edit(self, text: bytes) -> None:
        """Tell the tree which part of the text is another."""
        old = self._text
        start = common_start(old, text)
        back = common_end(old, text, min(len(old), len(text)) - start)
        stop, new_stop = len(old) - back, len(text) - back
        points = (_point(old, start), _point(old, stop), _point(text, new_stop))
        self._tree.edit(start, stop, new_stop, *points)


def _within_line(text: bytes, place: int) -> int:
    """The same place, but never before or behind what stands in its line: the tree has those spaces elsewhere."""
    start = text.rfind(b"\n", 0, place) + 1
    stop = text.find(b"\n", place)
    line = text[start : stop if stop >= 0 else len(text)]
    if not line.strip():
        return place
    return start + min(max(place - start, len(line) - len(line.lstrip())), len(line.rstrip()) - 1)


def _parser(language: str) -> Any:
    if language not in _LANGUAGES:
        from tree_sitter import Language, Parser

        _LANGUAGES[language] = Parser(Language(import_module(GRAMMARS[language].module).language()))
    return _LANGUAGES[language]


def _point(text: bytes, place: int) -> tuple[int, int]:
    return text.count(b"\n", 0, place), place - (text.rfind(b"\n", 0, place) + 1)


def _nodes(
    grammar: Grammar, kind: str, nodes: Iterator[Any], text: bytes, is_around: bool
) -> Iterator[tuple[int, int]]:
    types = getattr(grammar, "class_" if kind == "class" else kind)
    for node in nodes:
        if node.type not in types:
            continue
        if is_around:
            outer = node.parent if node.parent is not None and node.parent.type == "decorated_definition" else node
            yield _trimmed(text, outer.start_byte, outer.end_byte)
            continue
        inner = next((one for one in node.children if one.type in grammar.bodies), node)
        yield _within(text, inner, is_bracketed=inner is not node or kind == "block")


def _within(text: bytes, node: Any, *, is_bracketed: bool) -> tuple[int, int]:
    """What stands between a node's brackets or tags; all of it where it has none."""
    start, stop = _trimmed(text, node.start_byte, node.end_byte)
    first, last = (node.children[0], node.children[-1]) if node.child_count > 1 else (None, None)
    if first is not None and first.type in ("{", "[", "start_tag") and last.type in ("}", "]", "end_tag"):
        start, stop = first.end_byte, last.start_byte
        while start < stop and text[start : start + 1] in (b" ", b"\t", b"\n", b"\r"):
            start += 1
        start = text.rfind(b"\n", first.end_byte, start) + 1 or start
        stop = _trimmed(text, start, stop)[1]
    return start, stop


def _trimmed(text: bytes, start: int, stop: int) -> tuple[int, int]:
    while stop > start and text[stop - 1 : stop] in (b"\n", b"\r", b" ", b"\t"):
        stop -= 1
    return start, stop


def _arguments(
    grammar: Grammar, kind: str, nodes: Iterator[Any], text: bytes, is_around: bool
) -> Iterator[tuple[int, int]]:
    """Elements of a list; around them with the comma and the spaces that part them from the next or the one before."""
    child = None
    for node in nodes:
        if child is not None and node.type in grammar.lists and child.is_named and child.type not in grammar.comment:
            start, stop = child.start_byte, child.end_byte
            if is_around:
                following, before = child.next_sibling, child.prev_sibling
                if following is not None and following.type == ",":
                    stop = following.end_byte
                    while text[stop : stop + 1] in (b" ", b"\t"):
                        stop += 1
                elif before is not None and before.type == ",":
                    start = before.start_byte
            yield start, stop
        child = node
