"""Typed texts as values, by column type and the person's locale: for the editors and for what is pasted.

Every function takes the text and what to call the column in a message, and raises ValueError with a sentence. Any
thread may call them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kernel.words import say
from widgets.editor.moment import read_date, read_datetime, read_time
from widgets.format import signs, writer

_WHOLE = re.compile(r"^[+-]?\d+$")
_DECIMAL = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
#: Digits of a group; of the last one always three.
_GROUP_DIGITS = (2, 3)
#: Python refuses to read longer whole numbers (``sys.set_int_max_str_digits``), and nobody types them.
_MOST_DIGITS = 4000
_YES = ("yes", "y", "true", "1", "on", "x", "✓", "ja", "wahr", "oui", "vrai", "sí", "sì", "verdadero", "vero", "sim")
_NO = ("no", "n", "false", "0", "off", "nein", "falsch", "non", "faux", "falso", "não")


def parse_integer(text: str, title: str) -> int:
    """A whole number of any size; group separators may stand in it."""
    plain = _without_groups(text.replace(" ", "").replace("\u2212", "-"))
    if not _WHOLE.match(plain) or len(plain) > _MOST_DIGITS:
        raise ValueError(say("{title} must be a whole number, like 42", title=title))
    return int(plain)


def _without_groups(plain: str) -> str:
    """The text without separators, where all of them stand before groups of digits; else 1,5 would become 15."""
    point, group = signs()
    whole, has_point, fraction = plain.partition(point)
    first, *others = whole.lstrip("+-").split(group)
    is_grouped = others and 1 <= len(first) <= 3 and len(others[-1]) == 3 and group not in fraction
    if not is_grouped or any(len(part) not in _GROUP_DIGITS for part in others):
        return plain
    return whole.replace(group, "") + has_point + fraction


def plain_decimal(text: str, title: str) -> str:
    """The text with a full stop as its point and without separators."""
    point, group = signs()
    plain = text.replace(" ", "").replace("\u202f", "").replace("\u00a0", "").replace("\u2212", "-")
    if point in plain or plain.count(group) > 1 or group == ",":
        plain = _without_groups(plain)
    plain = plain.replace(point, ".")
    if not _DECIMAL.match(plain):
        raise ValueError(say("{title} must be a number, like 12{point}50", title=title, point=point))
    return plain


def parse_decimal(text: str, title: str) -> Decimal:
    """An exact number; nothing is ever rounded."""
    return Decimal(plain_decimal(text, title))


def parse_real(text: str, title: str) -> float:
    """A floating-point number."""
    return float(plain_decimal(text, title))


def parse_date(text: str, title: str, write: Callable[[Any], str] | None = None) -> datetime.date:
    """A date; ``write`` writes the example in the message."""
    try:
        return read_date(text)
    except (ValueError, OverflowError) as error:
        today = (write or writer("date"))(datetime.date.today())
        raise ValueError(say("{title} must be a date, like {today}", title=title, today=today)) from error


def parse_time(text: str, title: str) -> datetime.time:
    """A time of day."""
    try:
        return read_time(text)
    except ValueError as error:
        raise ValueError(say("{title} must be a time, like 09:30", title=title)) from error


def parse_datetime(text: str, title: str, write: Callable[[Any], str] | None = None) -> datetime.datetime:
    """A date with a time; ``write`` writes the example in the message."""
    try:
        return read_datetime(text)
    except (ValueError, OverflowError) as error:
        now = (write or writer("datetime"))(datetime.datetime.now().replace(second=0, microsecond=0))
        raise ValueError(say("{title} must be a date and a time, like {now}", title=title, now=now)) from error


def parse_boolean(text: str, title: str) -> bool:
    """Yes or no, as spreadsheets write it in a few languages too."""
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(say("{title} must be yes or no", title=title))


#: Column type → how its values are read; other types are texts.
PARSERS: dict[str, Callable[[str, str], Any]] = {
    "integer": parse_integer,
    "decimal": parse_decimal,
    "real": parse_real,
    "date": parse_date,
    "time": parse_time,
    "datetime": parse_datetime,
    "boolean": parse_boolean,
}
