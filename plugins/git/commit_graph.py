"""Reads the file in which git keeps the parents and times of all commits (gitformat-commit-graph), where it wrote one.

``git gc`` and ``git maintenance`` write it. It is looked at as a whole, by columns; what does not fit is refused, and
the commits themselves are read instead.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

#: Bytes of an id; repositories with SHA-256 have another version of the file.
WIDTH = 20
_HEADER, _CHUNK = struct.Struct(">4sBBBB"), struct.Struct(">4sQ")
_NO_PARENT, _MORE_PARENTS, _LAST = 0x70000000, 0x80000000, 0x80000000
#: A commit's row: its tree, two parents, its generation and its time.
_COMMIT = np.dtype([("tree", "V20"), ("parents", ">u4", 2), ("time", ">u8")])
_TIME_BITS = (1 << 34) - 1


class Edges(NamedTuple):
    """Links from commits to their parents, by number, a row each.

    Attributes:
        child, parent: Numbers of commits; links of one child stand in the order of its parents.
        slot: Which of the child's parents it is, from 0.
    """

    child: Any
    slot: Any
    parent: Any


class CommitGraph:
    """All commits of the files, numbered from 0.

    Args:
        objects: The repository's folder ``objects``.

    Raises:
        OSError: there is no such file.
        ValueError: it is damaged, or of another form.
    """

    def __init__(self, objects: Path) -> None:
        self._layers = [_Layer(path) for path in _files(objects)]
        self._starts = [0]
        for layer in self._layers:
            self._starts.append(self._starts[-1] + layer.count)

    def edges(self) -> Edges:
        """The links of all commits.

        Raises:
            ValueError: one leads nowhere.
        """
        parts = [layer.edges(start) for layer, start in zip(self._layers, self._starts, strict=False)]
        found = Edges(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        if len(found.parent) and int(found.parent.max()) >= len(self):
            raise ValueError("a parent is not in the file")
        return found

    def times(self) -> Any:
        """Seconds since 1970, by number."""
        return np.concatenate([layer.times() for layer in self._layers])

    def __len__(self) -> int:
        return self._starts[-1]

    def id(self, number: int) -> bytes:
        """A commit's id."""
        for layer, start in zip(reversed(self._layers), reversed(self._starts[:-1]), strict=True):
            if number >= start:
                return layer.id(number - start)
        raise IndexError(number)

    def find(self, identity: bytes) -> int | None:
        """A commit's number; None when it is newer than the files."""
        for layer, start in zip(self._layers, self._starts, strict=False):
            place = layer.find(identity)
            if place is not None:
                return start + place
        return None


def _files(objects: Path) -> Iterator[Path]:
    """The one file, or the chain of files, from the oldest on."""
    single = objects / "info" / "commit-graph"
    if single.exists():
        yield single
        return
    folder = objects / "info" / "commit-graphs"
    for name in (folder / "commit-graph-chain").read_text("ascii").split():
        yield folder / f"graph-{name}.graph"


class _Layer:
    """One file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._data) < _HEADER.size:
            raise ValueError(f"{path} is cut off")
        magic, version, hashed, chunks, _ = _HEADER.unpack_from(self._data)
        if (magic, version, hashed) != (b"CGPH", 1, 1):
            raise ValueError(f"{path} is of another form")
        if hashlib.sha1(memoryview(self._data)[:-WIDTH], usedforsecurity=False).digest() != self._data[-WIDTH:]:
            raise ValueError(f"{path} is damaged")
        self._chunks = self._read_chunks(chunks)
        fanout = self._column(b"OIDF", ">u4")
        if len(fanout) != 256 or np.any(np.diff(fanout.astype(np.int64)) < 0):
            raise ValueError(f"{path} is damaged")
        self._fanout = [0, *fanout.tolist()]
        self.count = self._fanout[-1]
        self._first_id = self._chunks[b"OIDL"][0]
        self._commits = self._column(b"CDAT", _COMMIT)
        ids = self._chunks[b"OIDL"]
        if len(self._commits) != self.count or ids[1] - ids[0] != self.count * WIDTH:
            raise ValueError(f"{path} is damaged")

    def _read_chunks(self, count: int) -> dict[bytes, tuple[int, int]]:
        """Name → where it begins and ends."""
        if _HEADER.size + (count + 1) * _CHUNK.size > len(self._data):
            raise ValueError("the table of chunks is cut off")
        rows = [_CHUNK.unpack_from(self._data, _HEADER.size + place * _CHUNK.size) for place in range(count + 1)]
        found = {name: (start, after) for (name, start), (_, after) in zip(rows, rows[1:], strict=False)}
        if not {b"OIDF", b"OIDL", b"CDAT"} <= found.keys():
            raise ValueError("a chunk is missing")
        if any(not 0 <= start <= end <= len(self._data) for start, end in found.values()):
            raise ValueError("a chunk is cut off")
        return found

    def _column(self, name: bytes, kind: Any) -> Any:
        start, end = self._chunks.get(name, (0, 0))
        kind = np.dtype(kind)
        return np.frombuffer(self._data, kind, (end - start) // kind.itemsize, start)

    def times(self) -> Any:
        """Seconds since 1970."""
        return (self._commits["time"].astype(np.uint64) & np.uint64(_TIME_BITS)).astype(np.int64)

    def edges(self, start: int) -> Edges:
        """Links of the layer's commits, which have the numbers from ``start`` on."""
        parents = self._commits["parents"].astype(np.uint32)
        first, second = parents[:, 0], parents[:, 1]
        ones = np.flatnonzero(first != _NO_PARENT)
        twos = np.flatnonzero((second != _NO_PARENT) & (second < _MORE_PARENTS))
        more = self._more(np.flatnonzero(second >= _MORE_PARENTS), second)
        child = np.concatenate([ones, twos, more.child]) + start
        slot = np.repeat([0, 1], [len(ones), len(twos)])
        parent = np.concatenate([first[ones], second[twos], more.parent])
        return Edges(*(part.astype(np.int32) for part in (child, np.concatenate([slot, more.slot]), parent)))

    def _more(self, children: Any, second: Any) -> Edges:
        """Links of commits with three parents and more, but the first."""
        listed = self._column(b"EDGE", ">u4")
        rows: list[tuple[int, int, int]] = []
        for child in children.tolist():
            at, slot = int(second[child]) - _MORE_PARENTS, 1
            while True:
                if at >= len(listed):
                    raise ValueError("the list of further parents is cut off")
                entry = int(listed[at])
                rows.append((child, slot, entry & ~_LAST))
                if entry & _LAST:
                    break
                at, slot = at + 1, slot + 1
        columns = np.array(rows, np.int64).reshape(-1, 3)
        return Edges(columns[:, 0], columns[:, 1], columns[:, 2])

    def id(self, place: int) -> bytes:
        """An id by its place."""
        start = self._first_id + place * WIDTH
        return self._data[start : start + WIDTH]

    def find(self, identity: bytes) -> int | None:
        """The place of an id; the ids are in order, and counted by their first byte."""
        low, high = self._fanout[identity[0]], self._fanout[identity[0] + 1]
        while low < high:
            middle = (low + high) // 2
            here = self.id(middle)
            if here == identity:
                return middle
            low, high = (middle + 1, high) if here < identity else (low, middle)
        return None
