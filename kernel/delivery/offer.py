"""A release as it comes over the wire: its manifest whole, compressed, or as a change of the one that is here."""

from __future__ import annotations

import msgspec

from kernel.release import Release, ReleaseError
from kernel.trust.role_change import RoleChange

#: Bytes of a manifest that are accepted; one of 100,000 files has about half.
MAX_MANIFEST = 24 << 20


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A release that a server offers.

    Attributes:
        manifest: The manifest's bytes in the form that ``form`` names.
        signatures: As in :class:`kernel.release.Release`.
        form: Empty = the bytes themselves; ``zstd``; ``patch`` = zstd over the manifest of the release ``have``.
        size: Bytes of the manifest itself, when it has another form.
        dictionary: SHA-256 of the app's dictionary, or empty.
        runs: Places in the manifest of the files that came along: first, end, first, end, …
        files: Those files, as :mod:`kernel.delivery.pack` reads them.
    """

    manifest: bytes
    signatures: tuple[tuple[str, bytes], ...] = ()
    form: str = ""
    size: int = 0
    dictionary: str = ""
    runs: tuple[int, ...] = ()
    files: bytes = b""


class News(msgspec.Struct):
    """The answer of the command ``release``.

    Attributes:
        release: The newest one; None = the one held is that.
        metadata: Role → bytes.
        changes: Roles that came as changes of those that were told as seen.
    """

    release: Offer | None = None
    metadata: dict[str, bytes] = {}
    changes: dict[str, RoleChange] = {}


def opened(offer: Offer, held: Release | None) -> Release:
    """The release that was offered; what it is worth is for the trust to say.

    Args:
        offer: As it came.
        held: The release that the server was told is here.

    Raises:
        ReleaseError: it cannot be unpacked, or is larger than any manifest.
    """
    if offer.form == "":
        return Release(offer.manifest, offer.signatures)
    over = b"" if held is None else held.manifest
    if offer.form not in ("zstd", "patch") or (offer.form == "patch" and not over):
        raise ReleaseError(f"the release came in the unknown form '{offer.form[:40]}'")
    if not 0 <= offer.size <= MAX_MANIFEST:
        raise ReleaseError(f"the release's manifest has {offer.size} bytes, the limit is {MAX_MANIFEST}")
    from kernel.delivery.zstd import inflate
    from kernel.wire.error import FrameError

    try:
        return Release(inflate(offer.manifest, offer.size, over if offer.form == "patch" else b""), offer.signatures)
    except FrameError as error:
        raise ReleaseError(f"the release's manifest cannot be unpacked: {error.message}") from error
