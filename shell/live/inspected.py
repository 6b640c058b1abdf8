"""What the inspector says of a widget: its node, its properties with the values of now, its place in the layout."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from kernel.error import Where
from layouts.kinds.kind import Kind
from layouts.node import Formula, Node, Template
from widgets.recipe import properties_of

#: Letters of a value that are shown.
_LONGEST = 80


class Line(NamedTuple):
    """One property: its name, how the layout writes it (empty = its default), and what it is now."""

    name: str
    written: str
    value: str


def inspected(widget: QWidget | None) -> QWidget | None:
    """The widget itself, or the nearest one around it that a node of the layout made."""
    while widget is not None and node_of(widget) is None:
        widget = widget.parentWidget()
    return widget


def node_of(widget: QWidget) -> Node | None:
    """The widget's node; None for a part of another widget."""
    return widget.__dict__.get("node")


def heading(node: Node) -> str:
    """``grid orders id=view``: the kind, what it is of, and its id."""
    first = next((value for value in node.properties.values() if isinstance(value, str) and len(value) < 40), "")
    shown = f' "{first}"' if first and node.kind not in ("row", "column") else ""
    return f"{node.kind}{shown}" + (f"  id={node.id}" if node.id else "")


def place(node: Node) -> Where:
    """Where the layout has it."""
    return node.where


def lines(widget: QWidget, kind: Kind | None) -> list[Line]:
    """The properties that the layout gives, then those with a default of their own."""
    node = node_of(widget)
    if node is None:
        return []
    context = widget.__dict__.get("node_context")
    given = [Line(name, _written(value), _now(value, context)) for name, value in sorted(node.properties.items())]
    if kind is None:
        return given
    left = [row for name, row in properties_of(kind).items() if name not in node.properties and row.default not in
            (None, "", 0, False)]  # fmt: skip
    return [*given, *(Line(row.name, "", _text(row.default)) for row in left)]


def _written(value: Any) -> str:
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, Template):
        return "".join(part if isinstance(part, str) else f"{{{part.text}}}" for part in value.parts)
    return _text(value)


def _now(value: Any, context: Any) -> str:
    """The value of an expression at this moment; nothing for what is written as it is."""
    if not isinstance(value, Formula | Template) or context is None:
        return ""
    from kernel.error import EspalierError
    from widgets.binding import evaluate

    try:
        return _text(evaluate(value, context))
    except EspalierError as error:
        # A filter over a table's columns has no one value.
        return f"({error.message})"


def _text(value: Any) -> str:
    text = {True: "#true", False: "#false", None: "#null"}.get(value) if isinstance(value, bool | None) else str(value)
    assert text is not None
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
