"""The records of a syntax tree. Positions are lines and columns from 1, counted in characters."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from kernel.error import Where


class Value(NamedTuple):
    """One argument or property value.

    Attributes:
        value: str, int, float, bool or None.
        where: Where it begins, after a type annotation.
        style: How it is written: word (bare), text (quoted), raw, number or keyword.
        source: Its own characters.
        annotation: The type annotation, or empty.
    """

    value: Any
    where: Where
    style: str = "text"
    source: str = ""
    annotation: str = ""


class SyntaxNode(msgspec.Struct):
    """One node with what stands behind its name; slash-dashed parts are left out.

    Attributes:
        name: Its name, unescaped.
        where: Where its name begins.
        arguments: Values without a name, in order.
        properties: Name → value; the last one counts when a name is given twice.
        places: Property name → where that name stands.
        repeated: Places of properties that are given again.
        children: Child nodes, in order.
        has_block: Whether it has braces, maybe empty.
        annotation: The type annotation, or empty.
    """

    name: str
    where: Where
    arguments: list[Value] = []
    properties: dict[str, Value] = {}
    places: dict[str, Where] = {}
    repeated: list[tuple[str, Where]] = []
    children: list[SyntaxNode] = []
    has_block: bool = False
    annotation: str = ""


def place_in(value: Value, offset: int) -> Where:
    """The place in the file of the character ``offset`` of a text value; the value's own place when unsure."""
    source, where = value.source, value.where
    if value.style == "word":
        return where._replace(column=where.column + offset)
    hashes = len(source) - len(source.lstrip("#"))
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) == 1:
        position = hashes + 1
        for _ in range(offset):
            position += _width(source, position) if not hashes else 1
        return where._replace(column=where.column + min(position, max(len(source) - 1, 0)))
    if "\\" in source and not hashes:
        return where
    before = str(value.value)[:offset]
    row = before.count("\n")
    prefix = len(lines[-1]) - len(lines[-1].lstrip())
    return where._replace(line=where.line + 1 + row, column=prefix + offset - (before.rfind("\n") + 1) + 1)


def _width(source: str, position: int) -> int:
    """How many characters of the source stand for one of the text."""
    if source[position : position + 1] != "\\":
        return 1
    if source[position + 1 : position + 2] == "u":
        return source.find("}", position) - position + 1
    return 2
