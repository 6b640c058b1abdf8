"""Reading files of older versions: syntax nodes in an older spelling become those of the newest."""

from __future__ import annotations

from collections.abc import Callable

from kernel.error import Where
from layouts.kdl import SyntaxNode
from layouts.migration.table import Migration, newer_than

Tell = Callable[[Where, Migration], None]


def version_of(nodes: list[SyntaxNode]) -> int | None:
    """The version that a file's first line names; None when it names none."""
    if not nodes or nodes[0].name != "layout" or not nodes[0].arguments:
        return None
    value = nodes[0].arguments[0].value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def modernise(nodes: list[SyntaxNode], version: int, tell: Tell) -> None:
    """Rewrite what an older version writes otherwise, in place; nothing is walked when there is no such row.

    Args:
        nodes: Of a file.
        version: The file's.
        tell: Gets the place of each older spelling and its row.
    """
    for row in newer_than(version):
        _rewrite(nodes, row, tell)
        if row.new_kind:
            _widen(nodes, row)


def _widen(nodes: list[SyntaxNode], row: Migration) -> None:
    """Rules for the kind were for what is of another kind now: they are for both. Nothing is told, as a rule does not
    say which of them it is about; in other files there may be some."""
    for node in nodes:
        kinds = [argument.value for argument in node.arguments] if node.name == "style" else []
        if row.kind in kinds and row.new_kind not in kinds:
            named = node.arguments[kinds.index(row.kind)]
            node.arguments = [*node.arguments, named._replace(value=row.new_kind)]


def _rewrite(nodes: list[SyntaxNode], row: Migration, tell: Tell) -> None:
    for node in nodes:
        if node.name == row.kind and row.has in node.properties:
            tell(node.places[row.has], row)
            node.name = row.new_kind or node.name
            node.properties = _renamed(node.properties, row)
            node.places = _renamed(node.places, row)
        _rewrite(node.children, row, tell)


def _renamed(found: dict, row: Migration) -> dict:
    return {row.properties.get(name, name): value for name, value in found.items() if row.properties.get(name, name)}
