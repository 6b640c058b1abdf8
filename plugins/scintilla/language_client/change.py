"""What of a text is another than it was, as the protocol tells it; places in texts that are not open. No Qt here."""

from __future__ import annotations

import re
from typing import NamedTuple

from plugins.api import common_end, common_start

_LINE = re.compile(rb"\r\n|\n|\r")


class Changed(NamedTuple):
    """A part of the old text, as lines and characters, and what stands there now."""

    start: tuple[int, int]
    stop: tuple[int, int]
    text: str


def change_between(old: bytes, new: bytes, encoding: str) -> Changed | None:
    """The one part by which two texts differ; None where they do not.

    Args:
        old: UTF-8, as the server knows it.
        new: UTF-8.
        encoding: The units of characters: ``utf-8``, ``utf-16`` or ``utf-32``.
    """
    if old == new:
        return None
    start = common_start(old, new)
    back = common_end(old, new, min(len(old), len(new)) - start)
    # Between letters and not within a line end of two bytes, or the places would be others for the server.
    while start and (_is_within(old, start) or _is_within(new, start)):
        start -= 1
    while back and (_is_within(old, len(old) - back) or _is_within(new, len(new) - back)):
        back -= 1
    stop = len(old) - back
    first = line_and_rest(old, start, encoding)
    return Changed(first, _further(old, start, stop, first, encoding), new[start : len(new) - back].decode())


def _is_within(text: bytes, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    return text[place] & 0xC0 == 0x80 or text[place - 1 : place + 1] == b"\r\n"


def _further(text: bytes, start: int, stop: int, first: tuple[int, int], encoding: str) -> tuple[int, int]:
    part = text[start:stop]
    ends = [found.end() for found in _LINE.finditer(part)]
    if not ends:
        return first[0], first[1] + units(part, encoding)
    return first[0] + len(ends), units(part[ends[-1] :], encoding)


def line_and_rest(text: bytes, place: int, encoding: str) -> tuple[int, int]:
    """Line and character of a byte; both from 0."""
    before = text[:place]
    if b"\r" not in before:
        line, begin = before.count(b"\n"), before.rfind(b"\n") + 1
    else:
        ends = [found.end() for found in _LINE.finditer(before)]
        line, begin = len(ends), ends[-1] if ends else 0
    return line, units(before[begin:], encoding)


def units(text: bytes, encoding: str) -> int:
    """How many characters a text has, in the units of that encoding."""
    if encoding == "utf-8" or text.isascii():
        return len(text)
    letters = text.decode("utf-8", "replace")
    if encoding == "utf-32":
        return len(letters)
    return len(letters) + sum(letter > "\uffff" for letter in letters)


def byte_in(line: bytes, character: int, encoding: str) -> int:
    """The byte of a character of a line; the line's end where it is shorter."""
    if encoding == "utf-8" or line.isascii():
        return min(character, len(line))
    count = place = 0
    for letter in line.decode("utf-8", "replace"):
        if count >= character:
            break
        count += 2 if encoding == "utf-16" and letter > "\uffff" else 1
        place += len(letter.encode())
    return place


def line_starts(text: bytes) -> list[int]:
    """Where the lines begin."""
    return [0, *(found.end() for found in _LINE.finditer(text))]


def byte_of(text: bytes, starts: list[int], line: int, character: int, encoding: str) -> int:
    """The byte of a place; the end of the text for lines beyond it."""
    if line >= len(starts):
        return len(text)
    stop = starts[line + 1] if line + 1 < len(starts) else len(text)
    return starts[line] + byte_in(text[starts[line] : stop].rstrip(b"\r\n"), character, encoding)
