"""What of a filter can be told to a scan: its conjuncts of one column and one value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from kernel.expression import Expression
from kernel.expression.rebuilt import rebuilt
from kernel.tables.local.scan import Conjunct

_MIRRORED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE", "Eq": "Eq", "NotEq": "NotEq"}


def conjuncts_of(expression: Expression, is_column: Callable[[str], bool],
                 parameters: Mapping[str, Any]) -> tuple[list[Conjunct], bool]:
    """The conjuncts of a filter, and whether they are all of it.

    Args:
        expression: The filter, computed columns put in.
        is_column: Whether a name is a column of the table itself.
        parameters: Values of other names.
    """
    parts = _joined(expression.tree)
    found = [_conjunct(part, is_column, parameters) for part in parts]
    known = [one for one in found if one is not None]
    return known, len(known) == len(parts)


def _joined(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for value in node.values for part in _joined(value)]
    return [node]


def _conjunct(node: ast.expr, is_column: Callable[[str], bool], parameters: Mapping[str, Any]) -> Conjunct | None:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    operator = getattr(node.ops[0], "word", type(node.ops[0]).__name__)
    left, right = node.left, node.comparators[0]
    if not is_column(getattr(left, "path", "")):
        if operator not in _MIRRORED:
            return None
        left, right, operator = right, left, _MIRRORED[operator]
    name = getattr(left, "path", "")
    other = rebuilt(right)
    if not is_column(name) or not all(one in parameters and not is_column(one) for one in other.names):
        return None
    return Conjunct(name, operator, other.evaluate(parameters.__getitem__))
