"""Every text of a layout that people read, in one walk: to gather them, or to have others in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from kernel.error import Where
from kernel.tables.schema import path_title
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.node import CommandDeclaration, Formula, Layout, Node, Template

#: Properties of type text that people do not read.
_SILENT = ("class", "url", "file")
_LETTER = re.compile(r"[^\W\d_]")
#: A word within an expression: ``'app' if apps.count == 1 else 'apps'``.
_QUOTED_WORD = re.compile(r"'[^']*[^\W\d_][^']*'")

Text = str | Template


class Written(NamedTuple):
    """A text as a catalogue has it: expressions in braces, the count that its form depends on, its place, and what it
    is where it stands in no layout."""

    text: str
    count: str
    where: Where
    about: str = ""


def texts_of(layout: Layout, kinds: Mapping[str, Kind] = BUILT_IN) -> list[Written]:
    """All texts of the layout in the order of the tree; the same text as often as it stands there."""
    found: list[Written] = []

    def note(text: Text, where: Where) -> Text:
        found.append(Written(source_of(text), count_of(text), where))
        return text

    with_texts(layout, note, kinds)
    return found


def with_texts(layout: Layout, change: Callable[[Text, Where], Text], kinds: Mapping[str, Kind] = BUILT_IN) -> Layout:
    """The layout with what ``change`` answers in the place of each text."""
    title = change(layout.title, Where()) if layout.title else ""
    return msgspec.structs.replace(
        layout,
        title=title if isinstance(title, str) else layout.title,
        commands=[_command(command, change) for command in layout.commands],
        windows=[_node(window, change, kinds) for window in layout.windows],
    )


def source_of(text: Text) -> str:
    """The text as it is written: expressions in braces, braces doubled."""
    if isinstance(text, str):
        return text
    return "".join(part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else f"{{{part.text}}}"
                   for part in text.parts)  # fmt: skip


def count_of(text: Text) -> str:
    """The expression that a text counts by (``orders.count``): the first whose name ends with count; empty for none."""
    for part in text.parts if isinstance(text, Template) else ():
        if isinstance(part, Formula) and _counts(part):
            return part.text
    return ""


def _command(command: CommandDeclaration, change: Callable[[Text, Where], Text]) -> CommandDeclaration:
    fields = {name: getattr(command, name) for name in ("title", "doc", "confirm")}
    changed = {name: change(text, command.where) for name, text in fields.items() if is_read(text)}
    return msgspec.structs.replace(command, **changed) if changed else command


def _node(node: Node, change: Callable[[Text, Where], Text], kinds: Mapping[str, Kind]) -> Node:
    properties = node.properties
    for name in _readable(node.kind, kinds):
        value = properties.get(name)
        if isinstance(value, str | Template) and is_read(value):
            properties = {**properties, name: change(value, node.where)}
    if choices := _words(node):
        changed = change(choices, node.where)
        properties = {**properties, "words": changed} if changed != choices else properties
    if heading := _made_heading(node):
        changed = change(heading, node.where)
        properties = {**properties, "label": changed} if changed != heading else properties
    children = [_node(child, change, kinds) for child in node.children]
    return Node(node.kind, node.id, properties, children, node.where)


def _words(node: Node) -> str:
    """What people read of the values to choose from, with commas between."""
    words = node.properties.get("words") or node.properties.get("choices")
    return words if node.kind == "input" and isinstance(words, str) and is_read(words) else ""


def _made_heading(node: Node) -> str:
    """The heading that a column of another table gets by its path, where the layout gives it none."""
    path = node.properties.get("column")
    is_far = node.kind in ("show", "field") and isinstance(path, str) and "." in path
    return path_title(path) if is_far and not node.properties.get("label") else ""  # type: ignore[arg-type]


def _readable(kind: str, kinds: Mapping[str, Kind]) -> list[str]:
    record = kinds.get(kind)
    rows = (*COMMON, *(record.properties if record else ()))
    return [row.name for row in rows if row.type in ("text", "row") and row.name not in _SILENT]


def is_read(text: Text) -> bool:
    """Whether it says something in a language: letters outside of its expressions, or words for what is counted."""
    parts = (text,) if isinstance(text, str) else text.parts
    return any(
        _LETTER.search(part) if isinstance(part, str) else _counts(part) and _QUOTED_WORD.search(part.text)
        for part in parts
    )


def _counts(part: Formula) -> bool:
    return any(name.rpartition(".")[2] == "count" for name in part.names)
