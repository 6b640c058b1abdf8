"""A column's statistics as lines of text, tabs between their parts, so that a spreadsheet takes them as cells."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.words import say
from widgets.grid.statistics import Bar


def statistics_text(
    title: str, figures: Iterable[tuple[str, str]], frequent: Iterable[tuple[str, int]], bars: Iterable[Bar]
) -> str:
    """The text.

    Args:
        title: Stands in the first line.
        figures: Name and text of each figure.
        frequent: The most frequent values, each with its rows.
        bars: The distribution.
    """
    lines = [(title,), *figures]
    if counted := [(text, str(count)) for text, count in frequent]:
        lines += [("",), (say("Most frequent"), say("Rows")), *counted]
    if spread := [(bar.first, bar.last, str(bar.count)) for bar in bars]:
        lines += [("",), ("From", "To", say("Rows")), *spread]
    return "\n".join("\t".join(" ".join(part.split()) for part in line) for line in lines) + "\n"
