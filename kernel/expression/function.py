"""The functions that an expression may call, each a row with its doc.

None raises: an argument that does not fit gives null. ``is_steady`` is False for those whose answer
changes with the clock; a query evaluates these once.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.expression.operation import comparable, number, text_of, truth
from kernel.expression.regex import is_found


class Function(NamedTuple):
    """One function: name, usage and doc, the callable, least and most arguments (-1: any number).

    ``sql`` is an SQL function with the same results on every value; empty: there is none, and a source
    calls ``python`` back or evaluates the part itself.
    """

    name: str
    doc: str
    python: Callable[..., Any]
    least: int = 1
    most: int = 1
    sql: str = ""
    is_steady: bool = True


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """Null for null, else the function of the value's text."""
    return lambda value, *rest: None if value is None else function(text_of(value), *rest)


def _absolute(value: Any) -> Any:
    value = number(value)
    return None if value is None else abs(value)


def _round(value: Any, digits: Any = 0) -> Any:
    value, digits = number(value), number(digits)
    if value is None or not isinstance(digits, int) or not -30 <= digits <= 30:
        return None
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    try:
        rounded = exact.quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP")
    except ArithmeticError:
        return value
    if isinstance(value, Decimal):
        return rounded
    return float(rounded) if isinstance(value, float) else int(rounded)


def _extreme(wanted: int) -> Callable[..., Any]:
    def extreme(*values: Any) -> Any:
        known = [value for value in values if value is not None]
        if not known:
            return None

        def order(left: Any, right: Any) -> int:
            left, right = comparable(left, right)
            return wanted * ((left > right) - (left < right))

        return max(known, key=functools.cmp_to_key(order))

    return extreme


def _date(value: Any, month: Any = None, day: Any = None) -> datetime.date | None:
    try:
        if month is not None:
            return datetime.date(value, month, 1 if day is None else day)
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        return datetime.datetime.fromisoformat(value).date()
    except (TypeError, ValueError, OverflowError):
        return None


def _part(pick: Callable[[datetime.date], Any]) -> Callable[[Any], Any]:
    def part(value: Any) -> Any:
        date = _date(value)
        return None if date is None else pick(date)

    return part


def _left(text: str, count: Any) -> str | None:
    return text[: max(count, 0)] if isinstance(count, int) else None


def _right(text: str, count: Any) -> str | None:
    return (text[-count:] if count > 0 else "") if isinstance(count, int) else None


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


_ROWS = (
    Function("lower", "lower(text): in small letters", _of_text(str.lower)),
    Function("upper", "upper(text): in capitals", _of_text(str.upper)),
    Function("length", "length(text): number of characters", _of_text(len)),
    Function("trim", "trim(text): without white space at both ends", _of_text(str.strip)),
    Function("left", "left(text, count): the first characters", _of_text(_left), 2, 2),
    Function("right", "right(text, count): the last characters", _of_text(_right), 2, 2),
    Function("regex", "regex(text, pattern): whether a regular expression is found in it, in small or capital letters",
             lambda value, pattern: None if value is None else is_found(text_of(value), text_of(pattern)), 2, 2),
    Function("text", "text(value): the value as text; null is an empty text", text_of),
    Function("number", "number(text): the text read as a number, null when it is none", number),
    Function("round", "round(number, digits=0): rounded, halves away from zero", _round, 1, 2),
    Function("abs", "abs(number): without its sign", _absolute),
    Function("coalesce", "coalesce(a, b, …): the first that is not null", _coalesce, 1, -1),
    Function("min", "min(a, b, …): the least that is not null", _extreme(-1), 1, -1),
    Function("max", "max(a, b, …): the greatest that is not null", _extreme(1), 1, -1),
    Function("if_", "if_(condition, a, b=null): a when the condition holds, else b",
             lambda condition, yes, no=None: yes if truth(condition) else no, 2, 3),
    Function("year", "year(date): the year as a number", _part(lambda date: date.year)),
    Function("month", "month(date): the year and month, '2024-05'",
             _part(lambda date: f"{date.year:04}-{date.month:02}")),
    Function("day", "day(date): the date without its time", _part(lambda date: date)),
    Function("date", "date('2024-05-01') or date(2024, 5, 1): a date", _date, 1, 3),
    Function("today", "today(): the date of today", lambda: datetime.date.today(), 0, 0, is_steady=False),
    Function("now", "now(): date and time to the second, local",
             lambda: datetime.datetime.now().replace(microsecond=0), 0, 0, is_steady=False),
)

#: Name → function.
FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
#: What may be asked of a whole table inside an expression: ``orders.sum(total)``.
AGGREGATES = ("count", "sum", "average", "minimum", "maximum")
