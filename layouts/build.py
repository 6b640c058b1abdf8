"""Project → node tree: every node held against the kind table, components resolved, all problems kept.

A component that is used often has its problems told once; one that is used nowhere is built into nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from kernel.error import Where
from layouts.component import Components
from layouts.construct import CONSTRUCTS
from layouts.declaration import Declarations
from layouts.environment import Environment
from layouts.kdl import SyntaxNode
from layouts.kinds.kind import Kind
from layouts.node import Layout, Node
from layouts.place import Places
from layouts.project import Project
from layouts.property import OUTSIDE, PropertyReader
from layouts.reference import References
from layouts.style.rule import StyleReader
from layouts.unknown import check_fallback, in_place_of, instead_of, unmet, without_requires

#: Nodes of a layout with its components resolved; components in components grow quickly.
MAX_NODES = 100_000
_ROOT = Kind("layout", "", children=("window",))


class Builder:
    """Builds one project's layout; problems go to ``project.problems``."""

    def __init__(self, project: Project, kinds: Mapping[str, Kind], references: References) -> None:
        self.project = project
        self.kinds = kinds
        self.references = references
        self.properties = PropertyReader(project, references)
        self._declarations = Declarations(project, references, self.properties)
        self._components = Components(self)
        self._styles = StyleReader(project, kinds, references, self.properties)
        self._ids: dict[str, Where] = {}
        self._of_tables: dict[str, bool] = {}
        self._places = Places(project, _ROOT)
        #: What was looked for because a widget requires it → its version here.
        self.needs: dict[str, str | None] = {}
        self._count = 0
        self._outermost = Where()

    def build(self) -> Layout:
        """The layout, as far as it could be built."""
        project = self.project
        for header in project.headers:
            self.properties.values(header, CONSTRUCTS["layout"], OUTSIDE, None)
        tables = [self._declarations.table(name, node) for name, node in project.tables.items()]
        commands = [self._declarations.command(name, node) for name, node in project.commands.items()]
        for name, node in project.components.items():
            self._declarations.component(name, node, self.kinds)
        windows = [built for node in project.windows for built in self.node(node, _ROOT, OUTSIDE, "")]
        for name, node in project.components.items():
            if name not in self._components.used:
                project.report(node.where, f"the component {name} is used nowhere", severity="warning")
        for name, node in project.components.items():
            if name not in self._components.used:
                self._attempt(name, node)
        styles = [rule for node in project.styles for rule in self._styles.rules(node)]
        return Layout(
            project.title, project.version, tables, commands, windows, styles, tuple(project.texts), self.needs
        )

    def _attempt(self, name: str, node: SyntaxNode) -> None:
        self._outermost = node.where
        with self.trying():
            self._components.attempt(name, node)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What is built for its problems alone takes no ids."""
        before, self._ids = self._ids, {}
        try:
            yield
        finally:
            self._ids = before

    def node(self, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
        """The node tree's nodes for one written node: none, one, or a component's."""
        if not env.chain:
            self._outermost = node.where
        self._count += 1
        if self._count > MAX_NODES:
            if self._count == MAX_NODES + 1:
                message = f"the layout grows to more than {MAX_NODES:,} widgets here"
                self.project.report(self._outermost, message, "components in components multiply")
            return []
        if node.name == "fallback" and parent is not None and parent.loader:
            check_fallback(self, node, env, table)
            return []
        if "requires" in node.properties and self._may_require(node):
            if missing := unmet(self, node, env):
                return instead_of(self, node, parent, env, table, missing)
            node = without_requires(node)
        if node.name in self.kinds:
            return [self._widget(node, self.kinds[node.name], parent, env, table)]
        if node.name in self.project.components:
            return self._components.instance(node, parent, env, table)
        if node.name == "slot" and env.component:
            return self._components.slot(node, parent, env, table)
        if node.name == "param" and env.component:
            return []
        if node.name in CONSTRUCTS:
            places = CONSTRUCTS[node.name].parents or (("component",) if node.name == "slot" else ("layout",))
            self.project.report(
                node.where,
                f"{node.name} cannot stand here",
                f"it stands in {', '.join(places)}" if places != ("layout",) else "it stands outside of windows",
            )
            return []
        return in_place_of(self, node, parent, env, table)

    def _may_require(self, node: SyntaxNode) -> bool:
        """Whether it is a widget, or may be one of another version or plugin."""
        kind = self.kinds.get(node.name)
        return node.name not in CONSTRUCTS if kind is None else bool(kind.loader) and not kind.is_structure

    def _widget(self, node: SyntaxNode, kind: Kind, parent: Kind | None, env: Environment, table: str) -> Node:
        if parent is not None:
            self._places.check(node, kind, parent)
        of = node.properties.get("of")
        own = node.arguments[0] if node.arguments and self._shows_table(kind) else node.properties.get("table")
        if own is not None:
            table = str(env.value(own).value)
        elif of is not None and isinstance(env.value(of).value, str):
            head, _, rest = env.expression(env.value(of).value).partition(".")
            behind = rest.partition("current.")[2]
            table = f"@{head}.{behind}" if behind else f"@{head}"
        properties = self.properties.values(node, kind, env, table)
        identifier = properties.pop("id", "")
        if identifier:
            identifier = self.keep_id(identifier, node, env, table)
        named = properties.get("for")
        if named and isinstance(named, str):
            properties["for"] = env.renames.get(named, named)
            self.references.id(properties["for"], node.properties["for"].where)
        children: list[Node] = []
        if node.children:
            inside = self._in_repeat(properties) if kind.name == "repeat" else nullcontext()
            with inside, self._places.within(kind):
                children = self.children(node.children, kind, env, table)
        return Node(kind.name, identifier, properties, children, node.where)

    def _shows_table(self, kind: Kind) -> bool:
        """Whether one of its properties is a table; looked up once a kind."""
        found = self._of_tables.get(kind.name)
        if found is None:
            found = self._of_tables[kind.name] = any(row.type == "table" for row in kind.properties)
        return found

    @contextmanager
    def _in_repeat(self, properties: dict[str, Any]) -> Iterator[None]:
        """What stands in a repeat has a row, and ids of its own for each."""
        outer = self.references.enter(str(properties.get("as", "row")), str(properties.get("table", "")))
        try:
            yield
        finally:
            self.references.inside = outer

    def children(self, nodes: list[SyntaxNode], kind: Kind | None, env: Environment, table: str) -> list[Node]:
        """The node tree's nodes of what stands inside; an else becomes the last child of the if before it."""
        built: list[Node] = []
        before: Node | None = None
        for child in nodes:
            found = self.node(child, self.kinds["if"] if child.name == "else" and before else kind, env, table)
            if child.name == "else" and before is not None:
                before.children += found
                before = None
                continue
            built += found
            before = found[0] if child.name == "if" and found else None
        return built

    def keep_id(self, identifier: str, node: SyntaxNode, env: Environment, table: str) -> str:
        """Take a widget's id, told when it is taken already; answers it as it is called in the window."""
        renamed = env.renames.get(identifier, identifier)
        where = node.properties["id"].where if "id" in node.properties else node.where
        if renamed in self._ids:
            self.project.report(where, f"there is an id {identifier} already", f"at {self._ids[renamed]}")
        self._ids.setdefault(renamed, where)
        self.references.declare(renamed, table, node.name)
        return renamed
