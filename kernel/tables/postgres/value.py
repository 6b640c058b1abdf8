"""SQL values of a known kind, and comparisons of them that answer as :mod:`kernel.expression.operation` does."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple


class LocalError(Exception):
    """A part of a query has no SQL with the same result, so that it must be worked out here."""


class Value(NamedTuple):
    """SQL with a value of one kind (see :class:`kernel.tables.postgres.codec.Codec`).

    Attributes:
        kind: As a codec's.
        sql: The SQL; NULL is null.
        parameters: Its placeholders' values, in order.
        whole, scale: Digits of a number before and behind the point at most; -1: any number of them.
        is_column: Whether it is a column as it is stored, which may hold what Python has no value for.
    """

    kind: str
    sql: str
    parameters: tuple[Any, ...] = ()
    whole: int = -1
    scale: int = -1
    is_column: bool = False


class Test(NamedTuple):
    """An SQL condition; ``is_sure`` when it is never NULL."""

    sql: str
    parameters: tuple[Any, ...] = ()
    is_sure: bool = True

    @property
    def sure(self) -> str:
        """The SQL, never NULL."""
        return self.sql if self.is_sure else f"coalesce({self.sql}, FALSE)"


TRUE, FALSE = Test("TRUE"), Test("FALSE")
NUMBERS = ("integer", "decimal", "boolean")
MOMENTS = ("date", "datetime")
_SIGNS = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">="}
#: Comparison → the one with its sides exchanged.
MIRRORED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE", "Eq": "Eq", "NotEq": "NotEq"}
#: The first and the last day of Python's calendar.
FIRST, LAST = "0001-01-01", "9999-12-31"


def in_calendar(value: Value) -> str:
    """SQL that tells whether a date or date-time is one of Python's."""
    return f"({value.sql} >= '{FIRST}' AND {value.sql} < '10000-01-01')"


def compare(left: Value, name: str, right: Value) -> Test:
    """A comparison of two values.

    Raises:
        LocalError: SQL would compare them otherwise.
    """
    first, second = _alike(left, right)
    parameters = left.parameters + right.parameters
    first += _collation(left)
    if name in ("Eq", "NotEq"):
        return Test(f"({first} IS {'NOT ' if name == 'Eq' else ''}DISTINCT FROM {second})", parameters)
    if left.kind in MOMENTS and (left.is_column or right.is_column):
        return _compare_moments(left, _SIGNS[name], right)
    if left.kind == "time":
        raise LocalError
    return Test(f"({first} {_SIGNS[name]} {second})", parameters, False)


def _alike(left: Value, right: Value) -> tuple[str, str]:
    """SQL of both as PostgreSQL compares them."""
    if left.kind == right.kind or (left.kind in MOMENTS and right.kind in MOMENTS):
        return left.sql, right.sql
    if left.kind in NUMBERS and right.kind in NUMBERS:
        return _number(left), _number(right)
    if {left.kind, right.kind} == {"real", "integer"} and all(
            one.kind == "real" or 0 <= one.whole <= 15 for one in (left, right)):
        return f"({left.sql})::float8", f"({right.sql})::float8"
    raise LocalError


def _number(value: Value) -> str:
    return f"({value.sql})::int" if value.kind == "boolean" else value.sql


def _compare_moments(left: Value, sign: str, right: Value) -> Test:
    """Moments out of Python's calendar are texts here, which come after every date."""
    if left.parameters or right.parameters or left.kind != right.kind:
        raise LocalError
    both = f"{in_calendar(left)} AND {in_calendar(right)}"
    either = f"{in_calendar(left)} OR {in_calendar(right)}"
    inside = in_calendar(left) if sign in ("<", "<=") else f"NOT {in_calendar(left)}"
    texts = f'{left.sql}::text {sign} {right.sql}::text COLLATE "C"'
    return Test(f"(CASE WHEN {both} THEN {left.sql} {sign} {right.sql} WHEN {either} THEN {inside} ELSE {texts} END)",
                (), False)


def compare_constant(value: Value, name: str, constant: Any) -> Test:
    """A comparison with a constant; an index of the column can serve it.

    Raises:
        LocalError: SQL would compare them otherwise.
    """
    if constant is None:
        return {"Eq": Test(f"({value.sql} IS NULL)", value.parameters),
                "NotEq": Test(f"({value.sql} IS NOT NULL)", value.parameters)}.get(name, FALSE)
    if isinstance(constant, str) and value.kind == "text" and not is_storable(constant):
        if name not in ("Eq", "NotEq"):
            raise LocalError
        return FALSE if name == "Eq" else TRUE
    bound = parameter(value.kind, constant)
    sql = _number(value)
    parameters = (*value.parameters, bound)
    if name == "Eq":
        return Test(f"({sql} = %s)", parameters, False)
    if name == "NotEq":
        return Test(f"({sql} IS DISTINCT FROM %s)", parameters)
    text = f"{sql}{_collation(value)} {_SIGNS[name]} %s"
    if value.kind in MOMENTS and value.is_column:
        # A date before Python's first is a text here, which comes after every date.
        edge = f"OR {sql} < '{FIRST}'" if name in ("Gt", "GtE") else f"AND {sql} >= '{FIRST}'"
        text = f"{text} {edge}"
    return Test(f"({text})", parameters, False)


def _collation(value: Value) -> str:
    return ' COLLATE "C"' if value.kind == "text" else ""


def is_among(value: Value, constants: Sequence[Any]) -> Test:
    """Whether a value equals one of some constants.

    Raises:
        LocalError: SQL would compare one otherwise.
    """
    known = [one for one in constants if one is not None]
    if value.kind == "text":  # what cannot be stored equals nothing that is
        known = [one for one in known if not isinstance(one, str) or is_storable(one)]
    bound = [parameter(value.kind, one) for one in known]
    has_null = any(one is None for one in constants)
    tests = []
    parameters: tuple[Any, ...] = ()
    if bound:
        test = f"{_number(value)} = ANY(%s)"
        tests.append(f"coalesce({test}, FALSE)" if has_null else test)
        parameters = (*value.parameters, _list(value.kind, bound))
    if has_null:
        tests.append(f"{value.sql} IS NULL")
        parameters += value.parameters
    return Test(f"({' OR '.join(tests)})", parameters, has_null) if tests else FALSE


def _list(kind: str, bound: list[Any]) -> list[Any]:
    """The values in one type, as an array needs them."""
    if kind in MOMENTS:
        return [one if isinstance(one, datetime.datetime) else datetime.datetime(one.year, one.month, one.day)
                for one in bound]
    if any(isinstance(one, Decimal) for one in bound):
        return [Decimal(one) for one in bound]
    return bound


def parameter(kind: str, value: Any) -> Any:
    """A constant as it is sent for comparing with a value of that kind.

    Raises:
        LocalError: PostgreSQL would compare it otherwise.
    """
    sent = _PARAMETERS[kind](value)
    if sent is None:
        raise LocalError
    return sent


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text."""
    return "\0" not in text and (text.isascii() or text.encode(errors="replace").decode() == text)


def _integer(value: Any) -> Any:
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        value = Decimal(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 400:
        return int(value) if value == value.to_integral_value() else value
    return None


def _decimal(value: Any) -> Any:
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        value = Decimal(repr(value))
    return value if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 400 else None


def _real(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    try:
        sent = float(value) if isinstance(value, int | Decimal) else None
    except OverflowError:
        return None
    if sent is None or not math.isfinite(sent):
        return None
    exact = Decimal(repr(sent)) == value if isinstance(value, Decimal) else sent == value
    return sent if exact else None


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            return None
        if value.tzinfo is not None:
            return None
    if not isinstance(value, datetime.date):
        return None
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value


def _date(value: Any) -> Any:
    value = _moment(value)
    is_midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    return value.date() if is_midnight else value


def _time(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.time.fromisoformat(value)
        except ValueError:
            return None
        if value.tzinfo is not None:
            return None
    return value.replace(tzinfo=None) if isinstance(value, datetime.time) else None


#: Kind → constant as it is sent, None when there is no way.
_PARAMETERS = {
    "integer": _integer,
    "decimal": _decimal,
    "real": _real,
    "boolean": lambda value: _integer(value),
    "text": lambda value: value if isinstance(value, str) else None,
    "date": _date,
    "datetime": _moment,
    "time": _time,
    "bytes": lambda value: value if isinstance(value, bytes) else None,
}
