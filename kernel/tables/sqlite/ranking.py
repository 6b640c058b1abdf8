"""Sorting many codes with numpy in short steps, so that it can be stopped, in little memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kernel.tables.contract import Report
from kernel.tables.sqlite.stop import check_interrupt

#: Codes sorted at a time: their places have 16 bits.
_CHUNK = 1 << 16
#: Codes of a piece of the result, about.
_PIECE = 1 << 17


def ranked(codes: np.ndarray, size: int, report: Report) -> np.ndarray:
    """The places of the codes in their order, equal ones in that of their places.

    Chunks are sorted, cut at the same codes, and what belongs together is joined and sorted.

    Args:
        codes: Whole numbers from 0 (uint64).
        size: They are below it.
        report: Told the part that is done.
    """
    count = len(codes)
    if not count:
        return np.empty(0, np.uint32)
    cuts = _cuts(codes)
    starts = range(0, count, _CHUNK)
    inner = np.empty(count, np.uint16)
    edges = np.empty((len(starts), len(cuts) + 2), np.int64)

    def sort_chunk(index: int) -> None:
        start = starts[index]
        part = codes[start : start + _CHUNK]
        order = _order(part, size)
        inner[start : start + _CHUNK] = order
        edges[index, 0], edges[index, -1] = 0, len(part)
        edges[index, 1:-1] = np.searchsorted(part[order], cuts)

    places = np.empty(count, np.uint32 if count < 2**32 else np.int64)
    with ThreadPoolExecutor(2) as threads:
        _all(threads, sort_chunk, len(starts), lambda part: report(part * 0.5))
        ends = np.cumsum((edges[:, 1:] - edges[:, :-1]).sum(axis=0))

        def sort_piece(index: int) -> None:
            found = np.concatenate([
                inner[start + edges[chunk, index] : start + edges[chunk, index + 1]].astype(places.dtype) + start
                for chunk, start in enumerate(starts)
            ])  # fmt: skip
            if len(found):
                part = codes[found]
                least = part.min()
                part -= least
                places[ends[index] - len(found) : ends[index]] = found[_order(part, int(part.max()) + 1)]

        _all(threads, sort_piece, len(cuts) + 1, lambda part: report(0.5 + part * 0.5))
    return places


def _all(threads: ThreadPoolExecutor, work, count: int, report: Report) -> None:  # noqa: ANN001
    """Do the work of every number; stops when nobody waits any more."""
    step = 4
    for first in range(0, count, step):
        check_interrupt()
        for _ in threads.map(work, range(first, min(first + step, count))):
            pass
        report(min(first + step, count) / count)


def _cuts(codes: np.ndarray) -> np.ndarray:
    """Codes at which the result is cut into pieces; frequent ones get a piece of their own."""
    pieces = len(codes) // _PIECE
    if not pieces:
        return np.empty(0, np.uint64)
    sample = np.sort(codes[:: max(len(codes) // (pieces * 64), 1)])
    borders = sample[:: max(len(sample) // pieces, 1)]
    return np.unique(np.concatenate([borders, borders + np.uint64(1)]))


def _order(part: np.ndarray, size: int) -> np.ndarray:
    """The stable order of some codes below ``size``."""
    if size == 1:
        return np.arange(len(part), dtype=np.uint32)
    bits = np.uint64(max(len(part) - 1, 1).bit_length())
    if (size - 1).bit_length() + int(bits) > 64:
        return np.argsort(part, kind="stable")
    packed = (part << bits) | np.arange(len(part), dtype=np.uint64)
    packed.sort()
    return (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.uint32)
