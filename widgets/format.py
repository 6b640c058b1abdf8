"""How values are written: by column type, by format (``#,##0.00``, ``yyyy-MM-dd``) and by the person's locale.

A value that does not fit its column's type is written as it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Hashable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from kernel.tables.block import LargeBlob
from kernel.tables.schema import Column
from kernel.words import say

Writer = Callable[[Any], str]
_NUMBER = re.compile(r"^(?P<before>[^#0]*)(?P<digits>[#0,]+)(?:\.(?P<decimals>[0#]+))?(?P<after>[^#0]*)$")
#: A format that only says how many places there are, as a type of the database does (``0.00``).
_PLACES = re.compile(r"0(\.[0#]+)?")
#: Digits that a float holds for sure; SQLite keeps a number as a float only when these say it all.
_FLOAT_DIGITS = 15
#: Digits of a number that somebody wrote: what is rounded to no more of them was no exact number before.
_CLEAN_DIGITS = 12
#: Enough digits for any number that a table holds.
_EXACT = Context(prec=4000, Emax=MAX_EMAX, Emin=MIN_EMIN)
#: Days whose text is remembered for a column.
_DAYS_KEPT = 4096
#: The format of numbers with the digits that they have, the thousands apart.
GROUPED = ","
#: The same of an average.
AVERAGE = "#,##0.00##"
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class Signs(NamedTuple):
    """The locale's signs for numbers."""

    point: str
    group: str


def signs() -> Signs:
    """Decimal point and group separator of the person's locale."""
    locale = QLocale()
    if locale.zeroDigit() != "0":
        # Numbers are written with the digits 0 to 9 everywhere, and the marks go with the digits.
        return Signs(".", ",")
    return Signs(locale.decimalPoint() or ".", locale.groupSeparator() or "\u202f")


def writer(column_type: str, pattern: str = "") -> Writer:
    """A function from a value to the text that is shown; None is written as an empty text."""
    make = _WRITERS.get(column_type, _text_writer)
    write = make(pattern)

    def written(value: Any) -> str:
        return "" if value is None else write(value)

    return written


def column_writer(column: Column, pattern: str = "") -> Writer:
    """As :func:`writer`, for a column's type and format; choices that have other words are written as these."""
    write = writer(column.type, pattern or column.format)
    if not column.words:
        return write
    said = dict(zip(column.choices, column.words, strict=False))

    def written(value: Any) -> str:
        word = said.get(value) if isinstance(value, Hashable) else None
        return write(value) if word is None else word

    return written


def sum_format(column_type: str, pattern: str) -> str:
    """How sums are written of a column with that type and format: large ones are read by their thousands."""
    if not pattern:
        return GROUPED if column_type in ("integer", "decimal", "real") else ""
    return f"#,##{pattern}" if _PLACES.fullmatch(pattern) else pattern


def all_writer(write: Writer, column_type: str = "", pattern: str = "") -> Callable[[list[Any]], list[str]]:
    """A function from several values to their texts, each as ``write`` writes it.

    In one pass where all of them are of the commonest type of ``column_type``, for which ``write`` was made.
    """
    common, make = _COMMON.get(column_type, (None, None)) if not pattern else (None, None)
    write_common = make(write) if make is not None else None

    def written(values: list[Any]) -> list[str]:
        if write_common is not None and set(map(type, values)) == {common}:
            return write_common(values)
        return list(map(write, values))

    return written


def size_text(size: int) -> str:
    """``12 kB``: a size in bytes, in powers of 1000."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    digits = 1 if unit and amount < 10 else 0
    return f"{amount:.{digits}f}".replace(".", signs().point) + f" {_UNITS[unit]}"


def date_pattern() -> str:
    """The locale's short date, with a four-digit year; ``1 Mar 2026`` where no locale is chosen."""
    if QLocale().language() == QLocale.Language.C:
        return "d MMM yyyy"
    pattern = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return pattern if "yyyy" in pattern else pattern.replace("yy", "yyyy")


def _text_writer(pattern: str) -> Writer:
    def write(value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, (bytes, bytearray, memoryview)):
            return size_text(len(value))
        if isinstance(value, LargeBlob):
            return size_text(value.size)
        if isinstance(value, float):
            return repr(value)
        return str(value)

    return write


def _number_writer(pattern: str) -> Writer:
    match = _NUMBER.match(pattern) if pattern and pattern != GROUPED else None
    point, group = signs()
    fallback = _text_writer("")

    def plain(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return fallback(value)
        text = str(value) if isinstance(value, int) else _plain_decimal(value)
        return text.replace(".", point)

    if match is None:
        return (lambda value: _grouped(plain(value), value, point, group)) if pattern == GROUPED else plain
    digits, decimals = match["digits"], match["decimals"] or ""
    places, fewest = len(decimals), decimals.count("0")
    is_grouped, is_percent = "," in digits, "%" in match["after"]
    quantum = Decimal(1).scaleb(-places)

    def formatted(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return fallback(value)
        try:
            exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
            exact = exact.scaleb(2, _EXACT) if is_percent else exact
            if not exact.same_quantum(quantum):
                exact = exact.quantize(quantum, ROUND_HALF_UP, _EXACT)
        except InvalidOperation:
            return plain(value)
        text = f"{exact:,f}" if is_grouped else f"{exact:f}"
        if places > fewest and "." in text:
            whole, _, rest = text.partition(".")
            rest = rest[:fewest] + rest[fewest:].rstrip("0")
            text = f"{whole}.{rest}" if rest else whole
        text = text.replace(",", "\0").replace(".", point).replace("\0", group)
        return f"{match['before']}{text}{match['after']}"

    return formatted


def _grouped(text: str, value: Any, point: str, group: str) -> str:
    """A number's text with its thousands apart; what is no number, or has a power of ten, as it is."""
    whole, found, rest = text.partition(point)
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if isinstance(value, (str, bool)) or not digits.isdecimal():
        return text
    return f"{sign}{int(digits):,}".replace(",", group) + found + rest


def _plain_decimal(value: float | Decimal) -> str:
    """The number's own digits; what a float's arithmetic left far behind them is no digit of it."""
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > _FLOAT_DIGITS and value.is_finite():
        as_float = float(value)
        short = Decimal(format(as_float, f".{_FLOAT_DIGITS}g")).normalize()
        if Decimal(repr(as_float)) == value and len(short.as_tuple().digits) <= _CLEAN_DIGITS:
            value = short
    if isinstance(value, float):
        return _float_text(value)
    return f"{value:f}" if value.is_finite() else str(value)


def _float_text(value: float) -> str:
    """A float's shortest digits, or those without what its arithmetic left far behind: 1.1 + 2.2 is 3.3."""
    text = repr(value)
    if len(text) <= _FLOAT_DIGITS + 1:
        return text
    short = float(f"{value:.{_FLOAT_DIGITS}g}")
    digits = repr(short).partition("e")[0].strip("-0.").replace(".", "")
    return repr(short) if len(digits) <= _CLEAN_DIGITS else text


def _date_writer(pattern: str) -> Writer:
    day_text, fallback = _day_writer(pattern or date_pattern()), _text_writer("")

    def write(value: Any) -> str:
        if isinstance(value, datetime.datetime):
            value = value.date()
        return day_text(value) if isinstance(value, datetime.date) else fallback(value)

    return write


def _day_writer(shown: str) -> Callable[[datetime.date], str]:
    """A day by the locale, which takes Qt some 30 µs; columns have the same days again and again."""
    locale = QLocale()

    @lru_cache(maxsize=_DAYS_KEPT)
    def write(day: datetime.date) -> str:
        return locale.toString(QDate(day.year, day.month, day.day), shown)

    return write


def _time_writer(pattern: str) -> Writer:
    locale, fallback = QLocale(), _text_writer("")

    def write(value: Any) -> str:
        if not isinstance(value, datetime.time):
            return fallback(value)
        shown = pattern or ("HH:mm:ss" if value.second else "HH:mm")
        return locale.toString(QTime(value.hour, value.minute, value.second, value.microsecond // 1000), shown)

    return write


def _datetime_writer(pattern: str) -> Writer:
    locale, fallback = QLocale(), _text_writer("")
    day_text = _day_writer(date_pattern())
    has_own_digits = locale.zeroDigit() != "0"

    def write(value: Any) -> str:
        if not isinstance(value, datetime.datetime):
            return fallback(value)
        zone = value.strftime("%z") if value.tzinfo else ""
        tail = f" {zone[:3]}:{zone[3:5]}" if zone else ""
        if pattern or has_own_digits:
            day = QDate(value.year, value.month, value.day)
            moment = QTime(value.hour, value.minute, value.second, value.microsecond // 1000)
            shown = pattern or f"{date_pattern()} HH:mm{':ss' if value.second else ''}"
            return locale.toString(QDateTime(day, moment), shown) + tail
        time = f"{value.hour:02}:{value.minute:02}" + (f":{value.second:02}" if value.second else "")
        return f"{day_text(value.date())} {time}{tail}"

    return write


def _boolean_writer(pattern: str) -> Writer:
    fallback = _text_writer("")
    yes, _, no = pattern.partition("/") if pattern else (say("yes"), "", say("no"))
    return lambda value: (yes if value else no) if isinstance(value, bool) else fallback(value)


def _whole_numbers(_write: Writer) -> Callable[[list[Any]], list[str]]:
    return lambda values: list(map(str, values))


def _floats(_write: Writer) -> Callable[[list[Any]], list[str]]:
    point = signs().point
    return lambda values: [_float_text(value).replace(".", point) for value in values]


def _decimals(write: Writer) -> Callable[[list[Any]], list[str]]:
    """Those that are short enough to have no digits that a float's arithmetic left behind."""
    point = signs().point
    return lambda values: [
        text.replace(".", point) if len(text := f"{value:f}") <= _FLOAT_DIGITS else write(value) for value in values
    ]


#: Column type → the commonest type of its values, and how several of them are written where there is no pattern.
_COMMON: dict[str, tuple[type, Callable[[Writer], Callable[[list[Any]], list[str]]]]] = {
    "text": (str, lambda _write: list),
    "longtext": (str, lambda _write: list),
    "integer": (int, _whole_numbers),
    "real": (float, _floats),
    "decimal": (Decimal, _decimals),
}

_WRITERS: dict[str, Callable[[str], Writer]] = {
    "integer": _number_writer,
    "decimal": _number_writer,
    "real": _number_writer,
    "date": _date_writer,
    "time": _time_writer,
    "datetime": _datetime_writer,
    "boolean": _boolean_writer,
}
