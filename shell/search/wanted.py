"""What is looked for in files, and in which ones. No Qt here."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple


class Wanted(NamedTuple):
    """A search.

    Attributes:
        text: The words, or the expression.
        is_expression, has_case, is_word: As the editor's own search has them.
        include: Patterns of the files that are looked through (``*.kdl, desk/``); empty = all.
        exclude: Patterns of those that are left out.
    """

    text: str = ""
    is_expression: bool = False
    has_case: bool = False
    is_word: bool = False
    include: str = ""
    exclude: str = ""

    def takes(self, path: str) -> bool:
        """Whether a file of that path is looked through."""
        included, excluded = patterns_of(self.include), patterns_of(self.exclude)
        return (not included or fits(path, included)) and not fits(path, excluded)


@lru_cache(maxsize=16)
def patterns_of(text: str) -> tuple[str, ...]:
    """The patterns of a typed text, which has commas or spaces between them."""
    return tuple(part.strip("/") for part in re.split(r"[\s,;]+", text) if part.strip("/"))


def fits(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path is meant: by its name, by a folder on it, or from the app's folder on where a pattern has a /."""
    parts = path.split("/")
    for pattern in patterns:
        if "/" in pattern:
            if fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern}/*"):
                return True
        elif any(fnmatchcase(part, pattern) for part in parts):
            return True
    return False
