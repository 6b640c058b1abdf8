"""The dotted names of an expression with their places; wrong and unfinished expressions have names too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|[^\W\d]\w*(?:\.[^\W\d]\w*)*|\d[\w.]*|[()]|\.\w+|.""", re.DOTALL
)
#: Words of expressions that name nothing.
WORDS = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "contains", "startswith", "endswith", "matches", "true", "false",
     "null", "True", "False", "None")
)  # fmt: skip


class DottedName(NamedTuple):
    """One name: its parts, where it begins, whether it is called, and the call of a table's figure around it."""

    text: str
    offset: int
    is_call: bool = False
    inside: str = ""


def names_in(text: str) -> Iterator[DottedName]:
    """The names of an expression, in order."""
    calls: list[str] = []
    tokens = [match for match in _TOKEN.finditer(text) if not match.group().isspace()]
    for index, match in enumerate(tokens):
        token = match.group()
        if token == "(":
            before = tokens[index - 1].group() if index else ""
            calls.append(before if "." in before and before[0] not in "'\"" else "")
        elif token == ")":
            if calls:
                calls.pop()
        elif (token[0].isalpha() or token[0] == "_") and token not in WORDS:
            is_call = index + 1 < len(tokens) and tokens[index + 1].group() == "("
            yield DottedName(token, match.start(), is_call, next((one for one in reversed(calls) if one), ""))


def parts_of_template(text: str) -> Iterator[tuple[int, str]]:
    """The expressions in braces of a text, each with its offset; one without its closing brace goes to the end."""
    position = 0
    while (start := text.find("{", position)) >= 0:
        if text[start : start + 2] == "{{":
            position = start + 2
            continue
        end = _end(text, start + 1)
        yield start + 1, text[start + 1 : end]
        position = end + 1


def _end(text: str, position: int) -> int:
    quote = ""
    while position < len(text):
        letter = text[position]
        if quote:
            position += letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "}":
            return position
        position += 1
    return len(text)
