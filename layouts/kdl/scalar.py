"""Bare words, numbers and keywords of KDL 2: what a run of plain characters stands for."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

KEYWORDS: dict[str, Any] = {
    "#true": True,
    "#false": False,
    "#null": None,
    "#inf": math.inf,
    "#-inf": -math.inf,
    "#nan": math.nan,
}
#: Bare words that KDL 2 refuses, and how they are written.
RESERVED = {"true": "#true", "false": "#false", "null": "#null", "inf": "#inf", "-inf": "#-inf", "nan": "#nan"}

_DECIMAL = re.compile(r"[+-]?[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?")
_BASED = re.compile(r"([+-]?)0(?:x([0-9a-fA-F][0-9a-fA-F_]*)|o([0-7][0-7_]*)|b([01][01_]*))")
_LIKE_NUMBER = re.compile(r"[+-]?\.?[0-9]")
_MAX_DIGITS = 1_000


class Scalar(NamedTuple):
    """What a run of characters is; ``problem`` and ``hint`` are empty when it is right."""

    value: Any
    style: str
    problem: str = ""
    hint: str = ""


def read_scalar(word: str) -> Scalar:
    """The number or plain word that ``word`` is; a wrong one is answered with its problem and a likely value."""
    if word in RESERVED:
        right = RESERVED[word]
        return Scalar(
            KEYWORDS[right], "keyword", f"{word} is no plain word", f'write {right}, or "{word}" for the text'
        )
    if not _LIKE_NUMBER.match(word):
        return Scalar(word, "word")
    if len(word) > _MAX_DIGITS:
        return Scalar(0, "number", f"a number has at most {_MAX_DIGITS:,} digits")
    if _DECIMAL.fullmatch(word):
        plain = word.replace("_", "")
        return Scalar(int(plain) if plain.lstrip("+-").isdigit() else float(plain), "number")
    if based := _BASED.fullmatch(word):
        sign, hexadecimal, octal, binary = based.groups()
        digits, base = (hexadecimal, 16) if hexadecimal else (octal, 8) if octal else (binary, 2)
        number = int(digits.replace("_", ""), base)
        return Scalar(-number if sign == "-" else number, "number")
    return Scalar(word, "word", f"{word} is neither a number nor a plain word", f'for a text write "{word}"')


def read_keyword(word: str) -> Scalar:
    """The value of ``#true`` and its like."""
    if word in KEYWORDS:
        return Scalar(KEYWORDS[word], "keyword")
    return Scalar(word, "word", f"{word} is no keyword", f'#true, #false and #null are; for a text write "{word}"')
