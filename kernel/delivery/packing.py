"""Making the groups that :mod:`kernel.delivery.pack` reads: compressed once, kept by content, whoever asks.

A thousand clients that ask for the same files at once cost one compression: groups are kept by what they hold, and
who comes while one is being made waits for it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from kernel.delivery.pack import ABSENT, DICTIONARY, HEAD, PATCH, STORED, TAKE_DICTIONARY, ZSTD, Wanted
from kernel.delivery.zstd import deflate

#: Bytes of files in one group, about; more than one only below this.
GROUP = 1 << 20
#: Files of one group at most.
_COUNT = 4096
#: A file of at most this many bytes may travel as a change, and below this many files of a request the dictionary pays.
LARGEST_PATCH, FEW = 8 << 20, 64
#: Bytes of groups that are kept.
KEPT = 128 << 20


class Packer:
    """Groups of files.

    Args:
        read: Bytes by SHA-256, or None.
        limit: Bytes of groups that are kept for others.
    """

    def __init__(self, read: Callable[[str], bytes | None], limit: int = KEPT) -> None:
        self._read = read
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], Future[bytes]] = OrderedDict()
        self._size = 0
        self.made = 0

    def pack(self, wanted: list[Wanted], dictionary: str = "", has_dictionary: bool = False) -> Iterator[bytes]:
        """The groups of ``wanted``, in order.

        Args:
            wanted: The files; ``base`` names what the asker has of a former version, or is empty.
            dictionary: SHA-256 of the app's dictionary, or empty.
            has_dictionary: Whether the asker has it; it is sent along with much only.
        """
        is_much = len(wanted) > FEW
        if dictionary and is_much and not has_dictionary:
            yield self._group(("take", dictionary), lambda: self._dictionary(dictionary))
        over = dictionary if dictionary and has_dictionary and not is_much else ""
        for group in _grouped(wanted):
            yield self.group(group, over)

    def group(self, files: list[Wanted], over: str = "") -> bytes:
        """One group, packed: one file, or several below :data:`GROUP` bytes."""
        key = (files[0].base, over, *(file.sha256 for file in files))
        return self._group(key, lambda: self._packed(files, over))

    def _group(self, key: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            else:
                mine = self._kept[key] = Future()
        if kept is not None:
            return kept.result()
        try:
            packed = make()
        except BaseException as error:
            with self._lock:
                self._kept.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(packed)
        self._keep(packed)
        return packed

    def _keep(self, packed: bytes) -> None:
        with self._lock:
            self.made += 1
            self._size += len(packed)
            for key, oldest in list(self._kept.items()):
                if self._size <= self._limit or len(self._kept) == 1:
                    return
                if oldest.done():
                    del self._kept[key]
                    self._size -= len(oldest.result())

    def _packed(self, files: list[Wanted], over: str) -> bytes:
        parts = [self._read(file.sha256) for file in files]
        if any(part is None for part in parts):  # each for itself, so that the asker hears which one is missing
            return b"".join(_stated(ABSENT, 1, b"") if part is None else _stated(STORED, 1, part) for part in parts)
        whole = b"".join(part for part in parts if part is not None)
        base = self._read(files[0].base) if len(files) == 1 and files[0].base else None
        if base and len(base) + len(whole) <= LARGEST_PATCH:
            patch = deflate(whole, base)
            if len(patch) < len(whole) // 2:
                return _stated(PATCH, 1, patch)
        shared = self._read(over) if over else None
        method, packed = (DICTIONARY, deflate(whole, shared)) if shared else (ZSTD, deflate(whole))
        if len(packed) >= len(whole) and len(files) == 1:
            return _stated(STORED, 1, whole)
        return _stated(method, len(files), packed)

    def _dictionary(self, sha256: str) -> bytes:
        data = self._read(sha256)
        return b"" if data is None else _stated(TAKE_DICTIONARY, 0, deflate(data))


def _stated(method: int, count: int, data: bytes) -> bytes:
    return HEAD.pack(method, count, len(data)) + data


def _grouped(wanted: list[Wanted]) -> Iterator[list[Wanted]]:
    """``wanted`` in groups: what may be a change travels alone, the rest by about :data:`GROUP` bytes."""
    group: list[Wanted] = []
    size = 0
    for file in wanted:
        is_alone = bool(file.base) or file.size >= GROUP
        if group and (is_alone or size + file.size > GROUP or len(group) == _COUNT):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.size
        if is_alone:
            yield group
            group, size = [], 0
    if group:
        yield group
