"""Searching a text: words or Python's regular expressions, matches as parts in bytes, replacements. No Qt here.

Small texts are searched as letters, so that ``\\w`` and case know all of them. Larger ones are searched as the bytes
that they are, without a copy, where classes and case know ASCII alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from plugins.api import EspalierError, say
from plugins.scintilla.endless import ends, is_risky

#: From this size on, in bytes, a text is searched as bytes.
BYTES_FROM = 4 << 20
#: Bytes of such a text that are searched at once; where they are copied for that.
WINDOW, COPIED = 4 << 20, 1 << 18
#: Ends of lines and any letter as they are meant where lines end with a carriage return too.
_BEFORE_END, _NO_END = r"(?=\r?$)", r"[^\r\n]"


class FindError(EspalierError):
    """What is searched for is no regular expression."""


class Search(NamedTuple):
    """What is searched for, and how.

    Attributes:
        text: The words or the expression.
        is_expression: Whether it is a regular expression.
        has_case: Whether capitals differ from small letters.
        is_word: Whether only whole words count.
    """

    text: str
    is_expression: bool = False
    has_case: bool = False
    is_word: bool = False


class Match(NamedTuple):
    """A place where it stands, in bytes, with what Python's ``re`` knows of it."""

    start: int
    stop: int
    found: Any


def compiled(search: Search, *, is_bytes: bool, has_returns: bool = False) -> re.Pattern[Any]:
    """The pattern for letters or for bytes.

    Args:
        search: What is searched for.
        is_bytes: Whether bytes are searched.
        has_returns: Whether lines end with carriage returns, which ``$`` and ``.`` shall not see.

    Raises:
        FindError: it is no expression; the message says where.
    """
    text = search.text if search.is_expression else re.escape(search.text)
    if search.is_expression and has_returns:
        text = _without_returns(text)
    if search.is_word:
        text = rf"\b(?:{text})\b"
    flags = re.MULTILINE | (0 if search.has_case else re.IGNORECASE)
    try:
        return re.compile(text.encode("utf-8", "surrogatepass") if is_bytes else text, flags)
    except (re.error, OverflowError, RecursionError) as error:
        reason = str(getattr(error, "msg", "") or error or type(error).__name__)
        place = getattr(error, "pos", None)
        if place is None or search.is_word or has_returns:
            raise FindError(say("this is no regular expression: {reason}", reason=reason)) from error
        raise FindError(
            say("this is no regular expression: {reason} at letter {place}", reason=reason, place=place + 1)
        ) from error


def matches(search: Search, text: Any, start: int = 0, stop: int | None = None) -> Iterator[Match]:
    """All places from ``start`` to ``stop`` (bytes), in order; empty ones too. Arguments as :func:`looked_for`.

    Raises:
        FindError: see :func:`compiled`; at the first step.
    """
    return (found for found in looked_for(search, text, start, stop) if found is not None)


def looked_for(search: Search, text: Any, start: int = 0, stop: int | None = None) -> Iterator[Match | None]:
    """The same, with a None now and then while words are looked for in a large text: the caller may do something else.

    Args:
        search: What is searched for.
        text: The text in UTF-8: bytes, or what can be looked at like bytes.
        start: Where to begin.
        stop: Where to end; None = at the end.

    Raises:
        FindError: see :func:`compiled`; at the first step.
    """
    if not search.text:
        return
    length = len(text)
    stop = length if stop is None else min(stop, length)
    if length < BYTES_FROM and (letters := _letters(text)) is not None:
        pattern = compiled(search, is_bytes=False, has_returns="\r" in letters)
        _refuse_endless(search, pattern, text)
        yield from _in_letters(pattern, letters, start, stop)
        return
    pattern = compiled(search, is_bytes=True, has_returns=_has_returns(text))
    if not search.is_expression:
        yield from _in_windows(search, pattern, text, start, stop)
        return
    _refuse_endless(search, pattern, text)
    for found in pattern.finditer(text, start, stop):
        yield Match(found.start(), found.end(), found)


def replacement(search: Search, match: Match, template: str) -> bytes:
    """What takes the place of a match: the template, in expressions with its groups filled in.

    Raises:
        FindError: the template names a group that there is not.
    """
    if not search.is_expression:
        return template.encode("utf-8", "surrogatepass")
    is_bytes = isinstance(match.found.re.pattern, bytes)
    try:
        made = match.found.expand(template.encode("utf-8", "surrogatepass") if is_bytes else template)
    except (re.error, IndexError) as error:
        raise FindError(say("this replacement cannot be made: {reason}", reason=error)) from error
    return bytes(made) if is_bytes else made.encode("utf-8", "surrogatepass")


def _in_windows(
    search: Search, pattern: re.Pattern[bytes], text: Any, start: int, stop: int
) -> Iterator[Match | None]:
    """Words in a large text, window by window."""
    from plugins.scintilla.scan import scanner

    words = search.text.encode("utf-8", "surrogatepass")
    scan = scanner(text, words, has_case=search.has_case)
    find = scan or _copying(text, words, has_case=search.has_case)
    place = start
    while place < stop:
        end = min(place + (WINDOW if scan is not None else COPIED), stop)
        last = min(end + len(words) - 1, stop)
        at = find(place, last)
        while at >= 0:
            # The expression knows where words begin, and what it found is what replacements are made of.
            found = pattern.match(text, at, stop)
            if found is not None:
                end = max(end, found.end())
                yield Match(found.start(), found.end(), found)
            at = find(at + (len(words) if found is not None else 1), last)
        place = end
        yield None


def _copying(text: Any, words: bytes, *, has_case: bool) -> Callable[[int, int], int]:
    """The same as a scanner, by copies of small windows: without case three times as fast as an expression is."""
    wanted = words if has_case else words.lower()
    known: tuple[int, int, bytes] = (0, 0, b"")

    def find(start: int, stop: int) -> int:
        nonlocal known
        if not known[0] <= start <= stop <= known[1]:
            window = bytes(text[start:stop])
            known = start, stop, window if has_case else window.lower()
        at = known[2].find(wanted, start - known[0], stop - known[0])
        return known[0] + at if at >= 0 else -1

    return find


def _refuse_endless(search: Search, pattern: re.Pattern[Any], text: Any) -> None:
    """Search with nothing that would hold the window up without end."""
    if search.is_expression and is_risky(search.text) and not ends(pattern, text):
        raise FindError(say("this expression takes too long for this text; repeat less within what is repeated"))


def _letters(text: Any) -> str | None:
    """The text as letters, None where it is not all UTF-8: the bytes are searched then."""
    try:
        return bytes(text).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def _has_returns(text: Any) -> bool:
    return b"\r" in bytes(text[: 1 << 20])


def _in_letters(pattern: re.Pattern[str], letters: str, start: int, stop: int) -> Iterator[Match]:
    """Matches with their places counted in bytes."""
    if letters.isascii():
        for found in pattern.finditer(letters, start, stop):
            yield Match(found.start(), found.end(), found)
        return
    encoded = letters.encode("utf-8", "surrogatepass")
    first = len(encoded[:start].decode("utf-8", "surrogatepass"))
    last = len(encoded[:stop].decode("utf-8", "surrogatepass"))
    letter, place = first, start
    for found in pattern.finditer(letters, first, last):
        place += len(letters[letter : found.start()].encode("utf-8", "surrogatepass"))
        width = len(found[0].encode("utf-8", "surrogatepass"))
        yield Match(place, place + width, found)
        letter, place = found.end(), place + width


def _without_returns(text: str) -> str:
    """``$`` before a carriage return too, and ``.`` for none; both as they stand outside of classes and escapes."""
    made, is_class, is_escaped = [], False, False
    for index, letter in enumerate(text):
        if is_escaped:
            is_escaped = False
        elif letter == "\\":
            is_escaped = True
        elif is_class:
            is_class = letter != "]" or text[index - 1] == "["
        elif letter == "[":
            is_class = True
        elif letter in "$.":
            made.append(_BEFORE_END if letter == "$" else _NO_END)
            continue
        made.append(letter)
    return "".join(made)
