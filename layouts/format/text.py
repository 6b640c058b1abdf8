"""The canonical form of a layout's text: one node a line, four spaces a level, comments and empty lines kept.

Braces that stood on one line stay there while the line has room; texts, numbers and the order of entries stay as
they are written. Formatting twice is formatting once, and what is formatted reads as the same nodes.
"""

from __future__ import annotations

from collections.abc import Sequence

from layouts.format.shape import Remark, Written, shape
from layouts.kdl import SyntaxNode, read
from layouts.problem import LayoutError, Problem, snippet

#: Columns of a line that braces may stand on.
WIDTH = 120
_INDENT = "    "


def format_text(text: str, file: str = "") -> str:
    """The canonical form.

    Raises:
        LayoutError: the text has syntax problems; all of them, with their places.
    """
    document = read(text, file)
    if document.problems:
        raise LayoutError([Problem(*problem, snippet(text, problem.where)) for problem in document.problems])
    formatted = written_text(shape(text, file))
    if not _is_same(read(formatted).nodes, document.nodes):
        raise RuntimeError(f"{file or 'the text'} would read otherwise once formatted; it stays as it is")
    return formatted


def written_text(items: Sequence[Remark | Written]) -> str:
    """The canonical text of what is written."""
    lines = _lines(items, 0)
    return "\n".join([*lines, ""]) if lines else ""


def _lines(items: Sequence[Remark | Written], depth: int) -> list[str]:
    lines: list[str] = []
    for item in _trimmed(items):
        if isinstance(item, Remark):
            lines.append(f"{_INDENT * depth}{item.text}" if item.text else "")
        else:
            lines += _node(item, depth)
    return lines


def _node(node: Written, depth: int) -> list[str]:
    head = _INDENT * depth + " ".join(node.head)
    tail = f"  {node.tail}" if node.tail else ""
    if node.block is None:
        return [head + tail]
    if not node.block:
        return [f"{head} {{}}{tail}"]
    line = _inline(node)
    if node.is_inline and line is not None and len(_INDENT * depth + line) <= WIDTH:
        return [_INDENT * depth + line + tail]
    return [head + " {", *_lines(node.block, depth + 1), _INDENT * depth + "}" + tail]


def _inline(node: Written) -> str | None:
    """The node on one line; None when something in it needs a line of its own."""
    head = " ".join(node.head)
    if "\n" in head:
        return None
    if node.block is None:
        return head
    parts = []
    for item in node.block:
        if isinstance(item, Remark) or item.tail:
            return None
        part = _inline(item)
        if part is None:
            return None
        parts.append(part)
    return f"{head} {{ {'; '.join(parts)} }}" if parts else f"{head} {{}}"


def _trimmed(items: Sequence[Remark | Written]) -> Sequence[Remark | Written]:
    """Without empty lines at the beginning and the end."""
    start, stop = 0, len(items)
    while start < stop and items[start] == Remark(""):
        start += 1
    while stop > start and items[stop - 1] == Remark(""):
        stop -= 1
    return items[start:stop]


def _is_same(one: list[SyntaxNode], other: list[SyntaxNode]) -> bool:
    return list(map(_meaning, one)) == list(map(_meaning, other))


def _meaning(node: SyntaxNode) -> tuple[object, ...]:
    """What a node says, without where."""
    arguments = [(value.source, repr(value.value), value.annotation) for value in node.arguments]
    properties = [(name, value.source, repr(value.value)) for name, value in node.properties.items()]
    return node.name, node.annotation, arguments, properties, [_meaning(child) for child in node.children]
