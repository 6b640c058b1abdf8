"""A column of ASCII texts in small letters, one after the other, to look for a text in all of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

import numpy as np

from kernel.tables.sqlite.coding import Texts
from kernel.tables.sqlite.mirror.scratch import Scratch
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.stop import check_interrupt

_BORDER = 31
#: Bytes of the texts of one column.
_MOST_BYTES = 2 << 30
#: Bytes that are taken at a time.
_ROOM = 16 << 20


class Letters(Texts):
    """Reads the texts of a part into a file, and answers where they stand there: offset, bytes and rows.

    Args:
        sql: The column.
    """

    def __init__(self, sql: str) -> None:
        super().__init__(sql, True)
        self._lock = threading.Lock()
        self._end = 0
        self._room = 0
        self.scratch = Scratch()

    def codes(self, text: bytes, count: int) -> tuple[np.ndarray, int]:
        """The part's place, and how many texts are null or look so."""
        texts, nulls = self.joined(text, count)
        if not texts.isascii() or b"\0" in texts:
            raise MisfitError
        letters = texts.lower()
        with self._lock:
            start = self._end
            self._end += len(letters)
            if self._end > _MOST_BYTES:
                raise MisfitError
            while self._room < self._end:
                self.scratch.grow(_ROOM)
                self._room += _ROOM
            self.scratch.write(start, letters)
        return np.array([start, len(letters), count], np.int64), nulls


class TextColumn:
    """The column of one state of the file.

    Args:
        letters: What read its texts.
        parts: The places of its parts, in the order of the rows; a part without rows has none.
    """

    memory = 100_000

    def __init__(self, letters: Letters, parts: Sequence[np.ndarray]) -> None:
        self._letters = letters
        self._parts = [tuple(map(int, part)) for part in parts if len(part)]
        self._reading = threading.Lock()

    def containing(self, text: str) -> np.ndarray:
        """For each row whether its text contains another one, which is not empty and in small letters."""
        mask = np.zeros(sum(count for _, _, count in self._parts), bool)
        if not text.isascii():
            return mask
        find = re.compile(re.escape(text.encode())).finditer
        first = 0
        for start, size, count in self._parts:
            check_interrupt()
            texts = bytearray(size)
            with self._reading:
                self._letters.scratch.read_into(start, memoryview(texts))
            hits = [match.start() for match in find(texts)]
            if hits:
                borders = np.flatnonzero(np.frombuffer(texts, np.uint8) == _BORDER)
                mask[first + np.searchsorted(borders, hits)] = True
            first += count
        return mask
