"""What of a filter is decided before any row is read, and what of the rest can be told to a scan."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from kernel.expression import Expression
from kernel.expression.operation import WORDS, text_of, truth
from kernel.expression.rebuilt import rebuilt
from kernel.tables.local.scan import Clause, Conjunct

_MIRRORED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE", "Eq": "Eq", "NotEq": "NotEq"}


class Condition:
    """A filter, seen apart from its rows.

    Args:
        expression: The filter, computed columns put in.
        column_of: A name → the column of the table itself that it means, or an empty text.
        is_constant: Whether a name is a parameter.
        parameters: Values of names that are constant.
    """

    def __init__(self, expression: Expression, column_of: Callable[[str], str], is_constant: Callable[[str], bool],
                 parameters: Mapping[str, Any]) -> None:
        self._column_of = column_of
        self._is_constant = is_constant
        self._parameters = parameters
        self._expression = expression
        #: True or False when all rows have the same answer, else the part that must be asked.
        self.left: ast.expr | bool = self._reduced(expression.tree)

    @property
    def expression(self) -> Expression:
        """What must be asked of each row."""
        is_whole = isinstance(self.left, bool) or self.left is self._expression.tree
        return self._expression if is_whole else rebuilt(self.left)

    def clauses(self) -> tuple[list[Clause], bool]:
        """Clauses that hold in every row that passes, and whether they are all of the filter."""
        if isinstance(self.left, bool):
            return [], self.left
        found = [[self._conjunct(one) for one in _flat(part, ast.Or)] for part in _flat(self.left, ast.And)]
        known = [tuple(one for one in clause if one is not None) for clause in found if None not in clause]
        return known, len(known) == len(found)

    def _reduced(self, node: ast.expr) -> ast.expr | bool:
        """The node without the parts that are decided; the answer when all are."""
        if isinstance(node, ast.BoolOp):
            is_or = isinstance(node.op, ast.Or)
            parts = [self._reduced(value) for value in node.values]
            if is_or in parts:
                return is_or
            left = [part for part in parts if not isinstance(part, bool)]
            if len(left) > 1 and left != node.values:
                return ast.copy_location(ast.BoolOp(node.op, left), node)
            return node if len(left) > 1 else left[0] if left else not is_or
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self._reduced(node.operand)
            return not inner if isinstance(inner, bool) else node
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and getattr(node.ops[0], "word", "") in WORDS:
            right = self._value(node.comparators[0])
            if right is not None and not text_of(right[0]).casefold():
                return True
        value = self._value(node)
        return node if value is None else truth(value[0])

    def _value(self, node: ast.expr) -> tuple[Any] | None:
        """The value of a part that reads no column, in a tuple."""
        part = rebuilt(node)
        if not all(self._is_constant(name) for name in part.names):
            return None
        return (part.evaluate(self._parameters.__getitem__),)

    def _conjunct(self, node: ast.expr) -> Conjunct | None:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        operator = getattr(node.ops[0], "word", type(node.ops[0]).__name__)
        left, right = node.left, node.comparators[0]
        if not self._column_of(getattr(left, "path", "")):
            if operator not in _MIRRORED:
                return None
            left, right, operator = right, left, _MIRRORED[operator]
        column, value = self._column_of(getattr(left, "path", "")), self._value(right)
        return Conjunct(column, operator, value[0]) if column and value is not None else None


def _flat(node: ast.expr, operator: type[ast.boolop]) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, operator):
        return [part for value in node.values for part in _flat(value, operator)]
    return [node]
