"""Texts as SQL has them in small letters, exactly as Python folds them: by the few characters that matter."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from kernel.tables.order import text_key

#: Whether a text is ASCII; the database's encoding is UTF-8.
IS_ASCII = "octet_length({0}) = char_length({0})"
#: Behind the last character that has small letters.
_LAST = 0x1F000
#: Characters with letters of their own in an order's key that SQL is asked to replace.
MOST_LETTERS = 400
#: Texts looked at together for such characters, and characters of each.
_MOST_TEXTS, _MOST_SHOWN = 1_000, 2_000


@functools.cache
def _folding() -> dict[str, list[tuple[str, str]]]:
    """Character of a folded text → (character, its folded text) of those that have it, ASCII left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code in range(0x80, _LAST):
        letter = chr(code)
        folded = letter.casefold()
        if folded != letter and not 0xD800 <= code < 0xE000:
            for part in set(folded):
                found.setdefault(part, []).append((letter, folded))
    return found


def folded_for(sql: str, pattern: str) -> tuple[str, tuple[str, ...]]:
    """SQL of a text folded so far that looking for ``pattern`` finds what it finds in the whole folded text.

    Args:
        sql: The text.
        pattern: What is looked for, folded.
    """
    pairs = {pair for part in set(pattern) for pair in _folding().get(part, ())}
    lowered = f'lower({sql} COLLATE "C")'
    if not pairs:
        return lowered, ()
    replaced, parameters = _replaced(lowered, sorted(pairs))
    return f"(CASE WHEN {IS_ASCII.format(sql)} THEN {lowered} ELSE {replaced} END)", parameters


def order_terms(sql: str, letters: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """What to order texts by instead of ``sql``, with the order of :func:`kernel.tables.order.text_key`.

    Args:
        sql: The texts.
        letters: The characters beyond ASCII that are in them.
    """
    lowered = f'lower({sql} COLLATE "C")'
    keys = {letter: text_key(letter).decode().split("\0") for letter in letters}
    if not keys:
        return [(lowered, ())]
    plain, first = _replaced(lowered, [(one, key[0]) for one, key in keys.items() if key[0] != one])
    exact, second = _replaced(lowered, [(one, key[1]) for one, key in keys.items() if key[1] != one])
    is_ascii = IS_ASCII.format(sql)
    return [
        (f"(CASE WHEN {is_ascii} THEN {lowered} ELSE {plain} END)", first),
        (f"(CASE WHEN {is_ascii} THEN '' ELSE {exact} END) COLLATE \"C\"", second),
    ]


def _replaced(sql: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """SQL with characters replaced by one character, by none or by several."""
    pairs = list(pairs)
    single = [pair for pair in pairs if len(pair[1]) == 1] + [pair for pair in pairs if not pair[1]]
    parameters: tuple[str, ...] = ()
    if single:
        # What has no partner in the second text is left out by translate.
        sql = f"translate({sql}, %s, %s)"
        parameters = ("".join(one for one, _ in single), "".join(other for _, other in single))
    for one, other in pairs:
        if len(other) > 1:
            sql = f"replace({sql}, %s, %s)"
            parameters += (one, other)
    return sql, parameters


def letters_sql(sql: str, source: str) -> str:
    """SQL that lists what some texts of a column hold beyond ASCII and the characters that are known.

    Its parameter, given twice, is a bracket expression of what is known, without the brackets.
    """
    # NOTE: a regular expression looks at each character once, translate at each for each that it shall leave out.
    return (f"SELECT left(regexp_replace({sql}, '[' || %s || ']+', '', 'g'), {_MOST_SHOWN}) FROM {source}"
            f" WHERE octet_length({sql}) <> char_length({sql}) AND {sql} ~ ('[^' || %s || ']') LIMIT {_MOST_TEXTS}")


def letters_of(look: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """The characters beyond ASCII in a column, or more of them than :data:`MOST_LETTERS`.

    Args:
        look: Answers what :func:`letters_sql` lists with a parameter.
    """
    found: set[str] = set()
    while len(found) <= MOST_LETTERS:
        more = set("".join(look("\x01-\x7f" + "".join(sorted(found))))) - found
        if not more:
            break
        found |= more
    return frozenset(found)
