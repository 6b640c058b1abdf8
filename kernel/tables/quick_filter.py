"""The short language of a box that filters one column: ``>5``, ``5~10``, ``/re/``, ``null``, or plain words.

``FORMS`` says what there is. What is typed becomes the text of an expression; a form that does not fit the column's
type is one clear error, and nothing is guessed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from kernel.error import EspalierError
from kernel.expression.regex import compile_regex
from kernel.words import mark

#: Form, what it lets through, for help and the reference.
FORMS: tuple[tuple[str, str], ...] = (
    ("word", "what contains it; numbers, dates and yes/no: what equals it"),
    ("!word", "what does not contain it"),
    ("=x", "what equals it"),
    ("<>x", "what differs"),
    (">x  >=x  <x  <=x", "what is greater, less, …"),
    ("a~b", "from a to b, both of them in it"),
    ("2026  2026-03", "dates of that year, of that month"),
    ("/pattern/", "what a regular expression finds"),
    ("null  !null", "empty cells, cells that are not empty"),
    ('"a~b"', "the words themselves"),
)
#: Characters that may be typed.
MAX_LENGTH = 1000
_NUMBERS = ("integer", "decimal", "real")
_DATES = ("date", "datetime")
_OPERATOR = re.compile(r"\s*(<>|!=|>=|<=|==|=|>|<)\s*(.*)", re.DOTALL)
_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_WORDS = {"yes": True, "true": True, "on": True, "1": True, "y": True, "t": True,
          "no": False, "false": False, "off": False, "0": False, "n": False, "f": False}  # fmt: skip
_EMPTY = ("null", "(empty)")


class QuickFilterError(EspalierError):
    """What was typed is no filter for the column."""


def _iso_date(text: str) -> datetime.date:
    return datetime.datetime.fromisoformat(text).date()


class Reading(NamedTuple):
    """How people write here.

    Attributes:
        point, group: Signs of numbers.
        date: A typed day → the date; raises ValueError.
    """

    point: str = "."
    group: str = ""
    date: Callable[[str], datetime.date] = _iso_date


class _Span(NamedTuple):
    """A value as expression texts: where it begins, and where what follows it begins; empty: nowhere.

    A value that is one point has an empty ``after`` and is compared by itself.
    """

    first: str
    after: str = ""
    is_point: bool = True


def parse_quick(text: str, name: str, column_type: str = "text", reading: Reading | None = None) -> str:
    """The expression of what was typed into the box of a column.

    Args:
        text: What was typed.
        name: What expressions call the column (see :func:`name_text`).
        column_type: One of ``kernel.tables.schema.TYPES``, or ``any`` where it is not known.
        reading: How numbers and dates are written; ISO by default.

    Returns:
        Expression text; empty when every row passes.

    Raises:
        QuickFilterError: it does not fit the column's type.
    """
    typed, reading = text.strip(), reading or Reading()
    if not typed:
        return ""
    if len(typed) > MAX_LENGTH:
        raise QuickFilterError(mark(f"a filter has at most {MAX_LENGTH:,} characters"))
    if typed.lower() in _EMPTY:
        return f"{name} == null"
    if typed[0] == "!" and typed[1:].strip().lower() in _EMPTY:
        return f"{name} != null"
    if column_type == "blob":
        raise QuickFilterError(mark("files are filtered by null and !null only"))
    if len(typed) > 2 and typed[0] == typed[-1] == "/":
        return _pattern(name, typed[1:-1])
    if len(typed) > 1 and typed[0] == typed[-1] == '"':
        return f"text({name}) contains {typed[1:-1]!r}" if column_type != "text" else _contains(name, typed[1:-1])
    return _compared(typed, name, column_type, reading)


def name_text(path: str) -> str:
    """What an expression calls a column path."""
    import keyword

    is_plain = _IDENTIFIER.fullmatch(path) and not any(map(keyword.iskeyword, path.split(".")))
    return path if is_plain and path not in ("true", "false", "null") else f"col({path!r})"


def _contains(name: str, words: str) -> str:
    return f"{name} contains {words!r}"


def _pattern(name: str, pattern: str) -> str:
    try:
        compile_regex(pattern)
    except ValueError as error:
        raise QuickFilterError(str(error)) from None
    return f"regex({name}, {pattern!r})"


def _compared(typed: str, name: str, column_type: str, reading: Reading) -> str:
    operator = _OPERATOR.fullmatch(typed)
    if operator:
        sign, rest = operator.groups()
        if not rest.strip():
            raise QuickFilterError(mark(f"a value is missing behind {sign}"))
        return _SIGNS[sign](name, _value(rest, column_type, reading))
    if "~" in typed and column_type != "boolean":
        first, _, last = (part.strip() for part in typed.partition("~"))
        if not first and not last:
            raise QuickFilterError(mark("a range has a value before or behind ~"))
        tests = [_at_least(name, _value(first, column_type, reading))] if first else []
        tests += [_at_most(name, _value(last, column_type, reading))] if last else []
        return " and ".join(tests)
    if typed[0] == "!" and len(typed) > 1:
        if column_type in ("text", "longtext", "any"):
            return f"not {_contains(name, typed[1:].strip())}"
        return _differs(name, _value(typed[1:], column_type, reading))
    if column_type in ("text", "longtext", "any"):
        return _contains(name if column_type != "any" else f"text({name})", typed)
    return _equals(name, _value(typed, column_type, reading))


def _value(typed: str, column_type: str, reading: Reading) -> _Span:
    typed = typed.strip()
    if column_type in _NUMBERS:
        return _Span(_number(typed, reading))
    if column_type in _DATES:
        return _date_span(typed, column_type, reading)
    if column_type == "boolean":
        if typed.lower() not in _WORDS:
            raise QuickFilterError(mark(f"“{typed}” is neither yes nor no"))
        return _Span(str(_WORDS[typed.lower()]).lower())
    if column_type == "time":
        return _Span(repr(_time(typed)))
    if column_type == "any":
        try:
            return _Span(_number(typed, reading))
        except QuickFilterError:
            return _Span(repr(typed))
    return _Span(repr(typed))


def _number(typed: str, reading: Reading) -> str:
    """A literal of the number; of more digits than a float holds, one that is read exactly."""
    plain = re.sub(r"[\s\u00a0\u202f_']", "", typed).replace("\u2212", "-")
    if reading.group and reading.group != reading.point:
        plain = plain.replace(reading.group, "")
    if reading.point != ".":
        plain = plain.replace(reading.point, ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise QuickFilterError(mark(f"“{typed}” is no number")) from None
    if not value.is_finite() or abs(value.adjusted()) > 300:
        raise QuickFilterError(mark(f"“{typed}” is no number that can be compared"))
    text = format(value, "f")
    if "." in text and len(value.as_tuple().digits) > 15:
        return f"number({text!r})"
    # A leading zero is no number of the language.
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{whole.lstrip('0') or '0'}{point}{rest}"


def _time(typed: str) -> str:
    match = re.fullmatch(r"(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}(?:\.\d{1,6})?))?", typed)
    try:
        if match is None:
            raise ValueError
        hour, minute, second = (float(part or 0) for part in match.groups())
        whole, part = divmod(second, 1)
        return datetime.time(int(hour), int(minute), int(whole), round(part * 1_000_000)).isoformat()
    except ValueError:
        raise QuickFilterError(mark(f"“{typed}” is no time, like 9:30")) from None


def _date_span(typed: str, column_type: str, reading: Reading) -> _Span:
    """A year, a month or a day as its first day and the day after its last; a day of a date is one point."""
    match = re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2}))?", typed)
    try:
        if match is None:
            first = reading.date(typed)
            after = first + datetime.timedelta(days=1) if first < datetime.date.max else None
            return _Span(_day(first), _day(after), column_type == "date")
        year, month = int(match[1]), int(match[2] or 0)
        first = datetime.date(year, month or 1, 1)
        is_last = year == 9999 and month in (0, 12)
        after = None if is_last else datetime.date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return _Span(_day(first), _day(after), False)
    except (ValueError, OverflowError, TypeError):
        raise QuickFilterError(mark(f"“{typed}” is no date, like 2026-03-01, 2026-03 or 2026")) from None


def _day(day: datetime.date | None) -> str:
    return "" if day is None else f"date({day.isoformat()!r})"


def _at_least(name: str, value: _Span) -> str:
    return f"{name} >= {value.first}"


def _at_most(name: str, value: _Span) -> str:
    if value.is_point:
        return f"{name} <= {value.first}"
    return f"{name} < {value.after}" if value.after else f"{name} != null"


def _above(name: str, value: _Span) -> str:
    if value.is_point:
        return f"{name} > {value.first}"
    return f"{name} >= {value.after}" if value.after else "false"


def _below(name: str, value: _Span) -> str:
    return f"{name} < {value.first}"


def _equals(name: str, value: _Span) -> str:
    return f"{name} == {value.first}" if value.is_point else f"{_at_least(name, value)} and {_at_most(name, value)}"


def _differs(name: str, value: _Span) -> str:
    return f"{name} != {value.first}" if value.is_point else f"not ({_equals(name, value)})"


_SIGNS: dict[str, Callable[[str, _Span], Any]] = {
    "=": _equals, "==": _equals, "<>": _differs, "!=": _differs, ">": _above, ">=": _at_least, "<": _below,
    "<=": _at_most,
}  # fmt: skip
