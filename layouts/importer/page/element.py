"""A page's elements as plain records, with their lines and what style sheets say of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from layouts.importer.page.source import LINE


class Element(msgspec.Struct, eq=False):
    """One element; its children are elements and texts."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element | str] = []
    style: dict[str, str] = {}

    def get(self, name: str) -> str:
        """An attribute's text; empty without one."""
        return self.attributes.get(name, "")

    def elements(self, *tags: str) -> list[Element]:
        """Its children that are elements, of these tags or all."""
        return [one for one in self.children if isinstance(one, Element) and (not tags or one.tag in tags)]

    def walk(self) -> Iterator[Element]:
        """Itself and every element in it, in order."""
        waiting = [self]
        while waiting:
            found = waiting.pop()
            yield found
            waiting += [one for one in reversed(found.children) if isinstance(one, Element)]

    def all(self, *tags: str) -> list[Element]:
        """Every element of these tags in it."""
        return [one for one in self.walk() if one.tag in tags and one is not self]

    def text(self, without: tuple[str, ...] = ()) -> str:
        """Its text on one line, without that of these elements."""
        return " ".join("".join(self._texts(without)).split())

    def _texts(self, without: tuple[str, ...]) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in without:
                yield from child._texts(without) if child.tag != "br" else "\n"


def build(root: Any) -> tuple[Element, dict[int, Element]]:
    """The parser's tree as records, and each by the parser's number of its node."""
    top = Element("", {}, 0)
    known: dict[int, Element] = {}
    waiting = [(root, top)]
    while waiting:
        node, parent = waiting.pop()
        if node.is_text_node:
            parent.children.append(node.text_content or "")
            continue
        if not node.is_element_node:
            continue
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        line = attributes.pop(LINE, "")
        element = Element(node.tag, attributes, int(line) if line.isdecimal() else parent.line)
        known[node.mem_id] = element
        parent.children.append(element)
        inner = []
        child = node.child
        while child is not None:
            inner.append((child, element))
            child = child.next
        waiting += reversed(inner)
    return top, known
