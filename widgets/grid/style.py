"""Looks of rows by rule: ``style when="total > 1000" emphasis=strong``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from kernel.expression import Expression, parse
from kernel.tables.schema import Schema
from layouts.node import Formula, Node
from widgets.filter import is_column


class RowStyle(NamedTuple):
    """One rule; ``column`` is empty when the whole row is meant."""

    expression: Expression
    emphasis: str
    column: str


def row_styles(node: Node) -> list[RowStyle]:
    """The grid's rules in order; the first that holds wins."""
    styles = []
    for child in node.of_kind("style"):
        when = child.get("when")
        text = when.text if isinstance(when, Formula) else str(when)
        styles.append(RowStyle(parse(text), child.get("emphasis", "strong"), child.get("column", "")))
    return styles


def emphasis_of(styles: list[RowStyle], read: Callable[[str], Any]) -> dict[str, str]:
    """Column path (empty = row) → emphasis, for one row."""
    found: dict[str, str] = {}
    for style in styles:
        if style.column not in found and style.expression.evaluate(read):
            found[style.column] = style.emphasis
    return found


def outer_names(rules: Iterable[Any], schema: Schema | None) -> frozenset[str]:
    """The names of the window that rules over rows read: those that the table does not know."""
    if schema is None:
        return frozenset()
    return frozenset(name for rule in rules for name in rule.expression.names if not is_column(schema, name))


def reader_with(
    read: Callable[[str], Any], outer: frozenset[str], window: Callable[[str], Any]
) -> Callable[[str], Any]:
    """What reads a row and, for these names, the window around it."""
    return (lambda name: window(name) if name in outer else read(name)) if outer else read
