"""Dates, times and date-times as SQLite files hold them: ISO texts, unix seconds or Julian days.

A column's style is found by looking at its values, and what is edited is written in the same style.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from kernel.expression.sql import Field

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?\Z", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?\Z", re.ASCII)
_EPOCH = datetime.datetime(1970, 1, 1)
_JULIAN_EPOCH = 2440587.5
#: SQL functions that answer a text in the plain form, for telling whether a stored one has it.
_PLAIN = {"date": "date", "datetime": "datetime", "time": "time"}


class Style(NamedTuple):
    """How a column stores moments: ``form`` is iso, seconds, milliseconds or julian; the rest is for iso."""

    form: str = "iso"
    separator: str = " "
    zone: str = ""


def find_style(type_: str, samples: Sequence[Any]) -> tuple[str, Style | None]:
    """(column type, style) that fit the samples; without a style the values are no moments.

    Args:
        type_: date, time or datetime, as declared.
        samples: Some stored values, nulls among them or not.
    """
    values = [value for value in samples if value is not None]
    if values and all(isinstance(value, int | float) for value in values):
        return _numeric_style(type_, values)
    texts = [value for value in values if isinstance(value, str)]
    if type_ == "time":
        return type_, Style()
    matches = [match for match in map(_ISO.match, texts) if match]
    if texts and not matches:
        return "text", None
    with_time = [match for match in matches if match.group(1)]
    if type_ == "datetime" and matches and not with_time:
        type_ = "date"
    elif type_ == "date" and any(_clock(match.string) for match in with_time):
        type_ = "datetime"
    separator = with_time[0].group(1) if with_time else ("" if type_ == "date" else " ")
    return type_, Style("iso", separator, (with_time[0].group(2) or "") if with_time else "")


def _clock(text: str) -> str:
    """The digits of a text's time that are not zero."""
    return text[11:19].replace("0", "").replace(":", "")


def _numeric_style(type_: str, values: Sequence[Any]) -> tuple[str, Style | None]:
    if all(isinstance(value, float) and 1721425.5 <= value < 5373484.5 for value in values):
        return type_, Style("julian")
    if type_ != "time" and all(isinstance(value, int) and 10**8 <= abs(value) < 10**11 for value in values):
        return "datetime", Style("seconds")
    if type_ != "time" and all(isinstance(value, int) and 10**11 <= abs(value) < 10**14 for value in values):
        return "datetime", Style("milliseconds")
    return ("integer" if all(isinstance(value, int) for value in values) else "real"), None


def read_moment(stored: Any, type_: str, style: Style) -> Any:
    """The date, time or date-time; what cannot be read stays as it is."""
    try:
        if isinstance(stored, str):
            return _read_text(stored, type_)
        if isinstance(stored, bool) or not isinstance(stored, int | float) or style.form == "iso":
            return stored
        if style.form == "julian":
            milliseconds = round((stored - _JULIAN_EPOCH) * 86_400_000)
            moment = _EPOCH + datetime.timedelta(milliseconds=milliseconds)
        else:
            unit = 1000 if style.form == "milliseconds" else 1
            moment = _EPOCH + datetime.timedelta(milliseconds=stored * 1000 / unit)
    except (ValueError, OverflowError):
        return stored
    if type_ == "date":
        return moment.date() if moment.time() == datetime.time() else moment
    return moment.time() if type_ == "time" else moment


def _read_text(text: str, type_: str) -> Any:
    if type_ == "time":
        return datetime.time.fromisoformat(text) if _TIME.match(text) else text
    if not _ISO.match(text):
        return text
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    if type_ == "date":
        return moment.date() if moment.time() == datetime.time() else moment
    return moment


def write_moment(value: Any, type_: str, style: Style) -> Any:
    """What to store for a value, in the column's style."""
    if not isinstance(value, datetime.date | datetime.time):
        return value
    if isinstance(value, datetime.time):
        return value.isoformat()
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime(value.year, value.month, value.day)
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    if style.form == "julian":
        return (moment - _EPOCH) / datetime.timedelta(days=1) + _JULIAN_EPOCH
    if style.form != "iso":
        unit = 1 if style.form == "seconds" else 1000
        return (moment - _EPOCH) // datetime.timedelta(seconds=1) * unit
    if type_ == "date" and not style.separator:
        return moment.date().isoformat()
    return moment.isoformat(style.separator or " ") + style.zone


def moment_field(sql: str, type_: str, style: Style) -> Field:
    """Plain ISO texts compare in SQL as they are; all others go through Python."""
    if style.form == "iso":
        check = f"typeof({sql}) = 'text' AND {_PLAIN[type_]}({sql}) IS {sql} AND {sql} >= '00'"
        if type_ != "time":
            check = check.replace(">= '00'", ">= '0001'")
        return Field(sql, "moment", check, lambda value: _plain(value, type_), " COLLATE BINARY")
    return Field(sql)


def _plain(value: Any, type_: str) -> str | None:
    """A constant as the plain text that SQL compares with, or None."""
    if isinstance(value, str):
        value = _read_text_or_none(value, type_)
    if type_ == "time":
        is_plain = isinstance(value, datetime.time) and not value.microsecond and value.tzinfo is None
        return value.isoformat("seconds") if is_plain else None
    if not isinstance(value, datetime.date):
        return None
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime(value.year, value.month, value.day)
    if moment.tzinfo is not None or moment.microsecond:
        return None
    if type_ == "datetime":
        return moment.isoformat(" ", "seconds")
    return moment.date().isoformat() if moment.time() == datetime.time() else None


def _read_text_or_none(text: str, type_: str) -> Any:
    try:
        kind = datetime.time if type_ == "time" else datetime.datetime
        return kind.fromisoformat(text)
    except ValueError:
        return None
