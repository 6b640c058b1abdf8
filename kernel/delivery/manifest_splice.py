"""A manifest as what it has otherwise than one that the cache has whole: half a kilobyte for a changed file.

Held so, a change of an app with thousands of files does not write its manifest again. It needs no library, because a
start reads it; what comes of it is held against its hash, like whatever comes from the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

#: Places in the bytes of the one that is there whole, in their order: first, end, and what stands there instead.
Splices = tuple[tuple[int, int, bytes], ...]
#: Manifests below so many bytes are written whole, and so is one whose differences have more than that.
SMALL, MOST = 64 << 10, 16 << 10
#: What stands between the entries of files. A text may have it too: it only says where pieces end.
_BETWEEN = b'},"'


def splices_of(new: bytes, whole: bytes) -> Splices | None:
    """``new`` as its differences from ``whole``; None when that is not worth it."""
    if len(new) < SMALL:
        return None
    before, after = whole.split(_BETWEEN), new.split(_BETWEEN)
    if min(len(before), len(after)) < 3:
        return None
    places = [0, *accumulate(len(piece) + len(_BETWEEN) for piece in before)]
    places[-1] = len(whole)  # nothing stands behind the last piece
    found = tuple(
        (places[first], places[end], _text(after, start, stop)) for first, end, start, stop in _differing(before, after)
    )
    return found if sum(len(text) for *_, text in found) <= MOST else None


def spliced(whole: bytes, splices: Splices) -> bytes | None:
    """The manifest's bytes; None when the places are none of ``whole``."""
    pieces, at = [], 0
    for first, end, text in splices:
        if not at <= first <= end <= len(whole):
            return None
        pieces += [whole[at:first], text]
        at = end
    return b"".join((*pieces, whole[at:]))


def _text(pieces: Sequence[bytes], start: int, stop: int) -> bytes:
    text = b"".join([piece + _BETWEEN for piece in pieces[start:stop]])
    return text.removesuffix(_BETWEEN) if stop == len(pieces) else text


def _differing(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """The pieces that differ: first and end in ``before``, first and end in ``after``."""
    if len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                yield number, number + 1, number, number + 1
        return
    # Files came or went: what stands before the first one and behind the last one is compared by itself.
    if before[0] != after[0]:
        yield 0, 1, 0, 1
    inner, other = before[1:-1], after[1:-1]
    first = _common(inner, other)
    left = min(_common(inner[::-1], other[::-1]), min(len(inner), len(other)) - first)
    yield 1 + first, 1 + len(inner) - left, 1 + first, 1 + len(other) - left
    if before[-1] != after[-1]:
        yield len(before) - 1, len(before), len(after) - 1, len(after)


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """With how many equal pieces both begin."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
