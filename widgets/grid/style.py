"""Looks of rows by rule: ``style when="total > 1000" emphasis=strong``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.expression import Expression, parse
from layouts.node import Formula, Node


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
