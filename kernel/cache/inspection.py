"""Looking at a cache as a whole: what it holds, and whether all of it is what it was."""

from __future__ import annotations

import os
from typing import NamedTuple

from kernel.cache.cache import Cache
from kernel.cache.segment import SUFFIX, open_segment


class Facts(NamedTuple):
    """What a cache holds; sizes in bytes."""

    segments: int
    blobs: int
    size: int
    records: int


class Findings(NamedTuple):
    """What was read of a cache: whole blobs, the SHA-256 of damaged ones, and segments that cannot be read at all."""

    whole: int
    damaged: list[str]
    unreadable: list[str]


def facts(cache: Cache) -> Facts:
    """What the cache holds."""
    segments = cache.segments()
    blobs = {digest for segment in segments for digest in segment.entries}
    return Facts(len(segments), len(blobs), sum(segment.size for segment in segments), len(cache.record_names()))


def verify(cache: Cache) -> Findings:
    """Read every blob of every segment and hold it against its hash. Nothing is changed.

    A damaged copy of a blob that is whole elsewhere counts as damaged too.
    """
    whole, damaged, unreadable = 0, [], []
    try:
        names = sorted(name for name in os.listdir(cache.segment_directory) if name.endswith(SUFFIX))
    except FileNotFoundError:
        names = []
    for name in names:
        path = os.path.join(cache.segment_directory, name)
        segment = open_segment(path)
        if segment is None:
            if os.path.lexists(path):  # otherwise it was cleaned up just now
                unreadable.append(path)
            continue
        try:
            for digest in list(segment.entries):
                if segment.read(digest) is None:
                    damaged.append(digest.hex())
                else:
                    whole += 1
        finally:
            segment.close()
    return Findings(whole, damaged, unreadable)
