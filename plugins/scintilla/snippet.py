"""Texts with places to fill in: ``for ${1:one} in ${2:all}:$0``, by the protocol's grammar. No Qt here."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = re.compile(r"\$(\d+)|\$\{(\d+)")
_NAME = re.compile(r"\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)")
#: Deeper nesting is taken for text.
_DEEPEST = 20


class Snippet(NamedTuple):
    """What is put in.

    Attributes:
        text: All of it, with the texts that stand in places to be filled in.
        stops: Parts that are gone to, in order, each with all places where the same stands: (start, stop) in letters.
    """

    text: str
    stops: tuple[tuple[tuple[int, int], ...], ...]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.place, self.out = text, 0, ""
        self.stops: dict[int, list[tuple[int, int]]] = {}
        self.values: dict[int, str] = {}

    def read(self, end: str, depth: int) -> None:
        """Read up to a letter of ``end``, or to the end of all."""
        while self.place < len(self.text):
            letter = self.text[self.place]
            if letter in end:
                return
            if letter == "\\" and self.text[self.place + 1 : self.place + 2] in tuple("\\$}|,"):
                self.out += self.text[self.place + 1]
                self.place += 2
            elif letter == "$" and depth < _DEEPEST and self._read_stop(depth):
                continue
            else:
                self.out += letter
                self.place += 1

    def _read_stop(self, depth: int) -> bool:
        found = _NUMBER.match(self.text, self.place)
        name = _NAME.match(self.text, self.place) if found is None else None
        match = found or name
        if match is None:
            return False
        self.place = match.end()
        start = len(self.out)
        is_open = match[0][1] == "{"
        if is_open:
            self._read_inside(depth)
        if found is not None:
            number = int(found[1] or found[2])
            if len(self.out) == start and number in self.values:
                self.out += self.values[number]
            self.values.setdefault(number, self.out[start:])
            self.stops.setdefault(number, []).append((start, len(self.out)))
        return True

    def _read_inside(self, depth: int) -> None:
        sign = self.text[self.place : self.place + 1]
        if sign == ":":
            self.place += 1
            self.read("}", depth + 1)
        elif sign == "|":
            self.place += 1
            self.read(",|", depth + 1)
            end = self.text.find("|}", self.place)
            self.place = end + 1 if end >= 0 else len(self.text)
        else:
            # A transformation: what it makes of a text is not worked out, so nothing stands there.
            end = self.text.find("}", self.place)
            self.place = end if end >= 0 else len(self.text)
        self.place += 1


def read_snippet(text: str) -> Snippet:
    """The text and its places; the last one is where ``$0`` stands, or the end."""
    reader = _Reader(text)
    reader.read("", 0)
    last = reader.stops.pop(0, [(len(reader.out), len(reader.out))])
    stops = [tuple(reader.stops[number]) for number in sorted(reader.stops)]
    return Snippet(reader.out, (*stops, tuple(last)))
