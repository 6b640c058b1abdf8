"""Declarations of a layout (tables, commands, components), held against their rows of the language."""

from __future__ import annotations

from collections.abc import Container

from layouts.action import assignment
from layouts.construct import CONSTRUCTS
from layouts.kdl import SyntaxNode
from layouts.node import CommandDeclaration, TableDeclaration, Template
from layouts.project import Project
from layouts.property import OUTSIDE, PropertyReader
from layouts.reference import References


class Declarations:
    """Builds the declarations of one layout; problems go to ``project.problems``."""

    def __init__(self, project: Project, references: References, properties: PropertyReader) -> None:
        self._project = project
        self._references = references
        self._properties = properties

    def table(self, name: str, node: SyntaxNode) -> TableDeclaration:
        """A declared table of a source."""
        source = node.properties.get("source")
        table = str(source.value) if source else name
        self._references.tables[name] = table
        values = self._properties.values(node, CONSTRUCTS["table"], OUTSIDE, name)
        self._no_children(node)
        self._references.source(table, source.where if source else node.where)
        return TableDeclaration(name, table, values.get("filter"), values.get("sort", ""), node.where)

    def command(self, name: str, node: SyntaxNode) -> CommandDeclaration:
        """A declared command, with what it asks before it runs."""
        values = self._properties.values(node, CONSTRUCTS["command"], OUTSIDE, None)
        confirm: str | Template = ""
        for child in node.children:
            if child.name != "confirm":
                self._project.report(child.where, f"{child.name} cannot stand in command", "only confirm can")
                continue
            confirm = self._properties.values(child, CONSTRUCTS["confirm"], OUTSIDE, None).get("text", "")
            self._no_children(child)
        run = values.get("run")
        if isinstance(run, str) and assignment(run) is None and node.properties.get("run") is not None:
            self._references.action(run, node.properties["run"].where)
        values = {key: value for key, value in values.items() if key != "id"}
        return CommandDeclaration(name, **values, confirm=confirm, where=node.where)

    def component(self, name: str, node: SyntaxNode, kinds: Container[str]) -> None:
        """A component's own line and its params; ``kinds`` are names that it cannot have."""
        self._properties.values(node, CONSTRUCTS["component"], OUTSIDE, None)
        if name in kinds or name in CONSTRUCTS:
            where = node.arguments[0].where
            self._project.report(where, f"{name} is a word of the language", "call the component otherwise")
        names: set[str] = set()
        for child in node.children:
            if child.name != "param":
                continue
            self._properties.values(child, CONSTRUCTS["param"], OUTSIDE, None)
            found = str(child.arguments[0].value) if child.arguments else ""
            if found in names:
                self._project.report(child.arguments[0].where, f"there is a param {found} already")
            names.add(found)

    def _no_children(self, node: SyntaxNode) -> None:
        for child in node.children:
            self._project.report(child.where, f"{child.name} cannot stand in {node.name}", f"{node.name} holds nothing")
