"""Widgets that this program does not know: what stands in their place, and what is said of them.

A layout of a newer version of the language may use kinds that came after this program. Where an app is shown, each of
them has its ``fallback``, or a note that says what is missing; where it is checked, it is an error in any case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.nearest import did_you_mean
from layouts.environment import Environment
from layouts.kdl import SyntaxNode
from layouts.kinds.kind import Kind
from layouts.node import Node

if TYPE_CHECKING:
    from layouts.build import Builder

#: What stands in the place of a widget of an unknown kind.
TEXT = (
    "This part of the app is a {kind}, which came with a newer Espalier than this one. "
    "Update Espalier to see it; everything else works as before."
)


def in_place_of(builder: Builder, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
    """What is built for a node of an unknown kind: its fallback, a note, or nothing where no note may stand."""
    project = builder.project
    fallback = next((child for child in node.children if child.name == "fallback"), None)
    hint = did_you_mean(node.name, [*builder.kinds, *project.components])
    message = f"there is no widget kind or component {node.name}"
    if fallback is not None:
        project.report(node.where, message, hint, "warning" if project.is_lenient else "error")
        return builder.children(fallback.children, parent, env, table)
    project.report_newer(node.where, message, hint)
    if not project.is_forgiving:
        builder.children(node.children, None, env, table)
        return []
    if parent is None or not {"*", "message"} & set(parent.children):
        return []
    value = node.properties.get("id")
    identifier = env.value(value).value if value is not None else ""
    if isinstance(identifier, str) and identifier:
        identifier = builder.keep_id(identifier, node, env, table)
    text = TEXT.format(kind=node.name.replace("-", " ").replace("_", " ").replace("{", "").replace("}", ""))
    return [Node("message", str(identifier or ""), {"text": text, "level": "info"}, [], node.where)]


def check_fallback(builder: Builder, node: SyntaxNode, env: Environment, table: str) -> None:
    """Build the fallback of a widget whose kind is known, for its problems alone; ids may be the widget's own."""
    references, before = builder.references, dict(builder.references.ids)
    with builder.trying():
        builder.children(node.children, None, env, table)
    references.ids = {**references.ids, **before}
