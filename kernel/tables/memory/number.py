"""The whole numbers that new rows get as keys: one more than the greatest there is."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.tables.change import Key


class Numbers:
    """See the module; it looks through all keys once, however many rows come.

    Args:
        keys: Those of the rows that are being changed; looked through when a number is asked for.
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = keys
        self._greatest: int | None = None

    def next(self) -> int:
        """The number of the next row; 1 is the first."""
        if self._greatest is None:
            self._greatest = max((key[0] for key in self._keys if isinstance(key[0], int)), default=0)
        return self._greatest + 1

    def add(self, key: Key) -> None:
        """A row has come."""
        if self._greatest is not None and isinstance(key[0], int):
            self._greatest = max(self._greatest, key[0])

    def remove(self) -> None:
        """A row has gone, and perhaps it was the greatest."""
        self._greatest = None
