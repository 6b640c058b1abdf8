"""Where the rows of a table stand in its file: the leaf pages in the order of row numbers, and reading some of them.

Only inside a read transaction, whose lock keeps everybody from writing to the file's pages, and only while no
write-ahead log has newer ones (https://sqlite.org/fileformat2.html, https://sqlite.org/lockingv3.html). Who reads while
the log is empty also keeps everybody from moving it into the file (https://sqlite.org/walformat.html, 2.3.2).
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from kernel.open_file import held_descriptor
from kernel.tables.sqlite.cells import LEAF, ROOM, Cells, lengths, numbers_in
from kernel.tables.sqlite.connection import Connections, Reader
from kernel.tables.sqlite.joined import WORD, everywhere
from kernel.tables.sqlite.known import Kept
from kernel.tables.sqlite.part_row import MisfitError

#: First byte of a page that leads to others, and bytes of its head.
_INNER, _HEAD = 5, 12
#: Bytes of the file's head; two of them in a file with a rollback journal, and with a write-ahead log; another where
#: texts are UTF-8.
_FILE_HEAD, _ROLLBACK, _LOGGED, _UTF_8 = 100, b"\1\1", b"\2\2", 1
#: Steps from the first page of a table to its leaves (SQLite's own limit), and bytes of pages read at once.
_MOST_STEPS, _MOST_BYTES = 20, 16 << 20
#: Leaves looked at to tell how many rows there are.
_LOOKED = 64


class Leaves:
    """The leaf pages of one table in one state of its file.

    Args:
        descriptor: Of the file, open as long as its source is.
        root: Number of the table's first page.
        path: The file's.
    """

    def __init__(self, descriptor: int, root: int, path: Path) -> None:
        head = os.pread(descriptor, _FILE_HEAD, 0)
        if len(head) < _FILE_HEAD or head[59] != _UTF_8:
            raise MisfitError
        if head[18:20] != _ROLLBACK and (head[18:20] != _LOGGED or os.stat(f"{path.resolve()}-wal").st_size):
            raise MisfitError
        self._descriptor = descriptor
        self._page = int.from_bytes(head[16:18], "big")
        self._page = 1 << 16 if self._page == 1 else self._page
        self._usable = self._page - head[20]
        pages, self._last = self._found(root)
        self._pages = pages.astype(np.uint32)

    @property
    def memory(self) -> int:
        """Bytes that this takes."""
        return self._pages.nbytes + self._last.nbytes

    def rows(self) -> int:
        """About how many rows there are, by a look at a few leaves.

        Raises:
            OSError, MisfitError: they are not to be had this way.
        """
        looked = self._pages[:: max(len(self._pages) // _LOOKED, 1)].tolist()
        heads = [os.pread(self._descriptor, _HEAD, (page - 1) * self._page) for page in looked]
        if any(len(head) < _HEAD or head[0] != LEAF for head in heads):
            raise MisfitError
        return sum(int.from_bytes(head[3:5], "big") for head in heads) * len(self._pages) // len(heads)

    def starts(self, first: int, parts: int) -> list[int]:
        """The first row numbers of about so many parts of the table, each of as many leaves.

        Args:
            first: The least row number.
            parts: How many are wanted; no leaf is split.
        """
        step = max(len(self._pages) // max(parts, 1), 1)
        return [first, *(self._last[step - 1 : -1 : step] + 1).tolist()]

    def cells(self, first: int, last: int) -> Cells:
        """The rows with numbers from ``first`` to ``last``.

        Raises:
            MisfitError: they are not to be had this way.
        """
        start = int(np.searchsorted(self._last, first))
        stop = min(int(np.searchsorted(self._last, last)) + 1, len(self._pages))
        cells = Cells(self._read(self._pages[start:stop]), self._page, self._usable)
        cells.between(first, last)
        return cells

    def _read(self, pages: np.ndarray) -> np.ndarray:
        size = self._page
        if len(pages) * size > _MOST_BYTES:
            raise MisfitError
        bytes_ = np.empty(len(pages) * size + ROOM, np.uint8)
        bytes_[len(pages) * size :] = 0
        borders = [0, *(np.flatnonzero(np.diff(pages) != 1) + 1).tolist(), len(pages)]
        view = memoryview(bytes_)
        for start, stop in zip(borders[:-1], borders[1:], strict=True):
            if start == stop:
                continue
            place = (int(pages[start]) - 1) * size
            if os.preadv(self._descriptor, [view[start * size : stop * size]], place) != (stop - start) * size:
                raise MisfitError  # SQLite says what is wrong with the file
        return bytes_

    def _found(self, root: int) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the leaves, and the greatest row number that each may have."""
        pages, last = np.array([root], np.int64), np.array([2**63 - 1], np.int64)
        for _ in range(_MOST_STEPS):
            kind = os.pread(self._descriptor, 1, (int(pages[0]) - 1) * self._page)
            if kind == bytes([LEAF]):
                return pages, last
            found = [self._below(page, end) for page, end in zip(pages.tolist(), last.tolist(), strict=True)]
            pages, last = (np.concatenate(one) for one in zip(*found, strict=True))
        raise MisfitError

    def _below(self, page: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """The pages that one leads to, whose greatest row number is ``last``, and theirs."""
        bytes_ = os.pread(self._descriptor, self._page, (page - 1) * self._page)
        if len(bytes_) < self._page or bytes_[0] != _INNER:
            raise MisfitError
        count = int.from_bytes(bytes_[3:5], "big")
        if _HEAD + 2 * count > self._page:
            raise MisfitError
        places = np.frombuffer(bytes_, ">u2", count, _HEAD).astype(np.int64)
        whole = everywhere(bytes_ + bytes(2 * WORD))
        keys = whole[places + 4]
        pages = np.empty(count + 1, np.int64)
        pages[:-1] = whole[places].byteswap() >> np.uint64(32)
        pages[-1] = int.from_bytes(bytes_[8:12], "big")
        ends = np.append(numbers_in(keys, lengths(keys)), last)
        if (pages < 1).any() or (np.diff(ends) < 0).any():
            raise MisfitError
        return pages, ends


def find_leaves(connections: Connections, reader: Reader, table: str) -> Leaves | None:
    """The leaves of a table, looked for now if they are not known; None where they are not to be had this way."""
    if reader.state is None or not hasattr(os, "preadv"):
        return None
    return reader.known.once(f"leaves {table}", lambda report: _kept(connections, reader, table)) or None


def _kept(connections: Connections, reader: Reader, table: str) -> Kept:
    root = reader.connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()
    try:
        descriptor = held_descriptor(connections.path)
        if root is None or descriptor is None:
            raise MisfitError
        leaves = Leaves(descriptor, root[0], connections.path)
    except (MisfitError, OSError, IndexError):
        return Kept(False, 0)
    return Kept(leaves, leaves.memory)

