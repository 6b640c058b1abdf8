"""Lines of a layout that an editor can fold away: what stands in braces, comments, long texts."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from layouts.kdl.character import LINE_END
from layouts.language_server.place import TOKEN


class Fold(NamedTuple):
    """Lines that can be folded away, from 0; the first one stays.

    Attributes:
        first, last: The lines.
        is_comment: Whether they are a comment.
    """

    first: int
    last: int
    is_comment: bool = False


def folds_of(text: str) -> list[Fold]:
    """The folds of a layout, however broken it is, by their first lines; none begins and ends where another does."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    found: dict[tuple[int, int], Fold] = {}
    around: list[int] = []
    #: The first and the last line of line comments that follow each other.
    run = (-2, -2)

    def add(first: int, last: int, *, is_comment: bool = False) -> None:
        if first < last:
            found.setdefault((first, last), Fold(first, last, is_comment))

    for match in TOKEN.finditer(text):
        first, last = (bisect_right(starts, place) - 1 for place in (match.start(), max(match.end() - 1, 0)))
        if match[0].startswith("//") and not text[starts[first] : match.start()].strip():
            run = (run[0] if first == run[1] + 1 else first, first)
        elif match[0].strip() and run[0] >= 0:
            add(*run, is_comment=True)
            run = (-2, -2)
        if match["mark"] == "{":
            around.append(first)
        elif match["mark"] == "}" and around:
            add(around.pop(), first)
        elif match["raw"] or match["long"] or match[0].startswith("/*"):
            add(first, last, is_comment=match[0].startswith("/*"))
    add(*run, is_comment=True)
    return sorted(found.values())
