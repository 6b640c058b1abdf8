"""Syntax trees → every place that speaks of something: the widgets, declarations and files of one layout."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.error import Where
from layouts.construct import CONSTRUCTS
from layouts.kdl import SyntaxNode, Value
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.language_server.declaring import id_of, texts_of
from layouts.language_server.documents import File, taken_path
from layouts.language_server.param_type import param_rows
from layouts.language_server.symbol import Names, Occurrence, Symbol
from layouts.language_server.table_name import Tables, table_inside
from layouts.language_server.value_name import Surrounding, ValueNames

_COMMON = {row.name: row for row in COMMON}
_DECLARING = {"table": "table", "command": "command", "component": "component", "param": "param", "slot": "slot"}


class Speaking:
    """Walks the files of one layout.

    Attributes:
        occurrences: What was found, in the order of the walk.
    """

    def __init__(self, files: Mapping[str, File], kinds: Mapping[str, Kind], names: Names, tables: Tables) -> None:
        self.occurrences: list[Occurrence] = []
        self._files = files
        self._kinds = kinds
        self._names = names
        self._values = ValueNames(names, tables, self.occurrences)
        self._walked: set[str] = set()
        #: Component → what its first use around it has: the table, and the values of its params.
        self._uses: dict[str, tuple[str, dict[str, str]]] = {}

    def walk(self) -> list[Occurrence]:
        """All places of all files."""
        components: list[SyntaxNode] = []
        for file in self._files.values():
            if file.path not in self._walked:
                self._file(file, Surrounding(), components)
        # NOTE: components come last, so that what their uses show is known.
        while components:
            node = components.pop(0)
            name = str(node.arguments[0].value) if node.arguments else ""
            table, given = self._uses.get(name, ("", {}))
            inner = Surrounding(component=name, table=table, given=given)
            self._construct(node, inner)
            for child in node.children:
                self._node(child, inner, components)
        return self.occurrences

    def _file(self, file: File, around: Surrounding, components: list[SyntaxNode]) -> None:
        self._walked.add(file.path)
        for node in file.document.nodes:
            if node.name == "component":
                components.append(node)
            elif node.name == "style":
                self._style(node)
            else:
                self._node(node, around, components)

    def _style(self, node: SyntaxNode) -> None:
        """A rule for the looks of widgets: their kinds, their id, their classes."""
        self._construct(node, Surrounding())
        for value in node.arguments:
            if value.value in self._kinds:
                self._values.tell_whole("kind", value, None)
        value = node.properties.get("id")
        if value is not None and isinstance(value.value, str):
            self._values.tell_whole("id", value, self._names.id(value.value, ""))
        for child in node.children:
            if child.name in CONSTRUCTS:
                self._construct(child, Surrounding())

    def _node(self, node: SyntaxNode, around: Surrounding, components: list[SyntaxNode]) -> None:
        kind = self._kinds.get(node.name)
        if kind is not None:
            around = self._widget(node, kind, around)
        elif node.name in self._names.components:
            around = self._instance(node, around)
        elif node.name in CONSTRUCTS:
            self._construct(node, around)
            file = self._files.get(taken_path(node)) if node.name == "include" else None
            if file is not None and file.path not in self._walked:
                self._file(file, around, components)
        else:
            self._slot_name(node, around)
        for child in node.children:
            self._node(child, around._replace(parent=node.name), components)

    def _widget(self, node: SyntaxNode, kind: Kind, around: Surrounding) -> Surrounding:
        """The places of a widget's own line; answers what is around its children."""
        self._tell("kind", node.name, node.where, len(node.name))
        arguments, properties = texts_of(node)
        given = {**around.given} if around.component else {}
        table = table_inside(kind, [given.get(one, one) for one in arguments],
                             {name: given.get(one, one) for name, one in properties.items()}, around.table)  # fmt: skip
        inner = around._replace(table=table)
        self._id(node, kind, around)
        rows = _COMMON if kind.loader and not kind.is_structure else {}
        self._entries(node, kind, {**rows, **{row.name: row for row in kind.properties}}, inner)
        if kind.name == "repeat":
            inner = self._repeat(node, inner)
        return inner

    def _id(self, node: SyntaxNode, kind: Kind | None, around: Surrounding) -> None:
        value = id_of(node, kind)
        if value is not None:
            symbol = self._names.id(value.value, around.component)
            is_this = symbol is not None and symbol.where == value.where
            self._values.tell_whole("id", value, symbol, is_declaration=is_this)

    def _repeat(self, node: SyntaxNode, around: Surrounding) -> Surrounding:
        value = node.properties.get("as")
        if value is None or not isinstance(value.value, str):
            name, where = "row", node.where
        else:
            name, where = value.value, value.where
        row = Symbol("row", name, where, node, around.component, around.table)
        if value is not None and isinstance(value.value, str):
            self._values.tell_whole("row", value, row, is_declaration=True)
        return around._replace(rows={**around.rows, name: row})

    def _entries(self, node: SyntaxNode, kind: Kind, rows: Mapping[str, Property], around: Surrounding) -> None:
        """Names and values of arguments and properties."""
        by_argument = sorted((row for row in kind.properties if row.argument), key=lambda row: row.argument)
        for index, value in enumerate(node.arguments):
            if by_argument and by_argument[0].argument < 0:
                self._values.read(by_argument[0], value, around)
            elif index < len(by_argument):
                self._read(by_argument[index], value, around)
        for name, value in node.properties.items():
            row = rows.get(name)
            if row is not None:
                self._tell("property", name, node.places[name], len(name), of=kind.name)
                self._read(row, value, around)

    def _read(self, row: Property, value: Value, around: Surrounding) -> None:
        if row.name not in ("id", "as"):
            self._values.read(row, value, around)

    def _instance(self, node: SyntaxNode, around: Surrounding) -> Surrounding:
        component = self._names.components[node.name]
        self._tell("component", node.name, node.where, len(node.name), component.symbol)
        rows = param_rows(component, self._names, self._kinds)
        params = list(component.params)
        arguments, properties = texts_of(node)
        given = dict(zip(params, arguments, strict=False)) | {
            name: text for name, text in properties.items() if name in component.params
        }
        self._uses.setdefault(node.name, (around.table, given))
        for index, value in enumerate(node.arguments):
            if index < len(params) and params[index] in rows:
                self._values.read(rows[params[index]], value, around)
        self._id(node, None, around)
        for name, value in node.properties.items():
            if name in component.params:
                self._tell("param", name, node.places[name], len(name), component.params[name])
                if name in rows:
                    self._values.read(rows[name], value, around)
            elif name in _COMMON:
                self._tell("property", name, node.places[name], len(name), of="")
                self._read(_COMMON[name], value, around)
        return around

    def _slot_name(self, node: SyntaxNode, around: Surrounding) -> None:
        """A node that stands for a slot of the component around it."""
        component = self._names.components.get(around.parent)
        if component is not None and node.name in component.slots:
            self._tell("slot", node.name, node.where, len(node.name), component.slots[node.name])

    def _construct(self, node: SyntaxNode, around: Surrounding) -> None:
        kind = CONSTRUCTS[node.name]
        self._tell("kind", node.name, node.where, len(node.name))
        value = node.arguments[0] if node.arguments else None
        if value is not None and isinstance(value.value, str):
            if node.name in ("use", "include"):
                self._values.tell_whole("file", value, None, of=taken_path(node))
            elif node.name in _DECLARING:
                self._declared(node, value, around)
        if node.name == "table" and value is not None:
            around = around._replace(table=str(value.value))
        rows = {row.name: row for row in kind.properties}
        for name, given in node.properties.items():
            if name in rows:
                self._tell("property", name, node.places[name], len(name), of=node.name)
                self._values.read(_own_type(node.name, rows[name]), given, around)
        if node.name == "confirm" and value is not None:
            self._values.read(rows["text"], value, around)

    def _declared(self, node: SyntaxNode, value: Value, around: Surrounding) -> None:
        component = self._names.components.get(around.component)
        found = {
            "table": self._names.tables.get(value.value),
            "command": self._names.commands.get(value.value),
            "component": self._names.components[value.value].symbol if value.value in self._names.components else None,
            "param": component.params.get(value.value) if component else None,
            "slot": component.slots.get(value.value) if component else None,
        }[node.name]
        is_this = found is not None and found.where == value.where
        self._values.tell_whole(_DECLARING[node.name], value, found, is_declaration=is_this)

    def _tell(
        self, role: str, name: str, where: Where, length: int, symbol: Symbol | None = None, of: str = ""
    ) -> None:
        self.occurrences.append(Occurrence(role, name, where, length, symbol, False, of))


def _own_type(construct: str, row: Property) -> Property:
    """Rows that the language checks otherwise than by their type."""
    if construct == "table" and row.name == "source":
        return row._replace(type="source")
    if construct == "command" and row.name == "run":
        return row._replace(type="action")
    return row._replace(type="any") if construct == "style" and row.name == "id" else row
