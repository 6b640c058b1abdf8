"""CHECK clauses as a table's SQL has them. SQLite's own message cuts one that begins with a quoted name."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Comments, texts, quoted names, words, single characters.
_TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|\w+|.", re.DOTALL)
_QUOTES = {'"': '"', "`": "`", "[": "]", "'": "'"}


class CheckClause(NamedTuple):
    """One clause.

    Attributes:
        name: The constraint's, empty without one.
        text: What stands in its brackets.
        names: The names in it, unquoted, in small letters.
    """

    name: str
    text: str
    names: frozenset[str]


def read_checks(sql: str) -> list[CheckClause]:
    """The CHECK clauses of a CREATE TABLE, in order."""
    tokens = [token for token in _TOKEN.findall(sql) if not token.startswith(("--", "/*"))]
    words = [(index, token) for index, token in enumerate(tokens) if not token.isspace()]
    clauses = []
    for place, (_, token) in enumerate(words):
        if token.upper() != "CHECK" or place + 1 >= len(words) or words[place + 1][1] != "(":
            continue
        inner = _inside(tokens, words[place + 1][0])
        is_named = place > 1 and words[place - 2][1].upper() == "CONSTRAINT"
        name = unquoted(words[place - 1][1]) if is_named else ""
        clauses.append(CheckClause(name, "".join(inner).strip(), _names(inner)))
    return clauses


def find_check(sql: str, told: str) -> CheckClause | None:
    """The clause that SQLite means when it says that the constraint ``told`` failed."""
    clauses = read_checks(sql)
    named = [clause for clause in clauses if clause.name and clause.name.lower() == told.lower()]
    if named:
        return named[0]
    squeezed = "".join(told.split())
    same = [clause for clause in clauses if not clause.name and "".join(clause.text.split()) == squeezed]
    cut = [clause for clause in clauses if not clause.name and clause.text[:1] in tuple(_QUOTES)
           and unquoted(_TOKEN.match(clause.text).group()) == told]  # type: ignore[union-attr]
    found = same or cut
    return found[0] if len(found) == 1 else None


def names_in(sql: str) -> frozenset[str]:
    """The names in a piece of SQL, unquoted, in small letters."""
    return _names(_TOKEN.findall(sql))


def _names(tokens: list[str]) -> frozenset[str]:
    return frozenset(unquoted(one).lower() for one in tokens if one[0] in '"`[_' or one[0].isalpha())


def unquoted(token: str) -> str:
    """A name without its quotes."""
    closing = _QUOTES.get(token[:1])
    return token[1:-1].replace(closing * 2, closing) if closing and len(token) > 1 else token


def _inside(tokens: list[str], opening: int) -> list[str]:
    """The tokens between the bracket at ``opening`` and the one that closes it."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index], 0)
        if not depth:
            return tokens[opening + 1 : index]
    return tokens[opening + 1 :]
