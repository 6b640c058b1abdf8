"""Expressions → SQL with the same result on every value; LocalError where there is none.

A condition's SQL is as plain as it can be, so that PostgreSQL uses its indexes for it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from kernel.expression.expression import Expression
from kernel.expression.operation import WORDS, text_of, truth
from kernel.expression.rebuilt import rebuilt
from kernel.tables.postgres.fold import folded_for
from kernel.tables.postgres.function import FUNCTIONS, arithmetic, text_value
from kernel.tables.postgres.value import (
    FALSE,
    MIRRORED,
    TRUE,
    LocalError,
    Test,
    Value,
    compare,
    compare_constant,
    is_among,
    is_storable,
)

#: A name → its SQL, or (value,) where it is known before the query runs.
Resolve = Callable[[str], Value | tuple[Any]]
#: Tests joined at one level of a condition.
_MOST_JOINED = 50


class Translator:
    """Translates expressions of one query."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def condition(self, node: ast.expr) -> Test:
        """Whether the node's value counts as true.

        Raises:
            LocalError: there is no SQL for it.
        """
        known = self._static(node)
        if known is not None:
            return TRUE if truth(known[0]) else FALSE
        if isinstance(node, ast.BoolOp):
            return _joined([self.condition(value) for value in node.values], isinstance(node.op, ast.Or))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.condition(node.operand)
            return Test(f"(NOT {inner.sure})", inner.parameters)
        if isinstance(node, ast.Compare):
            return self._compare(node)
        return _truth(self.value(node))

    def value(self, node: ast.expr) -> Value:
        """The node's value.

        Raises:
            LocalError: there is no SQL for it.
        """
        known = self._static(node)
        if known is not None:
            return _constant(known[0])
        path = getattr(node, "path", "")
        if path:
            found = self._resolve(path)
            if not isinstance(found, Value) or found.kind == "label":
                raise LocalError
            return found
        if isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
            test = self.condition(node)
            return Value("boolean", f"({test.sure})", test.parameters)
        if isinstance(node, ast.BinOp):
            return arithmetic(type(node.op).__name__, self.value(node.left), self.value(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return arithmetic("Sub", Value("integer", "0", (), 1, 0), self.value(node.operand))
        if isinstance(node, ast.IfExp):
            return self._choice(node.test, node.body, node.orelse)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node.args)
        raise LocalError

    def _call(self, name: str, arguments: list[ast.expr]) -> Value:
        if name == "if_":
            return self._choice(arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else ast.Constant(None))
        if name not in FUNCTIONS:
            raise LocalError
        first, *rest = arguments
        known = [self._static(one) for one in rest]
        if name == "coalesce":
            return FUNCTIONS[name](self.value(first), *map(self.value, rest))
        if None in known:
            raise LocalError
        return FUNCTIONS[name](self.value(first), *[one[0] for one in known])  # type: ignore[index]

    def _choice(self, test: ast.expr, yes: ast.expr, no: ast.expr) -> Value:
        condition = self.condition(test)
        first, second = self.value(yes), self.value(no)
        if first.kind != second.kind or first.kind in ("date", "datetime", "time"):
            raise LocalError
        sql = f"(CASE WHEN {condition.sure} THEN {first.sql} ELSE {second.sql} END)"
        parameters = condition.parameters + first.parameters + second.parameters
        return Value(first.kind, sql, parameters, *_widest(first, second))

    def _compare(self, node: ast.Compare) -> Test:
        operands = [node.left, *node.comparators]
        tests = [self._test(operands[index], operator, operands[index + 1]) for index, operator in enumerate(node.ops)]
        return _joined(tests, is_or=False)

    def _test(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Test:
        name = getattr(operator, "word", type(operator).__name__)
        if name in WORDS:
            return self._word(left, name, right)
        if name in ("In", "NotIn"):
            test = self._membership(left, right)
            return test if name == "In" else Test(f"(NOT {test.sure})", test.parameters)
        known = self._static(right)
        if known is not None:
            return compare_constant(self.value(left), name, known[0])
        known = self._static(left)
        if known is not None:
            return compare_constant(self.value(right), MIRRORED[name], known[0])
        return compare(self.value(left), name, self.value(right))

    def _membership(self, left: ast.expr, right: ast.expr) -> Test:
        known = self._static(right)
        if known is not None:
            if isinstance(known[0], list | tuple):
                return is_among(self.value(left), list(known[0]))
            raise LocalError
        if isinstance(right, ast.List | ast.Tuple):
            return _joined([self._test(left, ast.Eq(), item) for item in right.elts], is_or=True)
        raise LocalError

    def _word(self, left: ast.expr, name: str, right: ast.expr) -> Test:
        known = self._static(right)
        if known is None:
            raise LocalError
        pattern = text_of(known[0]).casefold()
        if not pattern:
            return TRUE
        value = text_value(self.value(left))
        if not is_storable(pattern):
            if name == "matches":
                raise LocalError
            return FALSE
        if name != "matches":
            return _pattern(value, name, pattern)
        return _joined([_pattern(value, "contains", word) for word in pattern.split()]
                       or [Test(f"({value.sql} IS NOT NULL)", value.parameters)], is_or=False)

    def _static(self, node: ast.expr) -> tuple[Any] | None:
        """(value,) of a part that reads no column, else None."""
        part = rebuilt(node)
        if any(isinstance(self._resolve(name), Value) for name in part.names):
            return None
        return (part.evaluate(lambda name: self._resolve(name)[0]),)


def parts_of(expression: Expression) -> Iterable[ast.expr]:
    """The tests that a filter joins by ``and``."""
    waiting = [expression.tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            waiting = [*node.values, *waiting]
        else:
            yield node


def _constant(value: Any) -> Value:
    if isinstance(value, bool):
        return Value("boolean", "TRUE" if value else "FALSE")
    if isinstance(value, int) and abs(value) < 10**28:
        return Value("integer", f"({value}::numeric)", (), len(str(abs(value))), 0)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 28:
        _, digits, exponent = value.as_tuple()
        return Value("decimal", "%s::numeric", (value,), max(value.adjusted() + 1, 0), max(-int(exponent), 0))
    if isinstance(value, str) and is_storable(value):
        return Value("text", "%s::text", (value,))
    raise LocalError


def _widest(*values: Value) -> tuple[int, int]:
    """Digits before and behind the point of whichever of the values."""
    wholes, scales = [one.whole for one in values], [one.scale for one in values]
    return (-1 if -1 in wholes else max(wholes)), (-1 if -1 in scales else max(scales))


def _truth(value: Value) -> Test:
    """Whether a value counts as true."""
    tests = {"boolean": "{}", "text": "{} <> ''", "bytes": "octet_length({}) > 0"}
    if value.kind in ("integer", "decimal", "real"):
        return Test(f"({value.sql} <> 0)", value.parameters, False)
    test = tests.get(value.kind, "{} IS NOT NULL").format(value.sql)
    return Test(f"({test})", value.parameters, value.kind in ("date", "datetime", "time"))


def _joined(tests: list[Test], is_or: bool) -> Test:
    decisive, idle = (TRUE, FALSE) if is_or else (FALSE, TRUE)
    kept = [test for test in tests if test != idle]
    if decisive in kept:
        return decisive
    if not kept:
        return idle
    joint = " OR " if is_or else " AND "
    sql = [test.sql for test in kept]
    while len(sql) > _MOST_JOINED:  # PostgreSQL's parser goes one level down for each
        sql = [f"({joint.join(sql[start : start + _MOST_JOINED])})" for start in range(0, len(sql), _MOST_JOINED)]
    parameters = tuple(one for test in kept for one in test.parameters)
    return Test(f"({joint.join(sql)})", parameters, all(test.is_sure for test in kept))


def _pattern(value: Value, name: str, pattern: str) -> Test:
    if value.parameters:  # its SQL is repeated
        raise LocalError
    folded, bound = folded_for(value.sql, pattern)
    if name == "contains":
        return Test(f"(strpos({folded}, %s) > 0)", (*bound, pattern), False)
    if name == "startswith":
        return Test(f"starts_with({folded}, %s)", (*bound, pattern), False)
    return Test(f"(right({folded}, {len(pattern)}) = %s)", (*bound, pattern), False)
