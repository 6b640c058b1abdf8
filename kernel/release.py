"""Releases: one app at one commit, its files named by hash.

Signing and trust come through the seam :class:`Trust`; :class:`Unsigned` accepts what it is given.
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from kernel.digest import sha256_of
from kernel.error import EspalierError


class ReleaseError(EspalierError):
    """A release or one of its files is not what it says."""


class File(msgspec.Struct, frozen=True):
    """One file of a release: its content's SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an app's release holds.

    Attributes:
        app: The app's name.
        title, icon, doc: For the table of apps.
        version: The author's version text of ``app.toml``.
        serial: Rises with every release of the app (position of its commit in the history).
        commit: The git commit, 40 hex digits; empty for a local folder.
        entry: The boot queue: agents and their arguments.
        sources: Source name → its description of ``app.toml`` (kind, tables and so on).
        requires: ``{"shell": "0.1", "plugins": {"chart": "1"}}``.
        files: Path with forward slashes → file, sorted by path; ``app.toml`` is among them.
        channel: The channel that this release was made for; a person's own is called as that person.
        created: When it was made, in seconds since 1970; 0 where nobody said.
        min_shell: The oldest shell that it opens in; empty for any.
        previous: The id of the release of this app and channel before it; empty for the first.
        libraries: Name → native library, as the resolver of libraries describes it.
        wheels: Name → wheel, as the resolver of wheels describes it.
        permissions: What the app asks for, such as ``net``; shown before its first run.
    """

    app: str
    title: str
    version: str
    serial: int
    commit: str
    entry: tuple[str, ...]
    files: dict[str, File]
    icon: str = ""
    doc: str = ""
    sources: dict[str, Any] = {}
    requires: dict[str, Any] = {}
    channel: str = "stable"
    created: int = 0
    min_shell: str = ""
    previous: str = ""
    libraries: dict[str, Any] = {}
    wheels: dict[str, Any] = {}
    permissions: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """Canonical bytes: JSON with sorted keys; equal manifests have equal bytes."""
        return msgspec.json.encode(self, order="sorted")


class Release(msgspec.Struct, frozen=True):
    """A manifest as it travels: its bytes and the signatures over them."""

    manifest: bytes
    signatures: tuple[tuple[str, bytes], ...] = ()

    @property
    def id(self) -> str:
        """SHA-256 of the manifest's bytes, in hex."""
        return sha256_of(self.manifest).hex()


class Trust(Protocol):
    """Who says that a release may run."""

    def verify(self, release: Release) -> Manifest:
        """The release's manifest.

        Raises:
            ReleaseError: the bytes are no manifest, or nobody trusted has signed them.
        """


class Unsigned:
    """Trust that asks for no signature; it still refuses bytes that are no manifest."""

    def verify(self, release: Release) -> Manifest:
        """See :meth:`Trust.verify`."""
        try:
            return msgspec.json.decode(release.manifest, type=Manifest)
        except msgspec.DecodeError as error:
            raise ReleaseError(f"the release's manifest cannot be read: {error}") from error
