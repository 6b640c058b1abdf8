"""Numbers and dates as people of a region write them: ``1.234,56``, ``1,234.50``, ``31.12.2023``, ``12/31/2023``.

A column is read so only where its cells leave no doubt: ``3/4/2024`` alone is the third of April to some and the fourth
of March to others, so a column without a day after the twelfth stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kernel.tables.files.value import values_of

_NUMBERS, _DATES = ("decimal", "integer"), ("date", "datetime")


class Regional(NamedTuple):
    """How the cells of a column are written.

    Attributes:
        type: Of the column.
        pattern: What its cells look like.
        plain: A cell that looks so, as :func:`kernel.tables.files.value.values_of` reads it.
    """

    type: str
    pattern: re.Pattern[str]
    plain: Callable[[re.Match[str]], str]

    def values(self, cells: Sequence[str]) -> list[Any]:
        """The values of a column's cells; one that does not look so stays the text that it is."""
        found = [self.pattern.match(cell) for cell in cells]
        values = values_of(self.type, [self.plain(match) if match else "" for match in found])
        return [value if match else cell or None for cell, match, value in zip(cells, found, values, strict=True)]


def _number(group: str, point: str) -> re.Pattern[str]:
    whole = rf"(?:0|[1-9]\d{{0,2}}(?:{group}\d{{3}})+|[1-9]\d*)"
    return re.compile(rf"(-?{whole})(?:{point}(\d+))?\Z", re.ASCII)


_COMMA, _POINT = _number(r"\.", ","), _number(",", r"\.")
_TIME = r"(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?\Z"
_DOTTED = re.compile(rf"(\d\d?)\.(\d\d?)\.(\d{{4}}){_TIME}", re.ASCII)
_SLASHED = re.compile(rf"(\d\d?)/(\d\d?)/(\d{{4}}){_TIME}", re.ASCII)
_MONTHS = 12


def find_regional(cells: Sequence[str], separator: str, told: str = "") -> Regional | None:
    """How a column's cells are written when that is no way of ISO's; None when nothing fits or two ways do.

    Args:
        cells: Some of them.
        separator: What stands between the cells of the file: where that is a comma, no number has one for a point.
        told: The type that the column is said to have, if it is.
    """
    known = [cell for cell in cells if cell]
    if not known or told not in ("", *_NUMBERS, *_DATES):
        return None
    found = _regional_number(known, separator) or _regional_date(known)
    return found if found is None or not told or told == found.type or (told, found.type) == _NUMBERS else None


def _regional_number(cells: Sequence[str], separator: str) -> Regional | None:
    if not any("," in cell for cell in cells):
        return None
    # "1,2" in quotes between commas is as often a list.
    ways = ((_POINT, ","),) if separator == "," else ((_COMMA, "."), (_POINT, ","))
    for pattern, group in ways:
        found = [match for match in map(pattern.match, cells) if match]
        if len(found) == len(cells):
            type_ = "decimal" if any(match[2] for match in found) else "integer"
            return Regional(type_, pattern, lambda match, group=group: _plain_number(match, group))
    return None


def _plain_number(match: re.Match[str], group: str) -> str:
    whole = match[1].replace(group, "")
    return f"{whole}.{match[2]}" if match[2] else whole


def _regional_date(cells: Sequence[str]) -> Regional | None:
    for pattern, is_certain in ((_DOTTED, True), (_SLASHED, False)):
        found = [match for match in map(pattern.match, cells) if match]
        if len(found) < len(cells):
            continue
        day_first = is_certain or any(int(match[1]) > _MONTHS for match in found)
        if not day_first and not any(int(match[2]) > _MONTHS for match in found):
            return None
        day, month = (1, 2) if day_first else (2, 1)
        type_ = "datetime" if any(match[4] for match in found) else "date"
        made = Regional(type_, pattern, lambda match, at=(day, month), type_=type_: _plain_date(match, *at, type_))
        return None if any(isinstance(value, str) for value in made.values(cells)) else made
    return None


def _plain_date(match: re.Match[str], day: int, month: int, type_: str) -> str:
    date = f"{match[3]}-{int(match[month]):02}-{int(match[day]):02}"
    return date if type_ == "date" else f"{date} {match[4] or '00:00'}"
