"""What operators mean: null-safe, exact with decimals, never raising on any pair of values.

Values of different classes compare in SQLite's order (numbers, then texts, then bytes), so that both
ways of evaluating an expression agree even on values that do not fit their column.
"""

from __future__ import annotations

import datetime
import math
import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

Operator = Callable[[Any, Any], Any]
#: More digits than any sane amount, so that an accident does not eat the memory.
MAX_DIGITS = 2000
#: Letters of a text that are folded at once: Python's lock is held meanwhile.
_PIECE = 1 << 15
_NUMBERS = (int, float, Decimal)
_DATES = (datetime.date, datetime.time)


def truth(value: Any) -> bool:
    """Whether a value counts as true: null, false, zero and empty texts do not."""
    return bool(value)


def text_of(value: Any) -> str:
    """A value as text: null is empty, booleans are ``true`` and ``false``, dates are ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) <= MAX_DIGITS else str(value)
    return str(value)


def _rank(value: Any) -> int:
    if isinstance(value, _NUMBERS):
        return 0
    if isinstance(value, _DATES):
        return 1
    if isinstance(value, str):
        return 2
    return 3 if isinstance(value, bytes) else 4


def _as_date(text: str, like: Any) -> Any:
    """The text as a date, time or date-time for comparing with ``like``; the text itself when it is none."""
    kind = datetime.time if isinstance(like, datetime.time) else datetime.datetime
    try:
        value = kind.fromisoformat(text)
    except ValueError:
        return text
    return text if value.tzinfo else value


def comparable(left: Any, right: Any) -> tuple[Any, Any]:
    """Both values in a form that Python orders as this language does; neither is None."""
    if isinstance(left, _DATES) and isinstance(right, str):
        right = _as_date(right, left)
    elif isinstance(right, _DATES) and isinstance(left, str):
        left = _as_date(left, right)
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1] or ranks[0] == 4:
        return ranks if ranks[0] != ranks[1] else (repr(left), repr(right))
    if ranks[0] == 1:
        return _same_kind(left), _same_kind(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _as_decimal(left), _as_decimal(right)
    return left, right


def _same_kind(value: Any) -> tuple[int, Any]:
    if isinstance(value, datetime.time):
        return 0, value.replace(tzinfo=None)
    if isinstance(value, datetime.datetime):
        return 1, value if value.tzinfo is None else value.astimezone(datetime.UTC).replace(tzinfo=None)
    return 1, datetime.datetime(value.year, value.month, value.day)


def _as_decimal(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def equal(left: Any, right: Any) -> bool:
    """Null-safe equality: null equals null and nothing else."""
    if left is None or right is None:
        return left is right
    left, right = comparable(left, right)
    return bool(left == right)


def ordering(compare: Operator) -> Operator:
    """``<`` and its like: false when either side is null."""

    def ordered(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        left, right = comparable(left, right)
        return bool(compare(left, right))

    return ordered


def is_in(left: Any, right: Any) -> bool:
    """Membership in a list, or of a text in a text."""
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    if isinstance(right, list | tuple | set | frozenset):
        return any(equal(left, item) for item in right)
    return False


def _folded(matches: Callable[[str | bytes, str], bool]) -> Operator:
    """A case-insensitive test of texts; an empty right side is true, else a null left side is false."""

    def test(left: Any, right: Any) -> bool:
        pattern = text_of(right).casefold()
        if not pattern:
            return True
        if left is None:
            return False
        return matches(left if isinstance(left, bytes) else text_of(left), pattern)

    return test


def _small(text: str | bytes) -> str:
    return (text.decode("ascii", "replace") if isinstance(text, bytes) else text).casefold()


def _holds(text: str | bytes, words: list[str]) -> bool:
    """Whether a text holds all words; a long one is folded piece by piece, since letters are folded one by one."""
    if len(text) <= _PIECE:
        small = _small(text)
        return all(word in small for word in words)
    longest = max(map(len, words), default=1)
    size, end = max(_PIECE, longest), ""
    for start in range(0, len(text), size):
        small = end + _small(text[start : start + size])
        words = [word for word in words if word not in small]
        if not words:
            return True
        end = small[max(len(small) - longest + 1, 0) :]
    return False


def number(value: Any) -> Any:
    """The value as a number: booleans are 0 and 1, numeric texts of sane size are read, anything else is null."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, _NUMBERS):
        return value
    if isinstance(value, str):
        try:
            result = Decimal(value.strip())
        except (DecimalException, ValueError):
            return None
        if not result.is_finite() or abs(result.adjusted()) > MAX_DIGITS:
            return None
        is_whole = result == result.to_integral_value() and "." not in value and "e" not in value.lower()
        return int(result) if is_whole else result
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS)


def arithmetic(apply: Operator) -> Operator:
    """An operator on two numbers: null with null, with anything that is no number, and where undefined."""

    def calculate(left: Any, right: Any) -> Any:
        if not (_is_number(left) and _is_number(right)):
            return None
        if isinstance(left, Decimal) or isinstance(right, Decimal):
            left, right = _as_decimal(left), _as_decimal(right)
        try:
            result = apply(left, right)
        except (ArithmeticError, ValueError):
            return None
        if isinstance(result, float) and math.isnan(result) or isinstance(result, Decimal) and result.is_nan():
            return None
        return None if isinstance(result, int) and result.bit_length() > MAX_DIGITS * 4 else result

    return calculate


_plus = arithmetic(operator.add)
_minus = arithmetic(operator.sub)


def add(left: Any, right: Any) -> Any:
    """Sum of numbers, joined texts, or a date and a number of days."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, datetime.date) and isinstance(right, int):
        return _shifted(left, right)
    return _plus(left, right)


def subtract(left: Any, right: Any) -> Any:
    """Difference of numbers, days between dates, or a date some days earlier."""
    if isinstance(left, datetime.date) and isinstance(right, int):
        return _shifted(left, -right)
    if isinstance(left, datetime.date) and isinstance(right, datetime.date):
        return (_same_kind(left)[1] - _same_kind(right)[1]).days
    return _minus(left, right)


def _shifted(date: datetime.date, days: int) -> datetime.date | None:
    try:
        return date + datetime.timedelta(days=days)
    except OverflowError:
        return None


def modulo(left: Any, right: Any) -> Any:
    """Remainder with the divisor's sign, as Python has it, for decimals too."""
    return left - right * floor_divide(left, right) if isinstance(left, Decimal) else left % right


def floor_divide(left: Any, right: Any) -> Any:
    """Quotient rounded down, for decimals too."""
    if isinstance(left, Decimal):
        return (left / right).to_integral_value("ROUND_FLOOR")
    return left // right


#: Comparison operators by the name of their syntax node or their word.
COMPARISONS: dict[str, Operator] = {
    "Eq": equal,
    "NotEq": lambda left, right: not equal(left, right),
    "Lt": ordering(operator.lt),
    "LtE": ordering(operator.le),
    "Gt": ordering(operator.gt),
    "GtE": ordering(operator.ge),
    "In": is_in,
    "NotIn": lambda left, right: not is_in(left, right),
    "contains": _folded(lambda text, part: _holds(text, [part])),
    "matches": _folded(lambda text, part: _holds(text, part.split())),
    # No letter is folded to less than one.
    "startswith": _folded(lambda text, part: _small(text[: len(part)]).startswith(part)),
    "endswith": _folded(lambda text, part: _small(text[-len(part) :]).endswith(part)),
}

#: Words that stand between two operands like an operator of comparison.
WORDS = ("contains", "startswith", "endswith", "matches")

#: Arithmetic by the name of the syntax node.
ARITHMETIC: dict[str, Operator] = {
    "Add": add,
    "Sub": subtract,
    "Mult": arithmetic(operator.mul),
    "Div": arithmetic(operator.truediv),
    "FloorDiv": arithmetic(floor_divide),
    "Mod": arithmetic(modulo),
}
