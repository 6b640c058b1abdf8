"""Checked trees compiled again: a part of an expression alone, or with names replaced by other expressions."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from typing import Any

from kernel.expression.compiled import Compiler
from kernel.expression.error import ExpressionError
from kernel.expression.expression import Expression
from kernel.words import mark

#: Syntax nodes of an expression after names were replaced.
MOST_NODES = 20_000


class _Rebuilt(Compiler):
    """Compiles a part of a checked tree again; infix words and names stand in its nodes."""

    def __init__(self) -> None:
        super().__init__("", "", 0, {})

    def _word(self, left: ast.expr, right: ast.expr, operator: ast.cmpop) -> str:
        return getattr(operator, "word", "Is")

    def _aggregate(self, node: ast.Call, called: ast.Attribute) -> Any:
        return self._read(node.path, node)  # type: ignore[attr-defined]


def rebuilt(node: ast.expr, text: str = "") -> Expression:
    """The expression of a part of a checked tree."""
    compiler = _Rebuilt()
    run = compiler.compile(node)
    return Expression(text, tuple(sorted(compiler.names)), run, node)


def name_tree(name: str) -> ast.expr:
    """The tree that reads one name, whatever its letters."""
    node = ast.Call(ast.Name("col", ast.Load()), [ast.Constant(name)], [])
    node.path = name  # type: ignore[attr-defined]
    return ast.fix_missing_locations(ast.Expression(node)).body  # type: ignore[return-value]


def inlined(expression: Expression, replacements: Mapping[str, Expression]) -> Expression:
    """The expression with names replaced by other expressions.

    Raises:
        ExpressionError: the whole becomes too deep or too long.
    """
    if not any(name in replacements for name in expression.names):
        return expression
    nodes = [0]
    return rebuilt(_replaced(expression.tree, replacements, nodes), expression.text)


def _replaced(node: Any, replacements: Mapping[str, Expression], nodes: list[int]) -> Any:
    """A copy of the tree; trees that were parsed are shared and never changed."""
    found = replacements.get(getattr(node, "path", ""))
    nodes[0] += sum(1 for _ in ast.walk(found.tree)) if found else 1
    if nodes[0] > MOST_NODES:
        raise ExpressionError(mark("the expression grows too long when its computed columns are put in"))
    if found is not None:
        return found.tree
    if hasattr(node, "path") or not isinstance(node, ast.expr):
        return node
    made = copy.copy(node)
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(made, field, [_replaced(one, replacements, nodes) for one in value])
        elif isinstance(value, ast.expr):
            setattr(made, field, _replaced(value, replacements, nodes))
    return made
