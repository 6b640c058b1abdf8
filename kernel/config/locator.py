"""Finds the place of every key and value of a TOML text, so that a problem can name line and column.

It reads as much as it understands and never fails: tomllib says whether the text is right, this says where.
Paths are tuples of keys, and of positions in arrays: ``("servers", "home")``, ``("option", 0, "name")``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kernel.error import Where

if TYPE_CHECKING:
    import tomllib

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_PLACE = re.compile(r"at line (\d+), column (\d+)")
_DEPTH = 100


class Span(NamedTuple):
    """Offsets in the text: of a key, and from the beginning to behind the end of its value."""

    key: int
    start: int
    end: int


class Places:
    """Where each path of one text stands; see :func:`locate`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.spans: dict[Path, Span] = {}
        #: Table headers: path → offset behind the header's line.
        self.tables: dict[Path, int] = {}

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        return self._text.count("\n", 0, offset) + 1, offset - (self._text.rfind("\n", 0, offset) + 1) + 1

    def where(self, file: str, path: Path, *, is_value: bool = False) -> Where:
        """The place of the path's key, or of its value; of its nearest enclosing table when it is not found."""
        while path:
            span = self.spans.get(path)
            if span:
                return Where(file, *self.position(span.start if is_value else span.key))
            path = path[:-1]
        return Where(file)


def locate(text: str) -> Places:
    """The places of all keys and values in ``text``."""
    places = Places(text)
    _Scanner(text, places).document()
    return places


def syntax_where(file: str, text: str, error: tomllib.TOMLDecodeError) -> Where:
    """The place that a TOML error speaks of; the end of the text when it names none."""
    match = _PLACE.search(str(error))
    if match:
        return Where(file, int(match[1]), int(match[2]))
    return Where(file, *Places(text).position(len(text)))


def syntax_message(error: tomllib.TOMLDecodeError) -> str:
    """What a TOML error says, without its place and with a small first letter."""
    message = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
    return message[:1].lower() + message[1:]


class _Scanner:
    """One walk over one text."""

    def __init__(self, text: str, places: Places) -> None:
        self.text = text
        self.places = places
        self.offset = 0
        self.arrays: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text.startswith("[", self.offset):
                table = self._header()
                continue
            before = self.offset
            self._pair(table, 0)
            if self.offset == before or not self._at_line_end():
                self._to_line_end()

    def _header(self) -> Path:
        start = self.offset
        is_array = self.text.startswith("[[", start)
        self.offset += 2 if is_array else 1
        keys = self._keys()
        path: Path = ()
        for position, (key, _) in enumerate(keys):
            path = (*path, key)
            if is_array and position == len(keys) - 1:
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
        self._to_line_end()
        self.places.tables[path] = self.offset
        for depth, (_, offset) in enumerate(keys, 1):
            self._keep(path[:depth], Span(offset, offset, self.offset))
        self._keep(path, Span(keys[-1][1] if keys else start, start, self.offset))
        return path

    def _pair(self, table: Path, depth: int) -> None:
        keys = self._keys()
        if not keys or not self._take("="):
            return
        path = table
        spans = []
        for key, offset in keys:
            path = (*path, key)
            spans.append((path, offset))
        self._skip(_SPACE)
        start = self.offset
        self._value(path, depth)
        for path, offset in spans:
            self._keep(path, Span(offset, start, self.offset))

    def _keep(self, path: Path, span: Span) -> None:
        if path:
            self.places.spans.setdefault(path, span)

    def _keys(self) -> list[tuple[str, int]]:
        keys: list[tuple[str, int]] = []
        while True:
            self._skip(_SPACE)
            start = self.offset
            match = _STRING.match(self.text, start) or _BARE.match(self.text, start)
            if not match:
                return keys
            self.offset = match.end()
            keys.append((_unquoted(match[0]), start))
            self._skip(_SPACE)
            if not self._take("."):
                return keys

    def _value(self, path: Path, depth: int) -> None:
        match = _STRING.match(self.text, self.offset)
        if match:
            self.offset = match.end()
        elif depth < _DEPTH and self._take("["):
            self._items(path, depth + 1)
        elif depth < _DEPTH and self._take("{"):
            self._members(path, depth + 1)
        else:
            scalar = _SCALAR.match(self.text, self.offset)
            self.offset += len(scalar[0].rstrip()) if scalar else 0

    def _items(self, path: Path, depth: int) -> None:
        index = 0
        while self._skip(_BLANK) < len(self.text) and not self._take("]"):
            start = self.offset
            self._value((*path, index), depth)
            self._keep((*path, index), Span(start, start, self.offset))
            index += 1
            self._skip(_BLANK)
            if not self._take(",") and self.offset == start:
                return

    def _members(self, path: Path, depth: int) -> None:
        while self._skip(_BLANK) < len(self.text) and not self._take("}"):
            start = self.offset
            self._pair(path, depth)
            self._skip(_BLANK)
            if not self._take(",") and self.offset == start:
                return

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.offset)
        self.offset = match.end() if match else self.offset
        return self.offset

    def _take(self, letter: str) -> bool:
        if not self.text.startswith(letter, self.offset):
            return False
        self.offset += len(letter)
        return True

    def _at_line_end(self) -> bool:
        self._skip(_SPACE)
        return self.offset >= len(self.text) or self.text[self.offset] in "\r\n#"

    def _to_line_end(self) -> None:
        end = self.text.find("\n", self.offset)
        self.offset = len(self.text) if end < 0 else end + 1


def _unquoted(text: str) -> str:
    """The key that a bare or quoted text stands for; itself when TOML does not understand it."""
    if text[0] not in "\"'":
        return text
    import tomllib

    try:
        return tomllib.loads(f"key = {text}")["key"]
    except tomllib.TOMLDecodeError:
        return text
