"""The node tree: what a checked layout is made of. Plain data; equal trees dump to equal text."""

from __future__ import annotations

from typing import Any

import msgspec

from kernel.error import Where


class Formula(msgspec.Struct, frozen=True, tag="formula"):
    """A property that is an expression, evaluated and tracked while the app runs.

    Attributes:
        text: The expression (see :mod:`kernel.expression`).
        names: The dotted names it reads, sorted (``("find.text", "orders_view.current.status")``).
    """

    text: str
    names: tuple[str, ...]


class Template(msgspec.Struct, frozen=True, tag="template"):
    """A text with expressions in braces: ``"{orders.count} orders"``.

    ``parts`` alternates literal text and formulas in order; empty literals are left out.
    """

    parts: tuple[str | Formula, ...]


#: What a property may hold; plain enough to travel as msgpack and come back the same.
PropertyValue = str | int | float | bool | None | Formula | Template | list[str | int | float | bool | None]


class Node(msgspec.Struct, omit_defaults=True):
    """One widget, or one description inside a widget (a grid's ``show``).

    Attributes:
        kind: Name in the kind table.
        id: The author's ``id``, or empty.
        properties: Property name → value of the property's type, a Formula or a Template. Only what the
            layout says; defaults are the kind's. Arguments stand here under their property's name.
        children: Child nodes in order.
        where: Place in the layout file: (file, line, column).
    """

    kind: str
    id: str = ""
    properties: dict[str, PropertyValue] = {}
    children: list[Node] = []
    where: Where = Where()

    def get(self, name: str, default: Any = None) -> Any:
        """The property's value, or ``default``."""
        return self.properties.get(name, default)

    def of_kind(self, kind: str) -> list[Node]:
        """The children of that kind."""
        return [child for child in self.children if child.kind == kind]


class TableDeclaration(msgspec.Struct, omit_defaults=True):
    """``table lines source="order_lines" filter="order_id == orders_view.current.id"``.

    ``source`` is ``table`` or ``source/table``; with one source in the app its name may be left out.
    """

    name: str
    source: str
    filter: Formula | None = None
    sort: str = ""
    where: Where = Where()


class CommandDeclaration(msgspec.Struct, omit_defaults=True):
    """A command of the app: what it is called, when it may run, its key, what it runs.

    ``run`` is ``module:function`` of the app's scripts, or a built-in action with its arguments.
    ``confirm`` is asked first; empty for no question.
    """

    id: str
    title: str | Template = ""
    doc: str = ""
    icon: str = ""
    key: str = ""
    when: Formula | None = None
    run: str = ""
    confirm: str | Template = ""
    where: Where = Where()


class StyleRule(msgspec.Struct, omit_defaults=True):
    """Looks of the widgets that it matches; an empty field asks for nothing (see :mod:`layouts.style.matching`).

    Attributes:
        kinds: One of these kinds.
        id: The widget's id.
        classes: All of these.
        states: All of these: hover, focus, disabled, selected, invalid, heading.
        scheme: light or dark.
        density: compact, normal or roomy.
        values: Property → the name of a theme token.
        where: Place in the layout file.
    """

    kinds: tuple[str, ...] = ()
    id: str = ""
    classes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    scheme: str = ""
    density: str = ""
    values: dict[str, str] = {}
    where: Where = Where()


class Layout(msgspec.Struct, omit_defaults=True):
    """A whole checked layout: tables, commands, style rules and the window's node tree, components expanded."""

    title: str = ""
    version: int = 1
    tables: list[TableDeclaration] = []
    commands: list[CommandDeclaration] = []
    windows: list[Node] = []
    styles: list[StyleRule] = []
    files: tuple[str, ...] = ()
    #: What was looked for because a widget requires it → its version here, None where it is missing.
    needs: dict[str, str | None] = {}
