"""Syntax trees → the declarations in them: tables, commands, components, params, slots, ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from layouts.kdl import SyntaxNode, Value
from layouts.kinds.kind import Kind
from layouts.language_server.documents import File, taken_path
from layouts.language_server.symbol import Component, Names, Symbol
from layouts.language_server.table_name import table_inside


def declare(files: Mapping[str, File], kinds: Mapping[str, Kind]) -> Names:
    """The declarations of one layout's files; of two of one name the first counts."""
    names = Names()
    declaring = _Declaring(files, kinds, names)
    taken = {path for file in files.values() for path in _included(file.document.nodes)}
    for path, file in files.items():
        if path not in taken:
            declaring.top(file.document.nodes)
    return names


def _included(nodes: Iterable[SyntaxNode]) -> list[str]:
    """Files that stand inside of other nodes, where their ids may belong to a component."""
    found = []
    for node in nodes:
        for child in node.children:
            found += [taken_path(child)] if child.name == "include" else _included([child])
    return found


class _Declaring:
    def __init__(self, files: Mapping[str, File], kinds: Mapping[str, Kind], names: Names) -> None:
        self._files = files
        self._kinds = kinds
        self._names = names
        self._seen: set[str] = set()

    def top(self, nodes: list[SyntaxNode]) -> None:
        """Declarations and widgets of a file's outermost level."""
        for node in nodes:
            value = node.arguments[0] if node.arguments else None
            if node.name in ("table", "command", "component") and value is not None and isinstance(value.value, str):
                self._declaration(node, value)
            elif node.name != "style":
                self._widget(node, "", "", self._names.ids)

    def _declaration(self, node: SyntaxNode, value: Value) -> None:
        symbol = Symbol(node.name, value.value, value.where, node)
        if node.name == "table":
            self._names.tables.setdefault(value.value, symbol)
        elif node.name == "command":
            self._names.commands.setdefault(value.value, symbol)
        elif value.value not in self._names.components:
            component = Component(symbol, {}, {}, {})
            self._names.components[value.value] = component
            for child in node.children:
                self._widget(child, "", value.value, component.ids)

    def _widget(self, node: SyntaxNode, table: str, scope: str, ids: dict[str, Symbol]) -> None:
        if node.name == "include":
            self._file(taken_path(node), table, scope, ids)
            return
        if node.name in ("param", "slot") and scope and node.arguments:
            self._part(node, scope)
        kind = self._kinds.get(node.name)
        inside = table_inside(kind, *texts_of(node), table)
        value = id_of(node, kind)
        if value is not None:
            ids.setdefault(value.value, Symbol("id", value.value, value.where, node, scope, inside))
        for child in node.children:
            self._widget(child, inside, scope, ids)

    def _part(self, node: SyntaxNode, scope: str) -> None:
        value = node.arguments[0]
        if isinstance(value.value, str):
            component = self._names.components[scope]
            found = component.params if node.name == "param" else component.slots
            found.setdefault(value.value, Symbol(node.name, value.value, value.where, node, scope))

    def _file(self, path: str, table: str, scope: str, ids: dict[str, Symbol]) -> None:
        file = self._files.get(path)
        if file is None or path in self._seen:
            return
        self._seen.add(path)
        for node in file.document.nodes:
            if node.name in ("table", "command", "component", "style"):
                self.top([node])
            else:
                self._widget(node, table, scope, ids)


def texts_of(node: SyntaxNode) -> tuple[list[str], dict[str, str]]:
    """A node's arguments and properties as texts; what is no text is empty."""

    def text(value: Value) -> str:
        return value.value if isinstance(value.value, str) else ""

    return [text(value) for value in node.arguments], {name: text(value) for name, value in node.properties.items()}


def id_of(node: SyntaxNode, kind: Kind | None) -> Value | None:
    """The value that gives a node its id, or None."""
    value = node.properties.get("id")
    is_first = kind is not None and any(row.name == "id" and row.argument == 1 for row in kind.properties)
    if value is None and is_first and node.arguments:
        value = node.arguments[0]
    return value if value is not None and isinstance(value.value, str) and value.value else None
