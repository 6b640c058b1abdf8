"""Names for a scaffold: safe ids and file names from any table name, columns as expressions write them."""

from __future__ import annotations

import json
import keyword
import re
import unicodedata

from kernel.expression import FUNCTIONS
from kernel.expression.operation import WORDS
from layouts.construct import CONSTRUCTS
from layouts.kinds.table import BUILT_IN

_OTHER = re.compile(r"[^a-z0-9]+")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_RESERVED = {"true", "false", "null", "none", "inf", "nan", "col", "app", *WORDS, *CONSTRUCTS, *BUILT_IN, *FUNCTIONS}


def slug_of(name: str, fallback: str = "table") -> str:
    """Small ASCII letters, digits and ``_``, never empty, never a word of the language."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    slug = _OTHER.sub("_", plain).strip("_")[:40].rstrip("_") or fallback
    if slug[0].isdigit():
        slug = f"{fallback}_{slug}"
    return f"{slug}_{fallback}" if slug in _RESERVED or keyword.iskeyword(slug) else slug


class Names:
    """Gives each name once; what is in ``taken`` is never given.

    Args:
        taken: Names that would be mistaken for something else: the columns of all tables.
    """

    def __init__(self, taken: set[str]) -> None:
        self._taken = {name.casefold() for name in taken}

    def give(self, wish: str) -> str:
        """``wish``, or with a number behind it when it is taken."""
        found, number = wish, 2
        while found.casefold() in self._taken:
            found, number = f"{wish}_{number}", number + 1
        self._taken.add(found.casefold())
        return found


def in_expression(name: str, view: str = "") -> str:
    """A column as an expression writes it, ``view.current.`` in front when a view is named."""
    prefix = f"{view}.current." if view else ""
    is_plain = (
        _IDENTIFIER.fullmatch(name)
        and not keyword.iskeyword(name)
        and name not in WORDS
        and (bool(prefix) or name not in ("true", "false", "null"))
        and unicodedata.normalize("NFKC", name) == name
    )
    if is_plain:
        return prefix + name
    is_simple = name.isprintable() and not set("'\\") & set(name)
    return f"col('{prefix}{name}')" if is_simple else f"col({json.dumps(prefix + name, ensure_ascii=False)})"


def toml_text(text: str) -> str:
    """A text as TOML writes it, on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
