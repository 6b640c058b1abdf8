"""What is being written at a place of a TOML file, however unfinished it is."""

from __future__ import annotations

import re
from typing import NamedTuple

_HEADER = re.compile(r"^[ \t]*\[\[?([^\]\r\n]*)\]?\]?", re.MULTILINE)
_LINE = re.compile(r"""^[ \t]*(?P<key>"[^"\r\n]*"?|'[^'\r\n]*'?|[\w.-]*)[ \t]*(?P<equals>=)?[ \t]*(?P<value>.*)$""")


class TomlPlace(NamedTuple):
    """A place of a TOML file.

    Attributes:
        table: The header above (``sources.desk``), empty above the first.
        key: The key of the line, without quotes.
        is_value: Whether its value is meant.
        partial: What stands there before the cursor, without an opening quote.
        start: Where that begins, in characters from 0.
        quote: The open quote, or empty.
        is_header: Whether it is a header itself.
    """

    table: str
    key: str
    is_value: bool
    partial: str
    start: int
    quote: str = ""
    is_header: bool = False


def toml_place(text: str, offset: int) -> TomlPlace:
    """What stands before a character of the text, on its line."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    headers = _HEADER.findall(text, 0, start)
    table = headers[-1].strip() if headers else ""
    line = text[start:offset]
    if line.lstrip().startswith("["):
        partial = line.lstrip(" \t[")
        return TomlPlace(table, "", False, partial, offset - len(partial), is_header=True)
    match = _LINE.match(line)
    if match is None or "#" in line.partition("=")[0]:
        return TomlPlace(table, "", True, "", offset)
    key = match["key"].strip("\"'")
    if not match["equals"]:
        return TomlPlace(
            table, key, False, key, offset - len(match["key"]), match["key"][:1] if key != match["key"] else ""
        )
    value = match["value"]
    quoted = re.search(r"""(["'])((?:(?!\1).)*)$""", value) if _is_open(value) else None
    if quoted:
        return TomlPlace(table, key, True, quoted[2], offset - len(quoted[2]), quoted[1])
    word = re.search(r"[\w.-]*$", value)
    partial = word[0] if word else ""
    return TomlPlace(table, key, True, partial, offset - len(partial))


def whole_word(text: str, offset: int) -> tuple[int, int]:
    """The first character, and the one behind the last, of the word or quoted text at a place."""
    start, stop = offset, offset
    while start and re.match(r"[\w.+/-]", text[start - 1]):
        start -= 1
    while stop < len(text) and re.match(r"[\w.+/-]", text[stop]):
        stop += 1
    return start, stop


def _is_open(value: str) -> bool:
    quote = ""
    for letter in value:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
    return bool(quote)
