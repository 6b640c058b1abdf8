"""Where each row of a text file begins: every 64th row's place, found in steps as far as anybody reads."""

from __future__ import annotations

import re
import threading
from array import array
from bisect import bisect_right

import numpy

from kernel.tables.files.place import OpenFile

#: Rows from one place that is kept to the next.
STEP = 64
#: Bytes looked at in one step; and where quotes stand in odd places, which takes longer.
_CHUNK, _SMALL = 1 << 20, 1 << 16


class RowIndex:
    """The places of rows; grows in steps, read by any thread.

    Args:
        file: The file as it is at one stamp.
        start: The byte of the first row.
        unit: Bytes of a plain character, 1 or 2 (UTF-16).
        is_big: Whether of two bytes the first is the higher one.
        newline: What ends a row.
        quote: What keeps a newline within a cell; empty: nothing does.
        separator: What stands before a quote that opens.
        skip: 1 when the first row is none of the table.

    Attributes:
        count: Rows whose end is known.
        is_whole: Whether that is all of them.
    """

    def __init__(self, file: OpenFile, start: int, unit: int = 1, is_big: bool = False, newline: str = "\n",
                 quote: str = "", separator: str = ",", skip: int = 0) -> None:
        self._file = file
        self._unit = unit
        self._dtype = ">u2" if is_big else "<u2"
        self._newline = ord(newline)
        self._quote = ord(quote) if quote else -1
        self._openers = numpy.array([ord(separator), self._newline], numpy.uint8)
        opener = re.escape(separator.encode()) + b"|" + re.escape(newline.encode())
        mark = re.escape(quote.encode() or b"\0")
        self._outside = re.compile(rb"(?<=" + opener + rb")" + mark + rb"|" + re.escape(newline.encode()))
        self._inside = re.compile(mark + mark + rb"|" + mark)
        self._lock = threading.Lock()
        self._place = start
        self._last = self._newline  # the character before: a quote at the very beginning opens
        self._is_quoted = False
        self._begun = start
        self._skip = skip
        self.places = array("q", [start])
        self.count = 0
        self.is_whole = start >= file.stamp.size

    @property
    def part(self) -> float:
        """How much of the file was looked at."""
        return 1.0 if self.is_whole else self._place / max(self._file.stamp.size, 1)

    @property
    def guess(self) -> int:
        """How many rows the file may have, by what was seen of it."""
        if self.is_whole or not self.count:
            return max(self.count, 0 if self.is_whole else 1)
        seen = max(self._begun - self.places[0], 1)
        return max(self.count, int(self.count * (self._file.stamp.size - self.places[0]) / seen))

    def grow(self) -> None:
        """Look at some more of the file."""
        with self._lock:
            if not self.is_whole:
                self._grow()

    def reach(self, row: int) -> bool:
        """Whether the end of that row is known."""
        return self.is_whole or self.count > row

    def span(self, start: int, stop: int) -> tuple[int, int, int]:
        """(first byte, last byte + 1, row of the first byte) around rows ``start`` to ``stop``, as far as known."""
        first = min(start // STEP, len(self.places) - 1)
        last = -(-stop // STEP)
        end = self.places[last] if last < len(self.places) else self._begun
        return self.places[first], end, first * STEP

    def block_at(self, byte: int) -> int:
        """The row of the last kept place at or before a byte."""
        return (bisect_right(self.places, byte) - 1) * STEP

    def _grow(self) -> None:
        stop, size, whole = self._place, _CHUNK, self._file.stamp.size
        units = numpy.empty(0, numpy.uint8)
        while not len(units) and stop < whole:
            stop, size = min(self._place + size, whole), size * 2
            units = self._units(self._file.read(self._place, stop))
            if stop < whole:
                units = self._without_quotes_at_end(units)
        ends, used = self._ends(units)
        if used:
            self._last = int(units[used - 1])
        starts = self._place + (ends + 1) * self._unit
        if self._skip and len(starts):
            self.places[0], starts, self._skip = int(starts[0]), starts[1:], 0
            self._begun = self.places[0]
        number = self.count
        first = (-number - 1) % STEP
        self.places.extend(starts[first::STEP].tolist())
        self.count += len(starts)
        if len(starts):
            self._begun = int(starts[-1])
        self._place += used * self._unit
        if self._place + self._unit > self._file.stamp.size:
            self._finish()

    def _finish(self) -> None:
        """The last row needs no end."""
        if self._skip:
            self._begun = self.places[0] = self._file.stamp.size
        if self._begun < self._file.stamp.size:
            self.count += 1
            self._begun = self._file.stamp.size
        if len(self.places) > 1 and self.places[-1] >= self._file.stamp.size:
            self.places.pop()
        self.is_whole = True

    def _units(self, stored: bytes) -> numpy.ndarray:
        """Characters as bytes; what is no plain one is 255."""
        if self._unit == 1:
            return numpy.frombuffer(stored, numpy.uint8)
        wide = numpy.frombuffer(stored[: len(stored) // 2 * 2], self._dtype)
        return numpy.minimum(wide, 255).astype(numpy.uint8)

    def _without_quotes_at_end(self, units: numpy.ndarray) -> numpy.ndarray:
        """Quotes at the end of what is looked at are left for the next look: one more may follow."""
        for size in (_SMALL, len(units)):
            others = numpy.flatnonzero(units[-size:] != self._quote)
            if len(others):
                return units[: len(units) - min(len(units), size) + int(others[-1]) + 1]
        return units[:0]

    def _ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, int]:
        """(places of characters that end a row, how many characters were looked at)."""
        is_end = units == self._newline
        if self._quote < 0:
            return numpy.flatnonzero(is_end), len(units)
        quotes = numpy.flatnonzero(units == self._quote)
        if not len(quotes):
            return (numpy.flatnonzero(is_end) if not self._is_quoted else numpy.empty(0, numpy.int64)), len(units)
        if not self._is_regular(units, quotes):
            some = self._without_quotes_at_end(units[:_SMALL]) if len(units) > _SMALL else units
            return self._ends_one_by_one(some if len(some) else units)
        ends = numpy.flatnonzero(is_end)
        before = numpy.searchsorted(quotes, ends) + self._is_quoted
        self._is_quoted = bool((len(quotes) + self._is_quoted) % 2)
        return ends[before % 2 == 0], len(units)

    def _is_regular(self, units: numpy.ndarray, quotes: numpy.ndarray) -> bool:
        """Whether every quote that would open stands where a cell begins, or doubles the one before it.

        Every one that would close must end its cell, or be doubled.
        """
        before = numpy.where(quotes > 0, units[quotes - 1], self._last)
        after = units[numpy.minimum(quotes + 1, len(units) - 1)]
        opens = (numpy.arange(len(quotes)) + self._is_quoted) % 2 == 0
        doubles = numpy.zeros(len(quotes), bool)
        doubles[1:] = quotes[1:] == quotes[:-1] + 1
        can_open = numpy.isin(before, self._openers) | doubles
        can_close = numpy.isin(after, self._openers) | (after == 13) | (after == self._quote)
        return bool(numpy.all(numpy.where(opens, can_open, can_close)))

    def _ends_one_by_one(self, units: numpy.ndarray) -> tuple[numpy.ndarray, int]:
        """As :meth:`_ends`, for quotes within cells that are not quoted; these mean nothing."""
        lead = bytes((self._last,))
        text = lead + units.tobytes()
        ends: list[int] = []
        place = 1
        while place < len(text):
            if self._is_quoted:
                found = self._inside.search(text, place)
                if found is None:
                    break
                self._is_quoted = found.end() - found.start() == 2
            else:
                found = self._outside.search(text, place)
                if found is None:
                    break
                if text[found.start()] == self._newline:
                    ends.append(found.start() - 1)
                else:
                    self._is_quoted = True
            place = found.end()
        return numpy.array(ends, numpy.int64), len(units)
