"""Rules over whole rows that a layout gives a grid or a form: ``check when="due < placed" message="…" column=due``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.expression import Expression, parse
from layouts.node import Formula, Node


class RowCheck(NamedTuple):
    """One rule: where the expression is true, ``message`` is said at ``column``, or of the whole row when that is
    empty."""

    expression: Expression
    message: str
    column: str


def row_checks(node: Node) -> list[RowCheck]:
    """The rules of a grid or a form, in order."""
    checks = []
    for child in node.of_kind("check"):
        when, message = child.get("when"), child.get("message", "")
        text = when.text if isinstance(when, Formula) else str(when)
        said = message if isinstance(message, str) else "".join(part for part in message.parts if isinstance(part, str))
        checks.append(RowCheck(parse(text), said, child.get("column", "")))
    return checks


def broken(checks: list[RowCheck], read: Callable[[str], Any]) -> dict[str, str]:
    """Column path (empty = the whole row) → what is wrong with a row, all at once."""
    found: dict[str, list[str]] = {}
    for check in checks:
        if check.expression.evaluate(read):
            found.setdefault(check.column, []).append(check.message)
    return {column: ". ".join(messages) for column, messages in found.items()}
