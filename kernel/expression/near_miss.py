"""What a text that is no expression probably meant: other languages' operators, and infix words nearly right."""

from __future__ import annotations

import keyword
import re
from typing import NamedTuple

from kernel.expression.infix import TOKEN
from kernel.expression.operation import WORDS
from kernel.nearest import did_you_mean

#: Operators of other languages → how they are written here.
_OPERATORS = {"&&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!=", "=": "==", "!": "not"}
#: Words of other languages → how they are written here.
_SYNONYMS = {
    "like": "contains", "includes": "contains", "has": "contains", "begins": "startswith", "starts": "startswith",
    "ends": "endswith", "equals": "==", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}
#: Words that may follow an operand.
_BETWEEN = (*WORDS, "and", "or", "in", "not", "if", "else")
_OPERATOR = re.compile(r"[=!<>&|]+")


class NearMiss(NamedTuple):
    """What is written, its offset in characters, and the hint."""

    written: str
    offset: int
    hint: str


def find_near_miss(text: str) -> NearMiss | None:
    """The first word or operator of ``text`` that the language has under another name, or None."""
    end = 0
    is_after_operand = False
    for match in TOKEN.finditer(text):
        token = match.group()
        if token.isspace() or match.start() < end:
            continue
        if operator := _OPERATOR.match(text, match.start()):
            if operator.group() in _OPERATORS:
                return NearMiss(operator.group(), match.start(), f"write {_OPERATORS[operator.group()]}")
            end, is_after_operand = operator.end(), False
            continue
        is_name = token[0].isalpha() or token[0] == "_"
        if is_name and is_after_operand and token not in _BETWEEN:
            meant = _SYNONYMS.get(token.lower())
            hint = f"write {meant}" if meant else did_you_mean(token, _BETWEEN)
            return NearMiss(token, match.start(), hint) if hint else None
        is_operand = (is_name and not keyword.iskeyword(token)) or token[0].isdigit() or token[0] in "'\")]"
        is_after_operand = is_operand and token not in WORDS
    return None
