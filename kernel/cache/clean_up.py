"""Clean-up by reachability: segments that nothing needs go, half-dead ones are written anew."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kernel.cache.durable import TEMPORARY, write_file
from kernel.cache.error import CacheError
from kernel.cache.segment import Segment, layout

if TYPE_CHECKING:
    from kernel.cache.cache import Cache

#: Seconds after which a temporary file belongs to nobody any more.
_LEFTOVER_S = 3600
#: Segments from which on small ones are merged, and the bytes that are small.
MANY_SEGMENTS = 64
SMALL = 4 * 1024 * 1024


def collect(cache: Cache, roots: set[bytes], limit: int, grace_s: float) -> int:
    """See :meth:`kernel.cache.Cache.collect`."""
    with _only_one(cache.directory) as is_mine:
        if not is_mine:
            return 0
        _sweep_leftovers(cache.segment_directory)
        before, freed = cache.size(), 0
        for segment in _aged(cache, grace_s):
            if freed >= before - limit:
                break
            freed += _shrink(cache, segment, roots)
        if len(cache.segments()) > MANY_SEGMENTS:
            _merge(cache, [segment for segment in _aged(cache, grace_s) if segment.size < SMALL], roots)
        return before - cache.size()


def _aged(cache: Cache, grace_s: float) -> list[Segment]:
    """The segments that nobody used lately, oldest first."""
    now = time.time()
    used = [(_used(segment), segment) for segment in cache.segments()]
    return [segment for at, segment in sorted(used, key=lambda pair: pair[0]) if now - at >= grace_s]


def _merge(cache: Cache, segments: list[Segment], roots: set[bytes]) -> None:
    """Write what is reachable of many small segments as one, so that opening the cache stays fast."""
    blobs: dict[bytes, bytes] = {}
    for segment in segments:
        for digest in segment.entries.keys() & roots:
            data = segment.read(digest)
            if data is not None:
                blobs[digest] = data
    if len(segments) < 2:
        return
    kept = _write(cache, sorted(blobs.items()))
    for segment in segments:
        if os.path.basename(segment.path) != kept:
            _unlink(segment)


def _write(cache: Cache, pairs: list[tuple[bytes, bytes]]) -> str:
    """Write a segment of ``pairs``; answers its name, empty when there is nothing to write."""
    if not pairs:
        return ""
    name, head = layout(pairs)
    write_file(cache.segment_directory, name, [head, *(data for _, data in pairs)])
    return name


def _unlink(segment: Segment) -> None:
    try:
        os.unlink(segment.path)
    except OSError as error:
        raise CacheError(f"cannot remove {segment.path}: {error.strerror}") from error


def _shrink(cache: Cache, segment: Segment, roots: set[bytes]) -> int:
    """Remove the segment, keeping what is reachable in a new one; answers about how many bytes that freed."""
    needed = sorted(segment.entries.keys() & roots)
    kept = sum(segment.entries[digest][1] for digest in needed)
    if len(needed) == len(segment.entries) and needed:
        return 0
    if kept * 2 > segment.size:
        return 0  # mostly alive: writing it anew costs more than it frees
    pairs = [(digest, data) for digest in needed if (data := segment.read(digest)) is not None]
    _write(cache, pairs)
    _unlink(segment)
    return segment.size - kept


def _used(segment: Segment) -> float:
    try:
        return os.stat(segment.path).st_mtime
    except FileNotFoundError:
        return time.time()


def _sweep_leftovers(directory: str) -> None:
    """Remove what a killed process was writing."""
    with contextlib.suppress(FileNotFoundError), os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith(TEMPORARY) and time.time() - entry.stat().st_mtime > _LEFTOVER_S:
                os.unlink(entry.path)


@contextlib.contextmanager
def _only_one(directory: str) -> Iterator[bool]:
    """Hold the clean-up lock; False when another process has it."""
    import fcntl

    try:
        handle = os.open(os.path.join(directory, "clean-up.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)
