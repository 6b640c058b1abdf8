"""Written ``style`` nodes → style rules; one rule for the node itself and one for each ``when`` inside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.nearest import did_you_mean
from layouts.construct import CONSTRUCTS
from layouts.kdl import SyntaxNode
from layouts.kinds.kind import Kind
from layouts.node import StyleRule
from layouts.project import Project
from layouts.property import OUTSIDE, PropertyReader
from layouts.reference import References
from layouts.style.matching import COLUMN, CONDITIONS, PROPERTIES, split_conditions


def is_styled(kind: Kind | None) -> bool:
    """Whether rules can be for nodes of the kind: widgets, and the columns of grids."""
    return kind is not None and (kind.name == COLUMN or bool(kind.loader) and not kind.is_structure)


class StyleReader:
    """Reads the style rules of one layout; problems go to ``project.problems``."""

    def __init__(
        self, project: Project, kinds: Mapping[str, Kind], references: References, properties: PropertyReader
    ) -> None:
        self._project = project
        self._kinds = kinds
        self._references = references
        self._properties = properties

    def rules(self, node: SyntaxNode) -> list[StyleRule]:
        """The rules of one ``style``, in the order in which they are written; none for one that is wrong."""
        before = len(self._project.problems)
        values = self._properties.values(node, CONSTRUCTS["style"], OUTSIDE, None)
        kinds = tuple(str(name) for name in values.pop("kinds", ()))
        identifier = values.pop("id", "")
        classes = tuple(values.pop("class", "").split())
        self._check_selector(node, kinds, identifier, classes)
        is_wrong = len(self._project.problems) > before
        rules = [StyleRule(kinds, identifier, classes, values=values, where=node.where)] if values else []
        for child in node.children:
            if child.name != "when":
                self._project.report(child.where, f"{child.name} cannot stand in style", "only when can")
                continue
            rules += self._variant(child, kinds, identifier, classes)
        if not values and not node.children and not is_wrong:
            self._project.report(node.where, "this rule says nothing", f"properties: {', '.join(PROPERTIES)}")
        return [] if is_wrong else rules

    def _variant(
        self, node: SyntaxNode, kinds: tuple[str, ...], identifier: str, classes: tuple[str, ...]
    ) -> list[StyleRule]:
        values: dict[str, Any] = self._properties.values(node, CONSTRUCTS["when"], OUTSIDE, None)
        conditions = [str(name) for name in values.pop("conditions", ())]
        for child in node.children:
            self._project.report(child.where, f"{child.name} cannot stand in when", "when holds nothing")
        wrong = [name for name in conditions if name not in CONDITIONS]
        for argument in node.arguments:
            name = str(argument.value)
            if name in wrong:
                hint = did_you_mean(name, CONDITIONS) or f"known: {', '.join(CONDITIONS)}"
                self._project.report(argument.where, f"there is no state or scheme {name}", hint)
        if conditions and not values:
            self._project.report(node.where, "this when says nothing", f"properties: {', '.join(PROPERTIES)}")
        if wrong or not conditions or not values:
            return []
        states, scheme, density = split_conditions(conditions)
        if None in (scheme, density):
            self._project.report(node.where, f"{' and '.join(conditions)} never hold together")
            return []
        return [StyleRule(kinds, identifier, classes, states, scheme or "", density or "", values, node.where)]

    def _check_selector(
        self, node: SyntaxNode, kinds: tuple[str, ...], identifier: str, classes: tuple[str, ...]
    ) -> None:
        styled = [name for name, kind in self._kinds.items() if is_styled(kind)]
        for argument in node.arguments:
            name = str(argument.value)
            if name in styled:
                continue
            if name in self._project.components:
                hint = "give its widgets a class and match that"
                self._project.report(argument.where, f"{name} is a component, not a kind of widget", hint)
                continue
            hint = did_you_mean(name, styled)
            what = f"{name} is no widget" if name in self._kinds else f"there is no widget kind {name}"
            self._project.report(argument.where, what, hint)
        if identifier:
            self._references.id(identifier, node.properties["id"].where)
        if not (kinds or identifier or classes) and "class" not in node.properties:
            hint = "write style KIND …, or class=… or id=…"
            self._project.report(node.where, "this rule does not say what it is for", hint)
