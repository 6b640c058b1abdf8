"""What a component's params are for: the type of the first property that each of them fills."""

from __future__ import annotations

from collections.abc import Mapping

from layouts.construct import CONSTRUCTS
from layouts.kdl import SyntaxNode, Value
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.language_server.symbol import Component, Names

_DEEPEST = 8


def param_rows(component: Component, names: Names, kinds: Mapping[str, Kind], depth: int = 0) -> dict[str, Property]:
    """Param → the row of the property that it fills, under the param's name; those that fill none are left out."""
    rows: dict[str, Property] = {}
    if depth < _DEEPEST:
        _look(component.symbol.node.children, component, names, kinds, depth, rows)
    return rows


def _look(
    nodes: list[SyntaxNode],
    component: Component,
    names: Names,
    kinds: Mapping[str, Kind],
    depth: int,
    rows: dict[str, Property],
) -> None:
    for node in nodes:
        if node.name == "param":
            continue
        for row, value in _filled(node, names, kinds, depth):
            if value.style == "word" and value.value in component.params:
                rows.setdefault(value.value, row._replace(name=value.value, argument=0))
        _look(node.children, component, names, kinds, depth, rows)


def _filled(node: SyntaxNode, names: Names, kinds: Mapping[str, Kind], depth: int) -> list[tuple[Property, Value]]:
    """Each value of a node with the row of its property."""
    kind = kinds.get(node.name) or CONSTRUCTS.get(node.name)
    if kind is not None:
        by_argument = sorted((row for row in kind.properties if row.argument > 0), key=lambda row: row.argument)
        by_name = {row.name: row for row in (*COMMON, *kind.properties)}
    elif node.name in names.components:
        inner = names.components[node.name]
        by_name = param_rows(inner, names, kinds, depth + 1)
        by_argument = [by_name[name] for name in inner.params if name in by_name]
    else:
        return []
    found = list(zip(by_argument, node.arguments, strict=False))
    return found + [(by_name[name], value) for name, value in node.properties.items() if name in by_name]
