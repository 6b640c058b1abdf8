"""Files of a release in one stream: groups, each ``method u8 · count u16 · length u32`` and that many bytes.

A group holds the next ``count`` files of what was asked for, in that order; how long they are is known from the
manifest and not from the stream. Nothing is unpacked before what it says about itself fits what is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from struct import Struct
from typing import NamedTuple

from kernel.delivery.zstd import inflate
from kernel.digest import sha256_of
from kernel.release import Manifest
from kernel.wire.error import FrameError

HEAD = Struct(">BHI")
#: The methods: bytes as they are, a zstd frame, one over the app's dictionary, one over the file's former bytes,
#: the dictionary itself (no file), and a file that is not here.
STORED, ZSTD, DICTIONARY, PATCH, TAKE_DICTIONARY, ABSENT = 0, 1, 2, 3, 4, 255
#: Bytes of the files of a group that holds more than one.
MAX_GROUP = 4 << 20
#: Bytes of a dictionary.
MAX_DICTIONARY = 1 << 20


class Wanted(NamedTuple):
    """A file to fetch: its path, hash and size, and the hash of the bytes that it may be a change of."""

    path: str
    sha256: str
    size: int
    base: str = ""


def wanted_files(manifest: Manifest, paths: Iterable[str], base: Manifest | None) -> list[Wanted]:
    """Files of a release, with what they may be changes of: the files of the same paths in ``base``."""
    former = base.files if base is not None else {}
    wanted = []
    for path in paths:
        file, before = manifest.files[path], former.get(path)
        is_change = before is not None and before.sha256 != file.sha256 and before.size > 0
        wanted.append(Wanted(path, file.sha256, file.size, before.sha256 if before and is_change else ""))
    return wanted


def missing_paths(manifest: Manifest, missing: Iterable[str]) -> list[str]:
    """The paths of missing hashes in the manifest's order, one for each hash."""
    left, paths = set(missing), []
    for path, file in manifest.files.items() if left else ():
        if file.sha256 in left:
            left.discard(file.sha256)
            paths.append(path)
    return paths


def runs_of(manifest: Manifest, paths: list[str]) -> list[int]:
    """Where ``paths``, in the manifest's order, stand in it: first, end, first, end, …"""
    places = {path: place for place, path in enumerate(manifest.files)}
    runs: list[int] = []
    for place in map(places.__getitem__, paths):
        if runs and runs[-1] == place:
            runs[-1] = place + 1
        else:
            runs += [place, place + 1]
    return runs


def paths_of(manifest: Manifest, runs: Sequence[int]) -> list[str]:
    """The other way round.

    Raises:
        ValueError: the runs are none: not in order, or beyond the manifest's end.
    """
    is_inside = not runs or (runs[0] >= 0 and runs[-1] <= len(manifest.files))
    if len(runs) % 2 or not is_inside or any(before >= after for before, after in pairwise(runs)):
        raise ValueError("these are no places of files in the release")
    paths = list(manifest.files)
    return [path for start, stop in zip(runs[::2], runs[1::2], strict=True) for path in paths[start:stop]]


class Unpacker:
    """Reads the groups of one stream.

    Args:
        wanted: The files that were asked for, in order.
        read_base: Bytes by hash of what is here already.
        dictionary: SHA-256 of the dictionary that the server named, or empty.

    Attributes:
        wanted: The files that were asked for.
        taken: The dictionary when the stream brought it.
        received: Bytes of the stream so far.
    """

    def __init__(self, wanted: list[Wanted], read_base: Callable[[str], bytes | None], dictionary: str = "") -> None:
        self.wanted = wanted
        self._read_base = read_base
        self._dictionary = dictionary
        self._position = 0
        self.taken: bytes | None = None
        self.received = 0

    def unpack(self, pieces: Iterable[bytes]) -> Iterator[tuple[Wanted, bytes | None]]:
        """Each wanted file and its bytes, not yet held against its hash; None for one that the other end lacks.

        Raises:
            FrameError: anything that is not what was asked for.
        """
        buffer = _Buffer(pieces, self)
        while self._position < len(self.wanted):
            method, count, length = HEAD.unpack(buffer.take(HEAD.size))
            files = self.wanted[self._position : self._position + count]
            if len(files) != count or (count == 0) != (method == TAKE_DICTIONARY):
                raise FrameError("the stream of files has more than was asked for")
            total = sum(file.size for file in files)
            _check_length(method, count, length, total)
            data = buffer.take(length)
            self._position += count
            if method == TAKE_DICTIONARY:
                self._take_dictionary(data)
            elif method == ABSENT:
                yield files[0], None
            else:
                yield from _split(files, self._opened(method, data, files, total))
        buffer.check_end()

    def _take_dictionary(self, data: bytes) -> None:
        if self.taken is not None:  # otherwise a stream of nothing else would go on for ever
            raise FrameError("the app's dictionary came twice")
        taken = inflate(data, MAX_DICTIONARY, is_exact=False)
        if sha256_of(taken).hex() != self._dictionary:
            raise FrameError("the dictionary that came is another one than was announced")
        self.taken = taken

    def _opened(self, method: int, data: bytes, files: list[Wanted], total: int) -> bytes:
        if method == STORED:
            return data
        over = b""
        if method == DICTIONARY:
            over = self.taken or self._based(self._dictionary, "the app's dictionary")
        elif method == PATCH:
            over = self._based(files[0].base, f"the former {files[0].path}")
        return inflate(data, total, over)

    def _based(self, sha256: str, what: str) -> bytes:
        found = self._read_base(sha256) if sha256 else None
        if found is None:
            raise FrameError(f"a file came as a change of {what}, which is not here")
        return found


class _Buffer:
    """Bytes of the stream that were not taken yet; never more than one group and one piece."""

    def __init__(self, pieces: Iterable[bytes], counter: Unpacker) -> None:
        self._pieces = iter(pieces)
        self._counter = counter
        self._rest = bytearray()

    def take(self, length: int) -> bytes:
        while len(self._rest) < length:
            piece = next(self._pieces, None)
            if piece is None:
                raise FrameError("the stream of files ended early")
            self._counter.received += len(piece)
            self._rest += piece
        data = bytes(memoryview(self._rest)[:length])
        del self._rest[:length]
        return data

    def check_end(self) -> None:
        if self._rest or any(self._pieces):
            raise FrameError("the stream of files has bytes that nobody asked for")


def _check_length(method: int, count: int, length: int, total: int) -> None:
    """Refuse a group whose packed length cannot be that of its files, before any of it is awaited."""
    if method == TAKE_DICTIONARY:
        most = MAX_DICTIONARY
    elif method == ABSENT:
        most = 0 if count == 1 else -1
    elif method == STORED:
        most = total if length == total else -1
    elif method in (ZSTD, DICTIONARY, PATCH):
        most = total + total // 128 + 512
    else:
        raise FrameError(f"the files came in the unknown form {method}")
    if length > most or (count > 1 and (total > MAX_GROUP or method == PATCH)):
        raise FrameError(f"{length} bytes came for {count} files of {total} bytes")


def _split(files: list[Wanted], data: bytes) -> Iterator[tuple[Wanted, bytes]]:
    if len(files) == 1:
        yield files[0], data
        return
    start = 0
    for file in files:
        yield file, data[start : start + file.size]
        start += file.size
