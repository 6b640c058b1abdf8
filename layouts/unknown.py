"""Widgets that cannot be shown here: what stands in their place, and what is said of them.

A layout of a newer version of the language may use kinds that came after this program. Where an app is shown, each of
them has its ``fallback``, or a note that says what is missing; where it is checked, it is an error in any case. A
widget that ``requires`` what is not here is replaced likewise, and is no error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kernel.nearest import did_you_mean
from layouts.environment import UNKNOWN, Environment
from layouts.kdl import SyntaxNode
from layouts.kinds.kind import Kind
from layouts.node import Node
from layouts.value import ValueProblem

if TYPE_CHECKING:
    from layouts.build import Builder


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
    return _note(builder, node, parent, env, table)


def unmet(builder: Builder, node: SyntaxNode, env: Environment) -> str:
    """What of a node's ``requires`` is not here, parts with ``;`` between; empty where all is."""
    from layouts.requirement import requirements

    value, offer, missing = env.value(node.properties["requires"]), builder.references.known.offer, []
    try:
        for one in requirements(value) if value is not UNKNOWN else ():
            here = offer.version(one.subject) if offer is not None else None
            if offer is not None:
                builder.needs[one.subject] = here
            if offer is not None and not one.is_met(here):
                missing.append(str(one))
    except ValueProblem as problem:
        builder.project.report(problem.where, problem.message, problem.hint)
    return "; ".join(missing)


def instead_of(
    builder: Builder, node: SyntaxNode, parent: Kind | None, env: Environment, table: str, missing: str
) -> list[Node]:
    """What is built for a node that requires what is not here: its fallback, a note, or nothing."""
    project = builder.project
    fallback = next((child for child in node.children if child.name == "fallback"), None)
    hint = "" if fallback is not None else "fallback { … } in it says what stands there instead"
    project.report(node.where, f"this {node.name} is not shown here, as it requires {missing}", hint, "warning")
    if not project.is_lenient and (node.name in builder.kinds or node.name in project.components):
        with builder.trying():
            builder.node(without_requires(node), parent, env, table)
    if fallback is not None:
        built = builder.children(fallback.children, parent, env, table)
    else:
        built = _note(builder, node, parent, env, table, missing)
    _declare_ids(builder, node, env)
    return built


def _declare_ids(builder: Builder, node: SyntaxNode, env: Environment) -> None:
    """What other widgets say of those within a widget that is not there is no mistake."""
    value = node.properties.get("id")
    name = env.value(value).value if value is not None else ""
    if isinstance(name, str) and name:
        builder.references.ids.setdefault(env.renames.get(name, name), "")
    for child in node.children:
        _declare_ids(builder, child, env)


def without_requires(node: SyntaxNode) -> SyntaxNode:
    """The node as if it required nothing."""
    rest = {name: value for name, value in node.properties.items() if name != "requires"}
    return msgspec.structs.replace(node, properties=rest)


def _note(
    builder: Builder, node: SyntaxNode, parent: Kind | None, env: Environment, table: str, need: str = ""
) -> list[Node]:
    """A note, where one may stand."""
    if parent is None or not {"*", "message"} & set(parent.children):
        return []
    value = node.properties.get("id")
    identifier = env.value(value).value if value is not None else ""
    if isinstance(identifier, str) and identifier:
        identifier = builder.keep_id(identifier, node, env, table)
    what = node.name.replace("-", " ").replace("_", " ").replace("{", "").replace("}", "")
    properties = {"what": what, **({"need": need} if need else {})}
    return [Node("missing", str(identifier or ""), properties, [], node.where)]


def check_fallback(builder: Builder, node: SyntaxNode, env: Environment, table: str) -> None:
    """Build the fallback of a widget whose kind is known, for its problems alone; ids may be the widget's own."""
    references, before = builder.references, dict(builder.references.ids)
    with builder.trying():
        builder.children(node.children, None, env, table)
    references.ids = {**references.ids, **before}
