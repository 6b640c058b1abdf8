"""The files of one layout as they are now: texts, what was read of them, and which file takes which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from layouts.kdl import Document, SyntaxNode, read
from layouts.project import taken_path as path_within

Read = Callable[[str], bytes | None]


class File(NamedTuple):
    """One file: its path in the app, its text, and the nodes that could be read of it."""

    path: str
    text: str
    document: Document


class Files:
    """Reads files, each text once."""

    def __init__(self) -> None:
        self._known: dict[str, File] = {}

    def file(self, path: str, read_file: Read) -> File | None:
        """The file, or None when there is none, or it is no text."""
        content = read_file(path)
        if content is None:
            return None
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return None
        known = self._known.get(path)
        if known is None or known.text != text:
            known = self._known[path] = File(path, text, read(text, path))
        return known

    def of_layout(self, path: str, read_file: Read) -> dict[str, File]:
        """A main layout and every file that it takes, by path, in the order of reading."""
        found: dict[str, File] = {}
        waiting = [path]
        while waiting:
            path = waiting.pop(0)
            file = None if path in found else self.file(path, read_file)
            if file is not None:
                found[path] = file
                waiting += [taken for node in taking(file.document.nodes) if (taken := taken_path(node))]
        return found


def taking(nodes: list[SyntaxNode]) -> Iterator[SyntaxNode]:
    """All ``use`` and ``include`` in nodes."""
    for node in nodes:
        if node.name in ("use", "include"):
            yield node
        else:
            yield from taking(node.children)


def taken_path(node: SyntaxNode) -> str:
    """The path in the app that ``use`` or ``include`` names; empty when it names none."""
    value = node.arguments[0].value if node.arguments else None
    return path_within(node.where.file, value) if isinstance(value, str) and value else ""
