"""The records of what a layout's files name: what is declared, and every place that speaks of it."""

from __future__ import annotations

from typing import NamedTuple

from kernel.error import Where
from layouts.kdl import SyntaxNode

#: Role → whether the person who writes layouts may call it otherwise.
ROLES: dict[str, bool] = {
    "component": True, "table": True, "command": True, "id": True, "param": True, "row": True, "slot": True,
    "kind": False, "property": False, "column": False, "member": False, "function": False, "file": False,
    "script": False, "source": False, "icon": False, "event": False, "class": False,
}  # fmt: skip


class Symbol(NamedTuple):
    """One declaration.

    Attributes:
        role: A key of ``ROLES``.
        name: What it is called.
        where: Where its name stands.
        node: The node that declares it.
        scope: The component that it belongs to, or empty.
        table: Of an id or a row: the table behind it (see :func:`layouts.language_server.table_name.table_inside`).
    """

    role: str
    name: str
    where: Where
    node: SyntaxNode
    scope: str = ""
    table: str = ""


class Occurrence(NamedTuple):
    """One place that speaks of something.

    Attributes:
        role, name: What is spoken of.
        where: Where the name begins.
        length: Its characters.
        symbol: What declares it; None when nothing of the files does.
        is_declaration: Whether this place declares it.
        of: What it belongs to: a property's or event's kind, a column's table as its source calls it, a member's
            widget, a file's path.
    """

    role: str
    name: str
    where: Where
    length: int
    symbol: Symbol | None = None
    is_declaration: bool = False
    of: str = ""


class Component(NamedTuple):
    """A declared component: its params and ids by name, and the names of its slots."""

    symbol: Symbol
    params: dict[str, Symbol]
    ids: dict[str, Symbol]
    slots: dict[str, Symbol]


class Names:
    """All declarations of one layout's files."""

    def __init__(self) -> None:
        self.tables: dict[str, Symbol] = {}
        self.commands: dict[str, Symbol] = {}
        self.components: dict[str, Component] = {}
        self.ids: dict[str, Symbol] = {}

    def head(self, name: str, component: str, rows: dict[str, Symbol]) -> Symbol | None:
        """What the first word of an expression's name means, from the nearest to the farthest."""
        inside = self.components.get(component)
        found = rows.get(name)
        if found is None and inside is not None:
            found = inside.params.get(name) or inside.ids.get(name)
        return found or self.ids.get(name) or self.tables.get(name)

    def id(self, name: str, component: str) -> Symbol | None:
        """The widget of that id, as it is seen from inside a component or outside of all."""
        inside = self.components.get(component)
        return (inside.ids.get(name) if inside else None) or self.ids.get(name)
