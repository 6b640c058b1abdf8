"""Which table the columns of a place belong to, in the words of :class:`layouts.reference.References`.

A declared table's name, ``@id`` for the current row of a view, ``@id.customer`` for a row that it refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.language_server.symbol import Names
from layouts.source_name import beside


def table_inside(kind: Kind | None, arguments: Sequence[str], properties: Mapping[str, str], outer: str) -> str:
    """The table of what stands in a node and of its own properties.

    Args:
        kind: The node's.
        arguments, properties: Its values, as texts.
        outer: The table around it.
    """
    if kind is None:
        return outer
    if arguments and any(row.type == "table" and row.argument == 1 for row in kind.properties):
        return arguments[0]
    if properties.get("table"):
        return properties["table"]
    head, _, rest = properties.get("of", "").partition(".")
    if not head:
        return outer
    behind = rest.partition("current.")[2]
    return f"@{head}.{behind}" if behind else f"@{head}"


class Tables:
    """Finds the schemas behind table names."""

    def __init__(self, names: Names, schemas: Mapping[str, Schema]) -> None:
        self._names = names
        self.schemas = schemas

    def source(self, table: str, component: str = "") -> str:
        """The source's table, as ``schemas`` calls it; empty when it is not known."""
        path: list[str] = []
        for _ in range(20):
            if not table.startswith("@"):
                break
            head, _, behind = table[1:].partition(".")
            path = [*behind.split("."), *path] if behind else path
            symbol = self._names.id(head, component)
            table = symbol.table if symbol else ""
        declared = self._names.tables.get(table)
        if declared is None:
            return ""
        given = declared.node.properties.get("source")
        source = str(given.value) if given else table
        for name in path:
            source = self.behind(source, name)
        return source if source in self.schemas else ""

    def schema(self, table: str, component: str = "") -> Schema | None:
        """The schema behind a table's name, or None."""
        return self.schemas.get(self.source(table, component))

    def behind(self, source: str, reference: str) -> str:
        """The source's table that a reference leads to; empty when there is none."""
        schema = self.schemas.get(source)
        found = schema.reference(reference) if schema else None
        return beside(source, schema, found.table) if found and schema else ""

    def lookup(self, source: str) -> Callable[[str], Schema | None]:
        """Finds the schema of another table beside ``source`` by its name."""
        schema = self.schemas.get(source)
        return lambda name: self.schemas.get(beside(source, schema, name)) if schema else None
