"""What it means that a row holds the words that somebody looks for: one test for each column on screen.

A test is an expression that every source understands and that says the same as the text on screen wherever that can
be: numbers and dates are found as they are written here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.expression import Expression, parse
from kernel.tables.quick_filter import QuickFilterError, Reading, parse_quick
from widgets.editor.moment import named_month, read_date
from widgets.format import signs
from widgets.grid.filter_row import column_name, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgets.grid.column import GridColumn

_NUMBERS, _DATES = ("integer", "decimal", "real"), ("date", "datetime")
#: Characters that are looked for at most.
MOST = 200


class Search(NamedTuple):
    """What is looked for.

    Attributes:
        words: What was typed.
        tests: One for each column of the grid, None for a column that cannot hold the words.
    """

    words: str
    tests: tuple[Expression | None, ...]

    @property
    def filter(self) -> str:
        """The expression that a row with a hit passes."""
        texts = [f"({test.text})" for test in self.tests if test is not None]
        return " or ".join(dict.fromkeys(texts)) or "false"

    @property
    def columns(self) -> tuple[str, ...]:
        """The paths that the tests read."""
        return tuple(dict.fromkeys(name for test in self.tests if test is not None for name in test.names))

    def hit(self, read: Callable[[str], Any]) -> int:
        """The first column with a hit, -1 when there is none."""
        for index, test in enumerate(self.tests):
            if test is not None and test.evaluate(read):
                return index
        return -1


def search_for(words: str, columns: Sequence[GridColumn]) -> Search | None:
    """The search for words; None when there are none."""
    words = words[:MOST]
    if not words.strip():
        return None
    return Search(words, tuple(_test(words, column) for column in columns))


def _test(words: str, column: GridColumn) -> Expression | None:
    kind = kind_of(column)
    name = column_name(column)
    if kind in ("blob", "boolean") or not (column.shown or column.computed):
        return None
    if kind in _NUMBERS:
        texts = [f"text({name}) contains {digits!r}" for digits in _digits(words)]
    elif kind in _DATES:
        texts = _dates(words, name, kind)
    else:
        texts = [f"{name if kind in ('text', 'longtext') else f'text({name})'} contains {words!r}"]
    return parse(" or ".join(texts)) if texts else None


def _digits(words: str) -> list[str]:
    """How a number that is written like that may be stored."""
    here = signs()
    plain = words.strip().replace(here.group, "").replace("\u00a0", "").replace(here.point, ".").replace("\u2212", "-")
    if not any(letter.isdigit() for letter in plain) or plain.strip("0123456789.-"):
        return []
    short = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return list(dict.fromkeys([plain, short]))


def _dates(words: str, name: str, kind: str) -> list[str]:
    if (named := named_month(words)) is not None:
        year, month, day = named
        stored = "-".join(["" if year is None else f"{year:04}", f"{month:02}", "" if day is None else f"{day:02}"])
        return [f"text({name}) contains {stored!r}"]
    if not any(letter.isdigit() for letter in words):
        return []
    # NOTE: letters stand in no stored date; a test that every row fails would cost a source the most.
    is_stored = not words.strip().strip("0123456789-:. T")
    texts = [f"text({name}) contains {words.strip()!r}"] if is_stored else []
    # What is no date as people write one is looked for as it is stored.
    with contextlib.suppress(QuickFilterError):
        texts.append(parse_quick(words.strip(), name, kind, Reading(date=read_date)))
    return texts
