"""JSON lines: an object a line, its columns the names that a sample of lines has; nested values stay JSON text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from kernel.tables.error import SourceError
from kernel.tables.files.place import OpenFile
from kernel.tables.files.rows import RowIndex
from kernel.tables.files.shape import SAMPLE_BYTES, SAMPLE_ROWS, made_schema, told_types
from kernel.tables.files.value import values_of
from kernel.tables.local.scan import Rows

#: The column of lines that are no object; they stand in it as they are.
PROBLEM = "problem"
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUE = msgspec.json.Decoder(float_hook=Decimal)
#: Types whose JSON is a text that is read as a cell is.
_FROM_TEXT = ("date", "time", "datetime")


class LineRows(Rows):
    """Rows of lines; each is its names' raw JSON, or the line itself where it is no object."""

    def __init__(self, positions: Sequence[int], lines: list[Any], content: LineContent, part: float) -> None:
        super().__init__(positions, {}, part)
        self._lines = lines
        self._content = content

    def column(self, name: str) -> Sequence[Any]:
        """See :class:`Rows`."""
        return self._content.values(name, self._lines)

    def picked(self, places: Sequence[int]) -> Rows:
        """See :class:`Rows`."""
        lines = [self._lines[place] for place in places]
        return LineRows([self.positions[place] for place in places], lines, self._content, self.part)


class LineContent:
    """A file of JSON lines at one stamp; see :class:`kernel.tables.files.text_scan.Content`.

    Raises:
        SourceError: no line of the beginning is an object.
    """

    has_plain_bytes = False
    rewritten: frozenset[str] = frozenset()

    def __init__(self, file: OpenFile, name: str, told: Mapping[str, Any]) -> None:
        self.file = file
        sample = file.read(0, SAMPLE_BYTES)
        start = 3 if sample.startswith(b"\xef\xbb\xbf") else 0
        self.index = RowIndex(file, start)
        if len(sample) < file.stamp.size:
            whole = sample[start:].rpartition(b"\n")[0]
            sample = b"" if not whole else whole + b"\n"
            if not whole:  # one line longer than the sample
                while not self.index.reach(0):
                    self.index.grow()
                begin, end, _ = self.index.span(0, 1)
                sample = file.read(begin, end)
        else:
            sample = sample[start:]
        lines = [_parsed(line) for line in _lines(sample)[:SAMPLE_ROWS]]
        objects = [line for line in lines if isinstance(line, dict)]
        if lines and not objects:
            raise SourceError(f"{file.path.name} has no JSON objects in its lines",
                              hint="each line must be one object: {\"name\": \"…\"}")
        named = told_types(name, told)
        names = list(dict.fromkeys([*(name for line in objects for name in line), *named]))
        self._has_problem = len(objects) < len(lines) and PROBLEM not in names
        self._types = {name: "text" for name in names}
        raw = {name: [_value(line.get(name)) for line in objects] for name in names}
        guessed = {name: _guess(values) for name, values in raw.items()}
        if self._has_problem:
            guessed[PROBLEM] = "text"
        self.schema = made_schema(name, guessed, raw, told)
        self._types = {column.name: column.type for column in self.schema.columns}
        self._first = next(iter(self._types), "")

    def rows(self, stored: bytes, first: int, part: float) -> Rows:
        """See :class:`kernel.tables.files.text_scan.Content`."""
        lines = [_parsed(line) for line in _lines(stored)]
        return LineRows(range(first, first + len(lines)), lines, self, part)

    def values(self, name: str, lines: Sequence[Any]) -> list[Any]:
        """The values of one column in those lines."""
        if self._has_problem and name == PROBLEM:
            return [None if isinstance(line, dict) else line for line in lines]
        shown = name == self._first and not self._has_problem
        values = [_value(line.get(name)) if isinstance(line, dict) else line if shown else None for line in lines]
        return _typed(self._types[name], values)


def _lines(stored: bytes) -> list[bytes]:
    return stored.removesuffix(b"\n").split(b"\n") if stored else []


def _parsed(line: bytes) -> Any:
    """The object's names with their raw JSON; a line that is none as text, or as bytes when it is no text."""
    try:
        return _OBJECT.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        pass
    try:
        return line.removesuffix(b"\r").decode() or None
    except UnicodeDecodeError:
        return line


def _value(raw: msgspec.Raw | None) -> Any:
    """The value of raw JSON; lists and objects as their JSON text."""
    if raw is None:
        return None
    stored = bytes(raw)
    if stored[:1] in b"{[":
        return stored.decode()
    try:
        return _VALUE.decode(stored)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError):
        return stored.decode(errors="replace")


def _guess(values: Sequence[Any]) -> str:
    """The type that all values have which are not null."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, Decimal}:
        return "decimal"
    if kinds == {str}:
        from kernel.tables.files.value import guess_type

        guessed = guess_type([value for value in values if value is not None])
        return guessed if guessed in _FROM_TEXT else "text"
    return "text"


def _typed(type_: str, values: list[Any]) -> list[Any]:
    """Values as the column's type has them, where they mean the same."""
    if type_ in _FROM_TEXT:
        read = values_of(type_, [value if isinstance(value, str) else "" for value in values])
        moments = (datetime.date, datetime.time)
        return [one if isinstance(one, moments) else value for one, value in zip(read, values, strict=True)]
    if type_ == "decimal":
        return [Decimal(value) if type(value) is int else value for value in values]
    if type_ == "real":
        return [float(value) if type(value) in (int, Decimal) else value for value in values]
    return values
