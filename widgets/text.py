"""Values as texts for people, by the person's locale: what templates and labels show."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QDate, QLocale, QTime

from kernel.words import say, say_count
from widgets.format import signs


def text_of(value: Any, *, is_grouped: bool = False) -> str:
    """The text of a value; None gives an empty one.

    Args:
        is_grouped: Whether whole numbers get digit groups: amounts do, identifiers do not.
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int):
        return _grouped(str(value)) if is_grouped else str(value)
    if isinstance(value, Decimal):
        return _grouped(f"{value:f}")
    if isinstance(value, float):
        return _grouped(f"{value:.6g}" if abs(value) < 1 else f"{value:.2f}".rstrip("0").rstrip("."))
    locale = QLocale()
    short = QLocale.FormatType.ShortFormat
    if isinstance(value, datetime.datetime):
        return f"{text_of(value.date())} {text_of(value.time())}"
    if isinstance(value, datetime.date):
        return locale.toString(QDate(value.year, value.month, value.day), short)
    if isinstance(value, datetime.time):
        return locale.toString(QTime(value.hour, value.minute, value.second), short)
    if isinstance(value, bytes):
        return say_count("{size} byte", "{size} bytes", len(value), size=_grouped(str(len(value))))
    return str(value)


def _grouped(digits: str) -> str:
    """Digits with the locale's group and decimal marks; numbers of any length stay exact."""
    marks = signs()
    sign = "-" if digits.startswith("-") else ""
    whole, mark, rest = digits.removeprefix("-").partition(".")
    if not whole.isdigit():
        return digits
    groups = []
    while len(whole) > 3:
        groups.append(whole[-3:])
        whole = whole[:-3]
    text = marks.group.join([whole, *reversed(groups)])
    return sign + text + (marks.point + rest if mark else "")
