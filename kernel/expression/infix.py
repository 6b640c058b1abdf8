"""Infix words (``name contains "x"``) made readable for Python's parser, every position kept.

A word stands between two operands, where Python allows no name; it becomes ``is`` and blanks, an operator
of comparison precedence that the language otherwise refuses.
"""

from __future__ import annotations

import keyword
import re

from kernel.expression.operation import WORDS

#: Texts, names, numbers and single characters.
TOKEN = re.compile(r"""\s+|[^\W\d]\w*|\d[\w.]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|.""", re.DOTALL)


def rewrite(text: str) -> tuple[str, dict[int, str]]:
    """The text with infix words replaced, and position (in characters) → word."""
    parts: list[str] = []
    words: dict[int, str] = {}
    is_after_operand = False
    is_after_dot = False
    for match in TOKEN.finditer(text):
        token = match.group()
        if token.isspace():
            parts.append(" " * len(token))
            continue
        if token in WORDS and is_after_operand and not is_after_dot:
            words[match.start()] = token
            parts.append("is".ljust(len(token)))
            is_after_operand = False
            continue
        parts.append(token)
        is_name = token[0].isalpha() or token[0] == "_"
        is_constant = token in ("True", "False", "None")
        is_after_operand = (
            (is_name and (is_constant or is_after_dot or not keyword.iskeyword(token)))
            or token[0].isdigit() or token[0] in "'\")]"
        )
        is_after_dot = token == "."
    return "".join(parts), words
