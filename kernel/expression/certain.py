"""Filters that let every row through with the present parameters: a search by an empty text looks at no row."""

from __future__ import annotations

import _ast as ast  # of C; the one of Python adds a millisecond to a start, and nothing that is used here
from collections.abc import Mapping
from typing import Any

from kernel.expression.expression import Expression

#: Words that hold for every value, null among them, when what is looked for is empty.
_SEARCHES = frozenset({"contains", "startswith", "endswith"})


def is_certain(expression: Expression, parameters: Mapping[str, Any]) -> bool:
    """Whether it is true whatever a row says, as the texts that it looks for are empty; False where not sure."""
    if "" not in parameters.values():
        return False
    return _holds(expression.tree, expression.text.lstrip().encode(), parameters)


def _holds(node: ast.AST, text: bytes, parameters: Mapping[str, Any]) -> bool:
    if isinstance(node, ast.BoolOp):
        some = any if isinstance(node.op, ast.Or) else all
        return some(_holds(value, text, parameters) for value in node.values)
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], ast.Is):
        return False
    wanted = node.comparators[0]
    word = text[node.left.end_col_offset : wanted.col_offset].decode().strip(" ()")
    name = text[wanted.col_offset : wanted.end_col_offset].decode()
    return word in _SEARCHES and parameters.get(name) == ""
