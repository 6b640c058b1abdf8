"""Arithmetic and functions of expressions in SQL, where PostgreSQL gives the same result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.tables.postgres.value import MOMENTS, LocalError, Value, in_calendar

#: Digits that Python's decimals calculate with.
_PRECISION = 28
#: Digits of whole numbers that floats hold exactly.
_FLOAT_DIGITS = 15


def arithmetic(name: str, left: Value, right: Value) -> Value:
    """The value of an operator between two.

    Raises:
        LocalError: PostgreSQL would calculate otherwise.
    """
    make = _OPERATORS.get(name)
    if make is None:
        raise LocalError
    return make(left, right)


def text_value(value: Value) -> Value:
    """A value as text, null for null.

    Raises:
        LocalError: PostgreSQL writes it otherwise.
    """
    if value.kind == "text":
        return value
    if value.kind in ("integer", "boolean") or (value.kind in ("date", "decimal") and value.is_column):
        return Value("text", f"({value.sql})::text", value.parameters)
    raise LocalError


def _number(value: Value) -> str:
    """A whole or decimal number that calculations take; NaN is no number here."""
    if value.kind == "integer":
        return f"({value.sql})::numeric"
    if value.kind == "decimal" and value.scale >= 0:
        return f"nullif({value.sql}, 'NaN')"
    raise LocalError


def _float(value: Value) -> str:
    """A float, or a whole number that a float holds exactly; NaN is no number here."""
    if value.kind == "real":
        return f"nullif({value.sql}, 'NaN')"
    if value.kind == "integer" and 0 <= value.whole <= _FLOAT_DIGITS:
        return f"({value.sql})::float8"
    raise LocalError


def _of_floats(sign: str, left: Value, right: Value) -> Value:
    """PostgreSQL refuses what becomes too large or too small; the whole query is then worked out here."""
    sql = f"nullif({_float(left)} {sign} {_float(right)}, 'NaN')"
    return Value("real", sql, left.parameters + right.parameters)


def _divided(left: Value, right: Value) -> Value:
    return _of_floats("/", left, right._replace(kind="real", sql=f"nullif({_float(right)}, 0)"))


def _calculated(sign: str, left: Value, right: Value) -> Value:
    if "real" in (left.kind, right.kind):
        return _of_floats(sign, left, right)
    sql = f"({_number(left)} {sign} {_number(right)})"
    parameters = left.parameters + right.parameters
    if sign == "*":
        whole, scale = left.whole + right.whole, left.scale + right.scale
    else:
        whole, scale = max(left.whole, right.whole) + 1, max(left.scale, right.scale)
    kind = "integer" if left.kind == right.kind == "integer" else "decimal"
    if kind == "decimal" and (-1 in (left.whole, right.whole) or whole + scale > _PRECISION):
        raise LocalError
    if kind == "integer" and whole > 1000:
        raise LocalError
    return Value(kind, sql, parameters, whole, scale)


def _sum(left: Value, right: Value) -> Value:
    if left.kind == right.kind == "text":
        return Value("text", f"({left.sql} || {right.sql})", left.parameters + right.parameters)
    return _calculated("+", left, right)


def _modulo(left: Value, right: Value) -> Value:
    """The remainder with the divisor's sign."""
    if left.kind != "integer" or right.kind != "integer" or left.parameters or right.parameters:
        raise LocalError
    first, second = _number(left), f"nullif({_number(right)}, 0)"
    return Value("integer", f"mod(mod({first}, {second}) + {second}, {second})", (), right.whole, 0)


def _quotient(left: Value, right: Value) -> Value:
    """The quotient rounded down."""
    rest = _modulo(left, right)
    return Value("integer", f"div({_number(left)} - {rest.sql}, nullif({_number(right)}, 0))", (), left.whole + 1, 0)


#: Syntax node of an operator → what makes its SQL.
_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "Add": _sum,
    "Sub": lambda left, right: _calculated("-", left, right),
    "Mult": lambda left, right: _calculated("*", left, right),
    "Div": _divided,
    "Mod": _modulo,
    "FloorDiv": _quotient,
}


def _of_moment(kind: str, pick: str) -> Callable[..., Value]:
    def part(value: Value) -> Value:
        if value.kind not in MOMENTS or value.parameters:
            raise LocalError
        sql = pick.format(value.sql)
        if value.is_column:
            sql = f"(CASE WHEN {in_calendar(value)} THEN {sql} END)"
        return Value(kind, sql, (), 4, 0)

    return part


def _length(value: Value) -> Value:
    text = text_value(value)
    return Value("integer", f"char_length({text.sql})", text.parameters, 10, 0)


def _absolute(value: Value) -> Value:
    return Value(value.kind, f"abs({_number(value)})", value.parameters, value.whole, value.scale)


def _round(value: Value, digits: Any = 0) -> Value:
    if type(digits) is not int or not 0 <= digits <= 20:
        raise LocalError
    if value.kind == "integer":
        return value
    if value.kind != "decimal" or -1 in (value.whole, value.scale) or value.whole + 1 + digits > _PRECISION:
        raise LocalError
    return Value("decimal", f"round({_number(value)}, {digits})", value.parameters, value.whole + 1, digits)


def _coalesce(*values: Value) -> Value:
    kinds = {value.kind for value in values}
    if len(kinds) > 1 or kinds & {"date", "datetime", "time"}:
        raise LocalError
    whole = -1 if any(value.whole < 0 for value in values) else max(value.whole for value in values)
    scale = -1 if any(value.scale < 0 for value in values) else max(value.scale for value in values)
    return Value(values[0].kind, f"coalesce({', '.join(value.sql for value in values)})",
                 tuple(one for value in values for one in value.parameters), whole, scale)


def _text(value: Value) -> Value:
    text = text_value(value)
    return Value("text", f"coalesce({text.sql}, '')", text.parameters)


def _left(value: Value, count: Any) -> Value:
    text = text_value(value)
    if type(count) is not int or not 0 <= count < 2**31:
        raise LocalError
    return Value("text", f"left({text.sql}, {count})", text.parameters)


#: Function → what makes its SQL of the first argument and the other ones' constant values.
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": _absolute,
    "coalesce": _coalesce,
    "day": _of_moment("date", "({})::date"),
    "left": _left,
    "length": _length,
    "month": _of_moment("text", "to_char({}, 'YYYY-MM')"),
    "round": _round,
    "text": _text,
    "year": _of_moment("integer", "extract(year FROM {})"),
}
