"""Expression → SQL condition with the same result on every value, index-friendly where it can be.

Comparisons of a column with a constant become SQL; parts that have no SQL of the same meaning go through
the ``call`` hook, which lets the database call the part's own closure.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from kernel.expression.error import ExpressionError
from kernel.expression.expression import Expression
from kernel.expression.operation import WORDS, text_of, truth
from kernel.expression.rebuilt import rebuilt


class Constant(NamedTuple):
    """A name whose value is known before the query runs."""

    value: Any


class Field(NamedTuple):
    """A column as SQL sees it.

    Attributes:
        sql: The column's SQL.
        group: Fields of one group compare with each other in SQL as in Python; empty: never.
        check: SQL that tells whether the stored value compares as it is; empty: always.
        encode: A constant → the value to bind, or None when SQL would compare it otherwise.
        collate: What follows the column in a comparison (`` COLLATE BINARY``).
        text_check: SQL that tells whether LIKE may decide about the value; empty: never.
    """

    sql: str
    group: str = ""
    check: str = ""
    encode: Callable[[Any], Any] = lambda value: None
    collate: str = ""
    text_check: str = ""


Resolve = Callable[[str], Field | Constant]
Call = Callable[[Expression], tuple[str, list[Any]]]
Sql = tuple[str, list[Any]]

_TRUE, _FALSE = "1", "0"
_COMPARISONS = {"Eq": "IS", "NotEq": "IS NOT", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">="}
_MIRRORED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE"}
#: Tests joined at one level of a condition.
_MOST_JOINED = 50
_PATTERNS = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}


def translate(expression: Expression, resolve: Resolve, call: Call | None) -> Sql:
    """See :meth:`Expression.to_sql`."""
    return _Translator(resolve, call).condition(expression.tree)


class _Translator:
    def __init__(self, resolve: Resolve, call: Call | None) -> None:
        self._resolve = resolve
        self._call = call

    def condition(self, node: ast.expr) -> Sql:
        """SQL that is 1 or 0 as the node's value counts as true."""
        part = rebuilt(node)
        if self._is_static(part):
            return (_TRUE if truth(part.evaluate(self._read)) else _FALSE), []
        if isinstance(node, ast.BoolOp):
            is_or = isinstance(node.op, ast.Or)
            return _joined((self.condition(value) for value in node.values), is_or)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            sql, parameters = self.condition(node.operand)
            if sql in (_TRUE, _FALSE):
                return (_FALSE if sql == _TRUE else _TRUE), []
            return f"(NOT {sql})", parameters
        if isinstance(node, ast.Compare):
            return self._compare(node)
        return self._fallback(node)

    def _compare(self, node: ast.Compare) -> Sql:
        operands = [node.left, *node.comparators]
        tests = (self._test(operands[index], operator, operands[index + 1]) for index, operator in enumerate(node.ops))
        return _joined(tests, is_or=False)

    def _test(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Sql:
        name = getattr(operator, "word", type(operator).__name__)
        if name in WORDS and self._is_empty(right):
            return _TRUE, []
        single = ast.Compare(left, [operator], [right])
        ast.copy_location(single, left)
        field, other = self._field(left), right
        if field is None and name in (*_MIRRORED, "Eq", "NotEq"):
            field, other, name = self._field(right), left, _MIRRORED.get(name, name)
        if field is None or not field.group:
            return self._fallback(single)
        value = rebuilt(other)
        if not self._is_static(value):
            partner = self._field(other)
            if partner is None or partner.group != field.group or field.check or partner.check \
                    or name not in _COMPARISONS:
                return self._fallback(single)
            return _never_null(f"{field.sql}{field.collate} {_COMPARISONS[name]} {partner.sql}", name), []
        return self._with_constant(field, name, value.evaluate(self._read)) or self._fallback(single)

    def _with_constant(self, field: Field, name: str, value: Any) -> Sql | None:
        if name in _PATTERNS:
            return None
        if name in ("In", "NotIn") and isinstance(value, list | tuple):
            return _membership(field, name, value)
        if name not in _COMPARISONS:
            return None
        if value is None:
            sql = {"Eq": f"{field.sql} IS NULL", "NotEq": f"{field.sql} IS NOT NULL"}.get(name, "0")
            return f"({sql})", []
        stored = field.encode(value)
        if stored is None or field.check:
            return None
        return _never_null(f"{field.sql}{field.collate} {_COMPARISONS[name]} ?", name), [stored]

    def _fallback(self, node: ast.expr) -> Sql:
        """SQL through the hook; where a native test decides most rows, the hook only sees the others, and no nulls."""
        part = rebuilt(node)
        if self._call is None:
            raise ExpressionError("this part has no SQL with the same result", offset=node.col_offset)
        sql, parameters = self._call(part)
        quick = self._quick(node)
        if quick is None:
            return sql, parameters
        column, of_null, check, test, bound = quick
        cases = f"WHEN {column} IS NULL THEN {of_null} WHEN {check} THEN {test} ELSE {sql}"
        return f"(CASE {cases} END)", [*bound, *parameters]

    def _quick(self, node: ast.expr) -> tuple[str, str, str, str, list[Any]] | None:
        """(column, answer for null, check, native test, its parameters): a checked column beside a constant."""
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        field, value = self._field(node.left), rebuilt(node.comparators[0])
        if field is None or not self._is_static(value):
            return None
        name = getattr(node.ops[0], "word", type(node.ops[0]).__name__)
        constant = value.evaluate(self._read)
        if name in _PATTERNS:
            return _pattern(field, name, constant)
        if name not in _COMPARISONS or not field.check or constant is None:
            return None
        stored = field.encode(constant)
        if stored is None:
            return None
        of_null = _TRUE if name == "NotEq" else _FALSE
        return field.sql, of_null, field.check, f"{field.sql}{field.collate} {_COMPARISONS[name]} ?", [stored]

    def _is_empty(self, node: ast.expr) -> bool:
        """Whether a word's right side is known to be an empty text, which every value passes."""
        part = rebuilt(node)
        return self._is_static(part) and not text_of(part.evaluate(self._read)).casefold()

    def _field(self, node: ast.expr) -> Field | None:
        path = getattr(node, "path", "")
        found = self._resolve(path) if path else None
        return found if isinstance(found, Field) else None

    def _is_static(self, part: Expression) -> bool:
        return all(isinstance(self._resolve(name), Constant) for name in part.names)

    def _read(self, name: str) -> Any:
        found = self._resolve(name)
        return found.value if isinstance(found, Constant) else None


def _joined(parts: Iterable[Sql], is_or: bool) -> Sql:
    """The parts joined by OR or AND. A part that decides by itself is the whole, and ends the work on the rest."""
    decisive, idle = (_TRUE, _FALSE) if is_or else (_FALSE, _TRUE)
    kept: list[Sql] = []
    for part in parts:
        if part[0] == decisive:
            return part
        if part[0] != idle:
            kept.append(part)
    if not kept:
        return idle, []
    return _balanced([sql for sql, _ in kept], " OR " if is_or else " AND "), [one for _, many in kept for one in many]


def _balanced(tests: list[str], joint: str) -> str:
    """All tests in one pair of brackets, halved again and again: SQLite allows 1,000 levels only."""
    while len(tests) > _MOST_JOINED:
        tests = [f"({joint.join(tests[start : start + _MOST_JOINED])})" for start in range(0, len(tests), _MOST_JOINED)]
    return f"({joint.join(tests)})"


def _membership(field: Field, name: str, values: Sequence[Any]) -> Sql | None:
    """``field in (…)``, never null; None when there is nothing in it or a value would compare otherwise."""
    known = [value for value in values if value is not None]
    bound = [field.encode(value) for value in known]
    if not values or (field.check and known) or any(value is None for value in bound):
        return None
    bound = list({(type(value), value): value for value in bound}.values())
    has_null = len(known) < len(values)
    tests = [f"{field.sql} IS {'NULL' if has_null else 'NOT NULL'}"]
    if bound:
        tests.append(f"{field.sql}{field.collate} IN ({', '.join('?' * len(bound))})")
    sql = (" OR " if has_null else " AND ").join(tests)
    return f"({'NOT ' if name == 'NotIn' else ''}({sql}))", bound


def _never_null(sql: str, name: str) -> str:
    """The comparison; ordering against NULL counts as false."""
    return f"({sql})" if name in ("Eq", "NotEq") else f"coalesce({sql}, 0)"


def _pattern(field: Field, name: str, value: Any) -> tuple[str, str, str, str, list[Any]] | None:
    folded = text_of(value).casefold()
    if not folded or "\0" in folded or not field.text_check:
        return None
    if not folded.isascii():
        return field.sql, _FALSE, field.text_check, "0", []
    escaped = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    test = f"{field.sql} LIKE ? ESCAPE '\\'"
    return field.sql, _FALSE, field.text_check, test, [_PATTERNS[name].format(escaped)]
