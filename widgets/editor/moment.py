"""Reading typed dates and times: the locale's order, ISO order, and short forms."""

from __future__ import annotations

import datetime
import functools
import re

from PySide6.QtCore import QLocale

from widgets.format import date_pattern

_TIME = re.compile(r"^(\d{1,2})(?:[:.h](\d{1,2}))?(?:[:.](\d{1,2}))?(?:[.,](\d{1,6}))?$")


def read_date(text: str) -> datetime.date:
    """A date from ``2026-03-01``, the locale's order, ``1 Mar 2026`` or ``today``; raises ValueError."""
    plain = text.strip().lower()
    if plain in ("today", "t"):
        return datetime.date.today()
    if (month := _month_in(plain)) is not None:
        return _named_date(plain, month)
    numbers = [int(number) for number in re.findall(r"\d+", plain)]
    if re.fullmatch(r"\d{8}", plain):
        return datetime.date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if not re.fullmatch(r"\d+(\D+\d+){1,2}\D?", plain):
        raise ValueError(text)
    if re.match(r"\d{3,4}\D", plain):
        order = "ymd"
    else:
        order = "".join(dict.fromkeys(sign for sign in date_pattern().lower() if sign in "ymd"))
        if order.startswith("y") and len(re.findall(r"\d+", plain)[0]) <= 2 and len(numbers) == 3:
            order = "dmy" if numbers[2] > 31 else "ymd"
    if len(numbers) == 2:
        order = order.replace("y", "")
    parts = dict(zip(order, numbers, strict=True))
    year = parts.get("y", datetime.date.today().year)
    return datetime.date(year + (2000 if year < 100 else 0), parts["m"], parts["d"])


def read_time(text: str) -> datetime.time:
    """A time from ``9``, ``9:30``, ``09:30:15`` or ``now``; raises ValueError."""
    plain = text.strip().lower()
    if plain == "now":
        return datetime.datetime.now().time().replace(microsecond=0)
    match = _TIME.match(plain)
    if match is None:
        raise ValueError(text)
    hour, minute, second, fraction = match.groups()
    return datetime.time(int(hour), int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")))


def read_datetime(text: str) -> datetime.datetime:
    """A date, a space or T, a time (midnight when left out), and perhaps an offset; raises ValueError."""
    plain = text.strip()
    if plain.lower() == "now":
        return datetime.datetime.now().replace(microsecond=0)
    plain, zone = _split_zone(re.sub(r"(?<=\d)T(?=\d)", " ", plain))
    day, _, rest = plain.strip().rpartition(" ")
    # A number alone is the hour only behind a whole date: “1 Mar 26” ends with a year.
    if not day or not _TIME.match(rest) or (rest.isdigit() and len(re.findall(r"\w+", day)) < 3):
        return datetime.datetime.combine(read_date(plain), datetime.time(), zone)
    return datetime.datetime.combine(read_date(day), read_time(rest), zone)


def _named_date(text: str, month: int) -> datetime.date:
    """A date whose month is a word: the longer or larger number is the year, else the last one."""
    digits = re.findall(r"\d+", text)
    if not 1 <= len(digits) <= 2:
        raise ValueError(text)
    if len(digits) == 2 and (len(digits[0]) > 2 or int(digits[0]) > 31):
        digits.reverse()
    year = int(digits[1]) if len(digits) == 2 else datetime.date.today().year
    return datetime.date(year + (2000 if year < 100 else 0), month, int(digits[0]))


def _month_in(text: str) -> int | None:
    """The month that a word of the text begins to name, in the locale's language or in English."""
    for word in re.findall(r"[^\W\d_]{3,}", text):
        for name, number in _months(QLocale().name()):
            if name.startswith(word) or word == name.rstrip("."):
                return number
    return None


@functools.cache
def _months(locale: str) -> tuple[tuple[str, int], ...]:
    """Names of the months in small letters, the language's own first."""
    forms = (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat)
    return tuple(
        (one.monthName(number, form).lower(), number)
        for one in (QLocale(locale), QLocale.c())
        for form in forms
        for number in range(1, 13)
    )


def named_month(text: str) -> tuple[int | None, int, int | None] | None:
    """Year, month and day (as far as they are said) of a text with the name of a month, ``Oct 2026`` or ``31 Oct``;
    None for any other text."""
    words, digits = re.findall(r"[^\W\d_]+", text.lower()), re.findall(r"\d+", text)
    month = _month_in(text.strip().lower()) if len(words) == 1 else None
    days = [int(one) for one in digits if len(one) <= 2]
    years = [int(one) for one in digits if len(one) == 4]
    if month is None or len(days) > 1 or len(years) > 1 or len(days) + len(years) < len(digits):
        return None
    if days and not 1 <= days[0] <= 31:
        return None
    return (years[0] if years else None), month, (days[0] if days else None)


def _split_zone(text: str) -> tuple[str, datetime.tzinfo | None]:
    match = re.search(r"\s*(Z|([+-])(\d\d):?(\d\d))$", text)
    if match is None:
        return text, None
    if match.group(1) == "Z":
        return text[: match.start()], datetime.UTC
    minutes = int(match.group(3)) * 60 + int(match.group(4))
    offset = datetime.timedelta(minutes=-minutes if match.group(2) == "-" else minutes)
    return text[: match.start()], datetime.timezone(offset)
