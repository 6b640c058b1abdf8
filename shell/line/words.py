"""A command's line as words, each with its place: ``table.filter orders "total > 100"``. No Qt here.

Words are separated by spaces; quotes of either kind keep spaces in a word, a backslash takes the next sign as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kernel.words import say
from shell.command import LineError

_QUOTES = "\"'"


class LineWord(NamedTuple):
    """One word of a line.

    Attributes:
        text: Without its quotes.
        begin, end: Where it stands, quotes included.
        is_open: Whether its quote is not closed.
    """

    text: str
    begin: int
    end: int
    is_open: bool = False


def words_of(line: str) -> list[LineWord]:
    """The words of a line, also of one that is being typed, whose last quote is open."""
    found: list[LineWord] = []
    at, length = 0, len(line)
    while at < length:
        if line[at].isspace():
            at += 1
            continue
        word = _word(line, at)
        found.append(word)
        at = word.end
    return found


def _word(line: str, begin: int) -> LineWord:
    at, quote, letters = begin, "", []
    while at < len(line) and (quote or not line[at].isspace()):
        sign = line[at]
        if sign == "\\" and quote != "'" and at + 1 < len(line):
            at += 1
            letters.append(line[at])
        elif quote:
            if sign == quote:
                quote = ""
            else:
                letters.append(sign)
        elif sign in _QUOTES:
            quote = sign
        else:
            letters.append(sign)
        at += 1
    return LineWord("".join(letters), begin, at, bool(quote))


def closed_words(line: str) -> list[LineWord]:
    """The words of a line that is whole.

    Raises:
        LineError: a quote is not closed.
    """
    found = words_of(line)
    if found and found[-1].is_open:
        raise LineError(say("a quote is not closed"))
    return found


def quoted(value: Any) -> str:
    """A value as one word: as it stands where that can be, else in quotes."""
    text = _text(value)
    if text and not any(sign.isspace() or sign in "\\\"'" for sign in text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(value: Any) -> str:
    """A value as people write it, where Python writes it otherwise."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def line_of(command: str, arguments: dict[str, Any], order: Sequence[str] = ()) -> str:
    """The line that runs a command with these arguments.

    Args:
        command: Its id.
        arguments: Name → value; None counts as left out.
        order: The names in the order in which the command takes them; those at its beginning go without their names.
    """
    left = {name: value for name, value in arguments.items() if value is not None}
    words = [command]
    for name in order:
        if name not in left or "=" in str(left[name]):
            break
        words.append(quoted(left.pop(name)))
    words += [quoted(f"{name}={_text(value)}") for name, value in left.items()]
    return " ".join(words)
