"""The order of values that every source keeps: nulls, numbers, texts as people look for them, bytes.

Texts go by their letters without case and accents (Élise among the E's), then by their accents; case makes no
difference. Of texts in plain ASCII this is the order of SQLite's ``COLLATE NOCASE``.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from kernel.expression.operation import text_of

#: Marks above and below letters, as they stand behind the letter in a taken apart text.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
#: Letters that Unicode does not take apart, in small.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"})


class _Folded(dict[int, str]):
    """Character → its small letters without marks, worked out when it is met for the first time."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code).casefold())
        self[code] = folded = _MARKS.sub("", apart).casefold().translate(_LETTERS)
        return folded


_FOLDED = _Folded()
#: Letters of a text that are folded at once: Python's lock is held meanwhile.
_PIECE = 1 << 15
Row = TypeVar("Row")


def text_key(text: str) -> bytes:
    """What to sort a text by, compared byte by byte."""
    if len(text) > _PIECE:
        return _long_key(text)
    if text.isascii():
        return text.lower().encode()
    return f"{text.translate(_FOLDED)}\0{text.casefold()}".encode(errors="surrogatepass")


def _long_key(text: str) -> bytes:
    """The same piece by piece, since letters are folded one by one."""
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    if text.isascii():
        return b"".join(piece.lower().encode() for piece in pieces)
    folded, small = (
        b"".join(fold(piece).encode(errors="surrogatepass") for piece in pieces)
        for fold in (lambda piece: piece.translate(_FOLDED), str.casefold)
    )
    return folded + b"\0" + small


def order_key(value: Any) -> tuple[int, Any]:
    """What to sort a value by."""
    if value is None:
        return 0, 0
    if isinstance(value, str):
        return 2, text_key(value)
    if isinstance(value, datetime.date | datetime.time):
        return 2, text_of(value).encode()
    if isinstance(value, bytes):
        return 3, value
    if isinstance(value, list):  # an expression can make one
        return 4, repr(value)
    return 1, value


def exact_key(values: Sequence[Any]) -> tuple[Any, ...]:
    """What to sort a row's key by: as :func:`order_key`, but texts by their exact letters."""
    return tuple(
        (2, value.encode(errors="surrogatepass")) if isinstance(value, str) else order_key(value) for value in values
    )


def sort_rows(rows: list[Row], keys: Sequence[tuple[Callable[[Row], Any], bool]]) -> None:
    """Sort in place by (row → value, is descending), most important first; ties stay as they are."""
    for value_of, is_descending in reversed(keys):
        rows.sort(key=lambda row, value_of=value_of: order_key(value_of(row)), reverse=is_descending)
