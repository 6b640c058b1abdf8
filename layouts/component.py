"""Components of a layout: what stands in their bodies, with the user's values, slots and own ids in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.nearest import did_you_mean
from layouts.construct import CONSTRUCTS
from layouts.environment import UNKNOWN, Environment
from layouts.kdl import SyntaxNode, Value
from layouts.kinds.kind import Kind
from layouts.node import Node
from layouts.property import COMMON_ROWS, quote_hint, too_many

if TYPE_CHECKING:
    from layouts.build import Builder


class Components:
    """Puts the components of one layout in their places.

    Attributes:
        used: Names of components that were.
    """

    def __init__(self, builder: Builder) -> None:
        self.used: set[str] = set()
        self._builder = builder
        self._project = builder.project
        self._taken = {found for node in builder.project.windows for found in _ids(node)}
        self._numbers: dict[str, int] = {}

    def instance(self, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
        """A used component's body with the values of ``node``, its use, in it."""
        component = self._project.components[node.name]
        self.used.add(node.name)
        if node.name in env.chain:
            circle = " → ".join([*env.chain[env.chain.index(node.name) :], node.name])
            self._project.report(node.where, f"the components hold each other in a circle: {circle}")
            return []
        params = _params(component)
        given: dict[str, Value] = {}
        common: dict[str, Any] = {}
        for index, value in enumerate(node.arguments):
            if index < len(params):
                given[list(params)[index]] = env.value(value)
            else:
                self._project.report(value.where, too_many(node, len(params)), quote_hint(value, node.name))
        for name, where in node.repeated:
            self._project.report(where, f"{name} is given twice")
        for name, value in node.properties.items():
            if name in params:
                if name in given:
                    self._project.report(node.places[name], f"{name} is given twice")
                given[name] = self._outer(value, env)
            elif name in COMMON_ROWS:
                self._builder.properties.read(COMMON_ROWS[name], value, env, table, common)
            else:
                self._project.report(
                    node.places[name], f"the component {node.name} has no param {name}", did_you_mean(name, params)
                )
        for name, default in params.items():
            if name not in given and default is None:
                self._project.report(node.where, f"{node.name} needs {name}", f"write {name}=…")
            given.setdefault(name, default or UNKNOWN)
        roots = self._body(component, node, parent, given, env, table)
        return self._with_common(node, roots, common, env, table)

    def slot(self, node: SyntaxNode, parent: Kind | None, env: Environment, table: str) -> list[Node]:
        """What the component's user gave for the slot, or the slot's own children."""
        self._builder.properties.values(node, CONSTRUCTS["slot"], env._replace(params={}), None)
        name = str(node.arguments[0].value) if node.arguments else ""
        nodes, outer = env.slots.get(name, (node.children, env))
        return self._builder.children(nodes, parent, outer, table)

    def attempt(self, name: str, node: SyntaxNode) -> None:
        """Build a component that nobody uses, for its problems."""
        params = {param: UNKNOWN for param in _params(node)}
        env = Environment(name, params, {}, {}, (name,))
        self._builder.children(node.children, None, env, "")

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
            slot = child.name if child.name in names and child.name not in self._builder.kinds else ""
            if slot not in names:
                self._project.report(
                    child.where, f"the component {name} has no slot for {child.name}", "a slot in it takes children"
                )
                continue
            nodes, _ = slots.setdefault(slot, ([], env))
            nodes += child.children if slot else [child]
        renames = {found: self._unique(found) for child in component.children for found in _ids(child)}
        inner = Environment(name, given, renames, slots, (*env.chain, name))
        return self._builder.children(component.children, parent, inner, table)

    def _with_common(
        self, node: SyntaxNode, roots: list[Node], common: dict[str, Any], env: Environment, table: str
    ) -> list[Node]:
        """Id, visible and so on, given to a component, are its only root's."""
        if not common:
            return roots
        if len(roots) != 1:
            where = node.places[next(iter(common))]
            self._project.report(
                where,
                f"{next(iter(common))} needs a component with one outermost widget",
                f"{node.name} has {len(roots)}",
            )
            return roots
        root = roots[0]
        identifier = common.pop("id", "")
        if identifier and root.id:
            where = node.properties["id"].where
            message = f"the widget of {node.name} has an id already: {root.id}"
            self._project.report(where, message, "take one of the two away")
        elif identifier:
            root.id = self._builder.keep_id(identifier, node, env, self._builder.references.table_of(root))
        root.properties = {**root.properties, **common}
        return roots

    def _unique(self, identifier: str) -> str:
        """The id itself, or with a number behind it when it is taken."""
        found, number = identifier, self._numbers.get(identifier, 2)
        while found in self._taken:
            found, number = f"{identifier}_{number}", number + 1
        self._numbers[identifier] = number
        self._taken.add(found)
        return found


def _params(component: SyntaxNode) -> dict[str, Value | None]:
    """Parameter → default, None without one."""
    found = [child for child in component.children if child.name == "param" and child.arguments]
    return {str(child.arguments[0].value): child.properties.get("default") for child in found}


def _slots(node: SyntaxNode) -> list[SyntaxNode]:
    """All slots in the body."""
    return [slot for child in node.children for slot in ([child] if child.name == "slot" else _slots(child))]


def _ids(node: SyntaxNode) -> list[str]:
    """The ids written in a node and below it."""
    own = node.properties.get("id") or (node.arguments[0] if node.name == "state" and node.arguments else None)
    found = [own.value] if own is not None and isinstance(own.value, str) else []
    return found + [inner for child in node.children for inner in _ids(child)]
