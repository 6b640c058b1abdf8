"""Lists that layouts write as one text: group keys (``status, year(placed)``) and figures (``sum(total), count()``)."""

from __future__ import annotations

import re

from kernel.error import EspalierError
from kernel.tables.aggregate import ACCUMULATORS
from kernel.tables.query import Aggregate

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_FIGURE = re.compile(r"\s*([a-z]+)\s*\((.*)\)\s*", re.DOTALL)


class KeyListError(EspalierError):
    """A list of keys or figures that cannot be read."""


def split_list(text: str) -> list[str]:
    """The parts between commas that stand in no bracket and no quotes, without blanks around them."""
    parts, open_pairs, quote, start = [], [], "", 0
    for at, letter in enumerate(text):
        if quote:
            if letter == quote and text[at - 1] != "\\":
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter in _PAIRS:
            open_pairs.append(_PAIRS[letter])
        elif open_pairs and letter == open_pairs[-1]:
            open_pairs.pop()
        elif letter == "," and not open_pairs:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def parse_figures(text: str) -> tuple[Aggregate, ...]:
    """Aggregates from ``"sum(total), count()"``; each is named by its own text.

    Raises:
        KeyListError: a part is no figure.
    """
    figures = []
    for part in split_list(text):
        found = _FIGURE.fullmatch(part)
        if found is None or found[1] not in ACCUMULATORS:
            known = ", ".join(ACCUMULATORS)
            raise KeyListError(f"{part} is no figure", hint=f"write sum(total) or count(); known: {known}")
        function, of = found[1], found[2].strip()
        if not of and function != "count":
            raise KeyListError(f"{function}() needs a column to work on", hint=f"write {function}(total)")
        figures.append(Aggregate(function, of, f"{function}({of})"))
    return tuple(figures)
