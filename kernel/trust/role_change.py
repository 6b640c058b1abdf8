"""A role as a change of the version that a client holds.

A snapshot lists every app of a server with version, length and hash. Leaving length and hash out, as the specification
allows, would let whoever has stolen a publisher's key show another role of the listed version to some clients; so they
stay, and what travels is the difference. What comes of it is verified like any other bytes: signatures, length, hash.
"""

from __future__ import annotations

import msgspec

from kernel.release import ReleaseError
from kernel.trust.limit import MAX_ROLE

#: Roles below this many bytes travel whole.
SMALL = 2048


class RoleChange(msgspec.Struct, frozen=True):
    """A zstd frame over the bytes of the version that was told as seen, and the size of what it holds."""

    size: int
    data: bytes


def change_of(data: bytes, before: bytes) -> RoleChange | None:
    """``data`` as a change of ``before``; None when that is not worth it."""
    if len(data) < SMALL:
        return None
    from kernel.delivery.zstd import deflate

    packed = deflate(data, before)
    return RoleChange(len(data), packed) if len(packed) < len(data) // 2 else None


def changed(role: str, change: RoleChange, before: bytes) -> bytes:
    """The role's bytes, not verified yet.

    Raises:
        ReleaseError: it is a change of something else, or larger than any role.
    """
    from kernel.delivery.zstd import inflate
    from kernel.wire.error import FrameError

    if not 0 <= change.size <= MAX_ROLE:
        raise ReleaseError(f"the metadata of '{role[:40]}' has {change.size} bytes, the limit is {MAX_ROLE}")
    try:
        return inflate(change.data, change.size, before)
    except FrameError as error:
        raise ReleaseError(f"the metadata of '{role[:40]}' cannot be unpacked: {error.message}") from error
