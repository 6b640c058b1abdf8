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
#: Seconds below which it is left alone even when its process cannot be seen: it may run in another container.
_YOUNG_S = 5
#: Segments from which on small ones are merged, and the bytes that are small.
MANY_SEGMENTS = 64
SMALL = 4 * 1024 * 1024


def collect(cache: Cache, roots: set[bytes], limit: int, grace_s: float) -> int:
    """See :meth:`kernel.cache.Cache.collect`."""
    with _only_one(cache.directory) as is_mine:
        if not is_mine:
            return 0
        sweep(cache)
        before, freed = cache.size(), 0
        for segment, used in _aged(cache, grace_s):
            if freed >= before - limit:
                break
            freed += _shrink(cache, segment, used, roots)
        if len(cache.segments()) > MANY_SEGMENTS:
            _merge(cache, [pair for pair in _aged(cache, grace_s) if pair[0].size < SMALL], roots)
        return before - cache.size()


def _aged(cache: Cache, grace_s: float) -> list[tuple[Segment, int]]:
    """The segments that nobody used lately and when they were, in nanoseconds; oldest first."""
    latest = time.time_ns() - int(grace_s * 1e9)
    used = [(segment, _used(segment.path)) for segment in cache.segments()]
    return sorted((pair for pair in used if pair[1] <= latest), key=lambda pair: pair[1])


def _merge(cache: Cache, segments: list[tuple[Segment, int]], roots: set[bytes]) -> None:
    """Write what is reachable of many small segments as one, so that opening the cache stays fast."""
    blobs: dict[bytes, bytes] = {}
    for segment, _ in segments:
        for digest in segment.entries.keys() & roots:
            data = segment.read(digest)
            if data is not None:
                blobs[digest] = data
    if len(segments) < 2:
        return
    kept = _write(cache, sorted(blobs.items()))
    for segment, used in segments:
        if os.path.basename(segment.path) != kept:
            _remove(segment, used)


def _write(cache: Cache, pairs: list[tuple[bytes, bytes]]) -> str:
    """Write a segment of ``pairs``; answers its name, empty when there is nothing to write."""
    if not pairs:
        return ""
    name, head = layout(pairs)
    write_file(cache.segment_directory, name, [head, *(data for _, data in pairs)])
    return name


def _remove(segment: Segment, used: int) -> bool:
    """Remove a segment unless another process has used it since ``used``; answers whether it went.

    It is put aside first: whoever touches it then finds that it is gone, and whoever did before has it put back.
    """
    aside = os.path.join(os.path.dirname(segment.path), f"{TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}")
    try:
        os.rename(segment.path, aside)
        if _used(aside) != used and not os.path.exists(segment.path):
            os.rename(aside, segment.path)
            return False
        os.unlink(aside)
    except OSError as error:
        raise CacheError(f"cannot remove {segment.path}: {error.strerror}") from error
    return True


def _shrink(cache: Cache, segment: Segment, used: int, roots: set[bytes]) -> int:
    """Remove the segment, keeping what is reachable in a new one; answers about how many bytes that freed."""
    needed = sorted(segment.entries.keys() & roots)
    kept = sum(segment.entries[digest][1] for digest in needed)
    if len(needed) == len(segment.entries) and needed:
        return 0
    if kept * 2 > segment.size:
        return 0  # mostly alive: writing it anew costs more than it frees
    pairs = [(digest, data) for digest in needed if (data := segment.read(digest)) is not None]
    _write(cache, pairs)
    return segment.size - kept if _remove(segment, used) else 0


def _used(path: str) -> int:
    """When the file was used last, in nanoseconds; now when it is gone."""
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return time.time_ns()


def sweep(cache: Cache) -> int:
    """Remove what processes that are gone were writing; answers how many files went."""
    return sum(_sweep_leftovers(directory) for directory in (cache.segment_directory, cache.record_directory))


def _sweep_leftovers(directory: str) -> int:
    swept = 0
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith(TEMPORARY) and _is_left(entry):
                with contextlib.suppress(FileNotFoundError, PermissionError):  # swept by another, or not ours to sweep
                    os.unlink(entry.path)
                    swept += 1
    return swept


def _is_left(entry: os.DirEntry[str]) -> bool:
    """Whether nobody writes this file any more: its process is gone, or it has been there for very long."""
    try:
        age = time.time() - entry.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return False
    number = entry.name.removeprefix(TEMPORARY).partition("-")[0]
    is_gone = number.isdigit() and age > _YOUNG_S and not _is_running(int(number))
    return is_gone or age > _LEFTOVER_S


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _only_one(directory: str) -> Iterator[bool]:
    """Hold the clean-up lock; False when another process has it."""
    import fcntl

    try:
        handle = os.open(os.path.join(directory, "clean-up.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        yield False
        return
    except OSError as error:
        raise CacheError(f"cannot clean up the cache in {directory}: {error.strerror}") from error
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
