"""The nodes of a layout as an editor's outline shows them, each with where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kernel.error import Where
from layouts.kdl import SyntaxNode
from layouts.language_server.place import TOKEN

_WORDS = ("title", "text", "label", "name", "source", "command", "of")


class Entry(NamedTuple):
    """One line of the outline.

    Attributes:
        name, detail: What it says, and the quieter rest.
        role: ``table``, ``command``, ``component``, ``window``, ``id`` or ``kind``.
        where: Where the node begins.
        stop: The character behind its end.
        inside: Its children.
    """

    name: str
    detail: str
    role: str
    where: Where
    stop: int
    inside: list[Entry]


def outline(nodes: list[SyntaxNode], text: str, starts: Mapping[Where, int]) -> list[Entry]:
    """The entries of some nodes; ``starts`` tells where each of them begins."""
    return _entries(nodes, _ends(text), starts)


def _entries(nodes: list[SyntaxNode], ends: Mapping[int, int], starts: Mapping[Where, int]) -> list[Entry]:
    found = []
    for node in nodes:
        if not node.name or node.name in ("layout", "else"):
            found += _entries(node.children, ends, starts)
            continue
        inside = _entries(node.children, ends, starts)
        start = starts[node.where]
        stop = max([ends.get(start, start + len(node.name)), *(entry.stop for entry in inside)])
        found.append(Entry(*_said(node), node.where, stop, inside))
    return found


def _said(node: SyntaxNode) -> tuple[str, str, str]:
    """Name, detail and role of a node."""
    first = str(node.arguments[0].value) if node.arguments else ""
    given = node.properties.get("id")
    if node.name in ("table", "command", "component", "param", "slot", "state", "dialog", "sheet", "wizard") and first:
        return first, node.name, node.name
    if given is not None:
        return str(given.value), " ".join(one for one in (node.name, first) if one), "id"
    said = first or next((str(node.properties[name].value) for name in _WORDS if name in node.properties), "")
    return node.name, said, "window" if node.name == "window" else "kind"


def all_nodes(nodes: list[SyntaxNode]) -> list[SyntaxNode]:
    """The nodes and all below them."""
    return [one for node in nodes for one in (node, *all_nodes(node.children))]


def _ends(text: str) -> dict[int, int]:
    """Where each node begins → where it ends, as far as braces and lines tell."""
    ends: dict[int, int] = {}
    around: list[int] = []
    node, last = -1, 0
    for match in TOKEN.finditer(text):
        mark = match["mark"]
        if mark == "{":
            around.append(node)
            node = -1
        elif mark == "}" and around:
            ends[node] = last
            node = around.pop()
            last = match.end()
        elif mark in (";", "\n", "\r", "\r\n"):
            ends[node] = last
            node = -1
        elif match["word"] or match["text"] or match["raw"] or match["long"]:
            node = match.start() if node < 0 else node
            last = match.end()
    return {start: stop for start, stop in {**ends, node: last}.items() if start >= 0}
