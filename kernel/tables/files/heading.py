"""Whether the first row of a file of separated values names its columns, told by the rows below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kernel.tables.files.regional import find_regional
from kernel.tables.files.value import guess_type, is_plain_text, values_of

#: Headings that look like values: years.
_YEAR = re.compile(r"(19|20)\d\d\Z", re.ASCII)
_NUMBERS = ("integer", "decimal", "real")
#: Rows that are looked at.
_SOME = 200


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has names: texts above values, years above other numbers, else texts that differ.

    Args:
        rows: Some from the beginning of the file.
    """
    if not rows:
        return True
    first, body = rows[0], rows[1 : 1 + _SOME]
    signs = [_sign(cell, [row[place] for row in body if len(row) > place and row[place]])
             for place, cell in enumerate(first)]  # fmt: skip
    if any(signs):
        return sum(signs) > 0
    return _are_names(first) and not _come_again(first, body)


def _sign(cell: str, below: Sequence[str]) -> int:
    """1 when a cell cannot be a value as those below it, -1 when it can, 0 when that tells nothing."""
    if not cell.strip() or not below:
        return 0
    type_ = guess_type(below)
    if type_ == "text":
        regional = find_regional(below, ";")
        if regional is None:
            return 0
        is_year = regional.type in _NUMBERS and _YEAR.match(cell)
        return -1 if regional.pattern.match(cell) and not is_year else 1
    if type_ in _NUMBERS and _YEAR.match(cell):
        return -1 if all(map(_YEAR.match, below)) else 1
    return 1 if isinstance(values_of(type_, [cell])[0], str) else -1


def _are_names(first: Sequence[str]) -> bool:
    """Texts that differ; the first, which is an index's, and the last ones may be missing."""
    cells = [cell.strip() for cell in first]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    named = cells[1:] if len(cells) > 1 and not cells[0] else cells
    return all(map(is_plain_text, named)) and len(set(named)) == len(named)


def _come_again(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether most cells stand in their columns once more, but for the whole row: files are put one after another."""
    others = [row for row in body if list(row) != list(first) or len(first) == 1]
    again = [any(len(row) > place and row[place] == cell for row in others) for place, cell in enumerate(first) if cell]
    return sum(again) * 2 > len(again)
