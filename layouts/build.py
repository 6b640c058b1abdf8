"""Project → node tree: every node held against the kind table, components resolved, all problems kept.

A component that is used often has its problems told once; one that is used nowhere is built into nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.error import Where
from kernel.nearest import did_you_mean
from layouts.construct import CONSTRUCTS
from layouts.environment import UNKNOWN, Environment
from layouts.kdl import SyntaxNode, Value
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.node import CommandDeclaration, Layout, Node, TableDeclaration, Template
from layouts.project import Project
from layouts.reference import References
from layouts.value import Rewriting, ValueProblem, read_value

_ROOT = Kind("layout", "", children=("window",))
_COMMON = {row.name: row for row in COMMON}
_OUTSIDE = Environment()


class Builder:
    """Builds one project's layout; problems go to ``project.problems``."""

    def __init__(self, project: Project, kinds: Mapping[str, Kind], references: References) -> None:
        self.project = project
        self.kinds = kinds
        self.references = references
        self._rows: dict[str, tuple[dict[str, Property], list[Property]]] = {}
        self._used: set[str] = set()
        self._taken = {found for node in project.windows for found in _ids(node)}
        self._ids: dict[str, Where] = {}

    def build(self) -> Layout:
        """The layout, as far as it could be built."""
        project = self.project
        for header in project.headers:
            self._properties(header, CONSTRUCTS["layout"], _OUTSIDE, None)
        tables = [self._table(name, node) for name, node in project.tables.items()]
        commands = [self._command(name, node) for name, node in project.commands.items()]
        for name, node in project.components.items():
            self._declaration(name, node)
        windows = [built for node in project.windows for built in self._node(node, _ROOT, _OUTSIDE, "")]
        for name, node in project.components.items():
            if name not in self._used:
                project.report(node.where, f"the component {name} is used nowhere", severity="warning")
        for name, node in project.components.items():
            if name not in self._used:
                self._try_component(name, node)
        return Layout(project.title, project.version, tables, commands, windows, tuple(project.texts))

    def _table(self, name: str, node: SyntaxNode) -> TableDeclaration:
        source = node.properties.get("source")
        table = str(source.value) if source else name
        self.references.tables[name] = table
        values = self._properties(node, CONSTRUCTS["table"], _OUTSIDE, name)
        self._no_children(node)
        self.references.source(table, source.where if source else node.where)
        return TableDeclaration(name, table, values.get("filter"), values.get("sort", ""), node.where)

    def _command(self, name: str, node: SyntaxNode) -> CommandDeclaration:
        values = self._properties(node, CONSTRUCTS["command"], _OUTSIDE, None)
        confirm: str | Template = ""
        for child in node.children:
            if child.name != "confirm":
                self._report(child.where, f"{child.name} cannot stand in command", "only confirm can")
                continue
            confirm = self._properties(child, CONSTRUCTS["confirm"], _OUTSIDE, None).get("text", "")
            self._no_children(child)
        values = {key: value for key, value in values.items() if key != "id"}
        return CommandDeclaration(name, **values, confirm=confirm, where=node.where)

    def _declaration(self, name: str, node: SyntaxNode) -> None:
        """The component's own line and its params."""
        self._properties(node, CONSTRUCTS["component"], _OUTSIDE, None)
        if name in self.kinds or name in CONSTRUCTS:
            self._report(node.arguments[0].where, f"{name} is a word of the language", "call the component otherwise")
        names: set[str] = set()
        for child in node.children:
            if child.name != "param":
                continue
            self._properties(child, CONSTRUCTS["param"], _OUTSIDE, None)
            found = str(child.arguments[0].value) if child.arguments else ""
            if found in names:
                self._report(child.arguments[0].where, f"there is a param {found} already")
            names.add(found)

    def _no_children(self, node: SyntaxNode) -> None:
        for child in node.children:
            self._report(child.where, f"{child.name} cannot stand in {node.name}", f"{node.name} holds nothing")

    def _report(self, where: Where, message: str, hint: str = "") -> None:
        self.project.report(where, message, hint)

    def _node(self, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
        """The node tree's nodes for one written node: none, one, or a component's."""
        if node.name in self.kinds:
            return [self._widget(node, self.kinds[node.name], parent, env, table)]
        if node.name in self.project.components:
            return self._instance(node, parent, env, table)
        if node.name == "slot" and env.component:
            return self._slot(node, parent, env, table)
        if node.name == "param" and env.component:
            return []
        if node.name in CONSTRUCTS:
            places = CONSTRUCTS[node.name].parents or (("component",) if node.name == "slot" else ("layout",))
            self._report(
                node.where,
                f"{node.name} cannot stand here",
                f"it stands in {', '.join(places)}" if places != ("layout",) else "it stands outside of windows",
            )
            return []
        hint = did_you_mean(node.name, [*self.kinds, *self.project.components])
        self._report(node.where, f"there is no widget kind or component {node.name}", hint)
        for child in node.children:
            self._node(child, None, env, table)
        return []

    def _widget(self, node: SyntaxNode, kind: Kind, parent: Kind | None, env: Environment, table: str) -> Node:
        if parent is not None:
            self._check_place(node, kind, parent)
        of = node.properties.get("of")
        own = (
            node.arguments[0]
            if node.arguments and any(row.type == "table" for row in kind.properties)
            else node.properties.get("table")
        )
        if own is not None:
            table = str(env.value(own).value)
        elif of is not None and isinstance(env.value(of).value, str):
            head, _, rest = env.expression(env.value(of).value).partition(".")
            behind = rest.partition("current.")[2]
            table = f"@{head}.{behind}" if behind else f"@{head}"
        properties = self._properties(node, kind, env, table)
        identifier = properties.pop("id", "")
        if identifier:
            identifier = self._keep_id(identifier, node, env, table)
        named = properties.get("for")
        if named and isinstance(named, str):
            properties["for"] = env.renames.get(named, named)
            self.references.id(properties["for"], node.properties["for"].where)
        children = [built for child in node.children for built in self._node(child, kind, env, table)]
        return Node(kind.name, identifier, properties, children, node.where)

    def _keep_id(self, identifier: str, node: SyntaxNode, env: Environment, table: str) -> str:
        renamed = env.renames.get(identifier, identifier)
        where = node.properties["id"].where if "id" in node.properties else node.where
        if renamed in self._ids:
            self._report(where, f"there is an id {identifier} already", f"at {self._ids[renamed]}")
        self._ids.setdefault(renamed, where)
        self.references.ids[renamed] = table
        return renamed

    def _check_place(self, node: SyntaxNode, kind: Kind, parent: Kind) -> None:
        is_widget = bool(kind.loader) and parent is not _ROOT
        is_welcome = kind.name in parent.children or ("*" in parent.children and is_widget)
        if is_welcome and (not kind.parents or parent.name in kind.parents):
            return
        if parent is _ROOT:
            self._report(node.where, f"{kind.name} cannot stand outside of a window", "put it in window { … }")
        elif kind.parents:
            self._report(
                node.where, f"{kind.name} cannot stand in {parent.name}", f"it stands in {', '.join(kind.parents)}"
            )
        elif not parent.children:
            self._report(node.where, f"{kind.name} cannot stand in {parent.name}", f"{parent.name} holds nothing")
        else:
            self._report(
                node.where, f"{kind.name} cannot stand in {parent.name}", f"it holds {', '.join(parent.children)}"
            )

    def _known(self, kind: Kind) -> tuple[dict[str, Property], list[Property]]:
        """Property rows by name, and those that may be plain arguments, in order."""
        if kind.name not in self._rows:
            common = {} if kind.name in CONSTRUCTS else _COMMON
            by_argument = sorted((row for row in kind.properties if row.argument), key=lambda row: row.argument)
            self._rows[kind.name] = ({**common, **{row.name: row for row in kind.properties}}, by_argument)
        return self._rows[kind.name]

    def _properties(self, node: SyntaxNode, kind: Kind, env: Environment, table: str | None) -> dict[str, Any]:
        """The typed values of the node's arguments and properties; wrong ones are told and left out."""
        rows, arguments = self._known(kind)
        given: dict[str, Value] = {}
        for index, value in enumerate(node.arguments):
            if index < len(arguments):
                given[arguments[index].name] = value
            else:
                self._report(value.where, self._too_many(node, len(arguments)), _quote_hint(value, node.name))
        for name, where in node.repeated:
            self._report(where, f"{name} is given twice")
        for name, value in node.properties.items():
            if name not in rows:
                self._report(node.places[name], f"{kind.name} has no property {name}", did_you_mean(name, rows))
            elif name in given:
                self._report(node.places[name], f"{name} is given twice")
            else:
                given[name] = value
        for row in kind.properties:
            if row.is_required and row.name not in given:
                hint = f"write {kind.name} {row.name.upper()}" if row.argument else f"write {row.name}=…"
                self._report(node.where, f"{kind.name} needs {row.name}", hint)
        values = {}
        for name, value in given.items():
            self._read(rows[name], value, env, table, values)
        return values

    def _too_many(self, node: SyntaxNode, count: int) -> str:
        takes = "no argument" if not count else "one argument" if count == 1 else f"{count} arguments"
        return f"{node.name} takes {takes}"

    def _read(self, row: Property, written: Value, env: Environment, table: str | None, values: dict[str, Any]) -> None:
        value = env.value(written)
        if value is UNKNOWN:
            return
        if value is not written:
            env = _OUTSIDE
        head = value.value.partition(".")[0] if isinstance(value.value, str) else ""
        if row.type == "binding" and env.params.get(head) is UNKNOWN:
            return
        try:
            found = read_value(value, row, Rewriting(env.expression))
        except ValueProblem as problem:
            self._report(problem.where, problem.message, problem.hint)
            return
        values[row.name] = found
        self.references.value(row, value, found, table)

    def _instance(self, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
        """A component's body with the node's values in it."""
        component = self.project.components[node.name]
        self._used.add(node.name)
        if node.name in env.chain:
            circle = " → ".join([*env.chain[env.chain.index(node.name) :], node.name])
            self._report(node.where, f"the components hold each other in a circle: {circle}")
            return []
        params = _params(component)
        given: dict[str, Value] = {}
        common: dict[str, Any] = {}
        for index, value in enumerate(node.arguments):
            if index < len(params):
                given[list(params)[index]] = env.value(value)
            else:
                self._report(value.where, self._too_many(node, len(params)), _quote_hint(value, node.name))
        for name, where in node.repeated:
            self._report(where, f"{name} is given twice")
        for name, value in node.properties.items():
            if name in params:
                if name in given:
                    self._report(node.places[name], f"{name} is given twice")
                given[name] = self._outer(value, env)
            elif name in _COMMON:
                self._read(_COMMON[name], value, env, table, common)
            else:
                self._report(
                    node.places[name], f"the component {node.name} has no param {name}", did_you_mean(name, params)
                )
        for name, default in params.items():
            if name not in given and default is None:
                self._report(node.where, f"{node.name} needs {name}", f"write {name}=…")
            given.setdefault(name, default or UNKNOWN)
        roots = self._body(component, node, parent, given, env, table)
        return self._with_common(node, roots, common, env, table)

    def _outer(self, value: Value, env: Environment) -> Value:
        """A value given to a component, in the names of the window: params filled in, ids renamed."""
        found = env.value(value)
        if found is value and value.style == "word" and "." in value.value:
            return value._replace(value=env.expression(value.value))
        return found

    def _body(
        self,
        component: SyntaxNode,
        node: SyntaxNode,
        parent: Kind | None,
        given: dict[str, Value],
        env: Environment,
        table: str,
    ) -> list[Node]:
        name = node.name
        slots: dict[str, tuple[list[SyntaxNode], Any]] = {}
        names = {str(found.arguments[0].value) if found.arguments else "" for found in _slots(component)}
        for child in node.children:
            slot = child.name if child.name in names and child.name not in self.kinds else ""
            if slot not in names:
                self._report(
                    child.where, f"the component {name} has no slot for {child.name}", "a slot in it takes children"
                )
                continue
            nodes, _ = slots.setdefault(slot, ([], env))
            nodes += child.children if slot else [child]
        renames = {found: self._unique(found) for child in component.children for found in _ids(child)}
        inner = Environment(name, given, renames, slots, (*env.chain, name))
        return [built for child in component.children for built in self._node(child, parent, inner, table)]

    def _with_common(
        self, node: SyntaxNode, roots: list[Node], common: dict[str, Any], env: Environment, table: str
    ) -> list[Node]:
        """Id, visible and so on, given to a component, are its only root's."""
        if not common:
            return roots
        if len(roots) != 1:
            where = node.places[next(iter(common))]
            self._report(
                where,
                f"{next(iter(common))} needs a component with one outermost widget",
                f"{node.name} has {len(roots)}",
            )
            return roots
        root = roots[0]
        identifier = common.pop("id", "")
        if identifier and root.id:
            where = node.properties["id"].where
            self._report(where, f"the widget of {node.name} has an id already: {root.id}", "take one of the two away")
        elif identifier:
            root.id = self._keep_id(identifier, node, env, self.references.table_of(root))
        root.properties = {**root.properties, **common}
        return roots

    def _slot(self, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
        """What the component's user gave for the slot, or the slot's own children."""
        self._properties(node, CONSTRUCTS["slot"], env._replace(params={}), None)
        name = str(node.arguments[0].value) if node.arguments else ""
        nodes, outer = env.slots.get(name, (node.children, env))
        return [built for child in nodes for built in self._node(child, parent, outer, table)]

    def _unique(self, identifier: str) -> str:
        """The id itself, or with a number behind it when it is taken."""
        found, number = identifier, 2
        while found in self._taken:
            found, number = f"{identifier}_{number}", number + 1
        self._taken.add(found)
        return found

    def _try_component(self, name: str, node: SyntaxNode) -> None:
        """Build a component that nobody uses, for its problems."""
        params = {param: UNKNOWN for param in _params(node)}
        env = Environment(name, params, {}, {}, (name,))
        before = dict(self._ids)
        for child in node.children:
            self._node(child, None, env, "")
        self._ids = before


def _params(component: SyntaxNode) -> dict[str, Value | None]:
    """Parameter → default, None without one."""
    found = [child for child in component.children if child.name == "param" and child.arguments]
    return {str(child.arguments[0].value): child.properties.get("default") for child in found}


def _slots(node: SyntaxNode) -> list[SyntaxNode]:
    """All slots in the body."""
    return [slot for child in node.children for slot in ([child] if child.name == "slot" else _slots(child))]


def _ids(node: SyntaxNode) -> list[str]:
    """The ids written in a node and below it."""
    own = node.properties.get("id")
    found = [own.value] if own is not None and isinstance(own.value, str) else []
    return found + [inner for child in node.children for inner in _ids(child)]


def _quote_hint(value: Value, name: str) -> str:
    if isinstance(value.value, str) and value.style == "word" and ("'" in value.value or "=" in value.value):
        return 'texts stand in double quotes: "…"'
    return f'a text of several words stands in quotes: {name} "…"' if value.style == "word" else ""
