"""One column of a table as whole numbers in the order of its rows."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import numpy as np

from kernel.tables.sqlite.coding import Few, Many, Whole
from kernel.tables.sqlite.mirror.scratch import Scratch
from kernel.tables.sqlite.part_row import MisfitError
from kernel.tables.sqlite.stop import check_interrupt

#: Rows read at once.
STRETCH = 1 << 17
#: Types of what is stored, the smallest that fits.
_TYPES = (np.uint8, np.uint16, np.uint32, np.uint64)


class Column:
    """The column of one state of the file; its file goes with it, and with the process whatever ends that.

    Args:
        coding: What made its codes.
        parts: The raw codes of its parts, in their order.
        count: Rows.

    Attributes:
        count: Rows.
        size: Its ranks are below it.
        memory: Bytes that it holds beside its file, about.
        least: The value of rank 1 of a column of numbers; 0 when there is none.

    Raises:
        MisfitError: there is no room, or its texts are too long to be ranked.
    """

    def __init__(self, coding: Whole | Few | Many, parts: Iterable[np.ndarray], count: int) -> None:
        self.coding = coding
        self.count = count
        self.size = coding.size()
        self.least = coding.least if isinstance(coding, Whole) else 0
        most = len(coding.texts) if isinstance(coding, Few) else self.size
        if most > 2**64:
            raise MisfitError
        self._type = next(kind for kind in _TYPES if most <= 2 ** (8 * kind().nbytes))
        self._reading = threading.Lock()
        self.memory = 1000 + 200 * len(coding.texts) if isinstance(coding, Few) else 1000
        self._scratch = Scratch(count * self._type().nbytes)
        end = 0
        for part in parts:
            check_interrupt()
            codes = part if isinstance(coding, Few) else coding.final(part.copy())
            stored = codes.astype(self._type)
            self._scratch.write(end, stored.data)
            end += stored.nbytes

    def numbers(self, start: int, stop: int) -> np.ndarray:
        """What is stored of rows ``start`` … ``stop - 1``: numbers of texts in their list, or ranks."""
        stored = np.empty(max(min(stop, self.count) - start, 0), self._type)
        with self._reading:
            self._scratch.read_into(start * stored.itemsize, stored.data)
        return stored

    def ranks(self, start: int, stop: int) -> np.ndarray:
        """Numbers of these rows in the order of their values, 0 for null (uint64)."""
        numbers = self.numbers(start, stop).astype(np.uint64)
        return self.coding.final(numbers) if isinstance(self.coding, Few) else numbers

    def whole(self, start: int, stop: int) -> np.ndarray:
        """The whole numbers that the column stands for, of which none may be null (int64)."""
        return self.numbers(start, stop).astype(np.int64) + (self.least - 1)


def numbered(parts: Sequence[np.ndarray]) -> Column:
    """Row numbers as a column of whole numbers."""
    coding = Whole("", 0)
    return Column(coding, [coding.raw(rows) for rows in parts], sum(map(len, parts)))
