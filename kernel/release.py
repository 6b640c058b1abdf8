"""Releases: one app at one commit, its files named by hash.

Signing and trust come through the seam :class:`Trust`; :class:`Unsigned` accepts what it is given.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from kernel.digest import sha256_of
from kernel.error import EspalierError
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.trust.role_change import RoleChange

#: Bytes of a manifest at most: 100,000 files with long paths.
MAX_MANIFEST = 64 << 20


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


class Release(msgspec.Struct, frozen=True, dict=True):
    """A manifest as it travels: its bytes and the signatures over them."""

    manifest: bytes
    signatures: tuple[tuple[str, bytes], ...] = ()

    @functools.cached_property
    def id(self) -> str:
        """SHA-256 of the manifest's bytes, in hex."""
        return sha256_of(self.manifest).hex()


class Proof(NamedTuple):
    """How long it is proven that a server's releases are its newest.

    Attributes:
        left_s: Seconds for which it still is; 0 when it is not any more.
        ended: When it ended, seconds since the epoch; 0 while it is proven.
    """

    left_s: float
    ended: float = 0.0


class Trust(Protocol):
    """Who says that a release may run.

    :class:`kernel.delivery.Delivery` asks in this order: :meth:`seen` goes with the question to the server;
    :meth:`accept` gets the metadata of an answer and the release that came with it, or :meth:`take` the metadata alone
    and :meth:`confirm` the release held. :meth:`recheck` is asked at every start and must be quick.
    """

    def seen(self, app: str) -> dict[str, int] | None:
        """Role → version of the metadata that is here; None when the server need not send any."""

    def whole(self, changes: dict[str, RoleChange]) -> dict[str, bytes]:
        """The roles that came as changes of those that are here, not verified yet.

        Raises:
            ReleaseError: one is a change of something else.
        """

    def take(self, app: str, metadata: dict[str, bytes]) -> None:
        """Verify and keep the metadata that came: role → bytes, ``root.N`` for each step of the root; may be empty.

        Raises:
            ReleaseError: some of it is not what its keys have signed, is older than what was seen, or has expired.
        """

    def accept(self, app: str, metadata: dict[str, bytes], release: Release, held: str = "") -> Manifest:
        """The manifest of a release that was offered, verified with the metadata that came; kept as by :meth:`take`.

        It outlasts a power cut from :meth:`settle` on, so that the disk is waited for but once.

        Args:
            app: The app that was asked for.
            metadata: As for :meth:`take`.
            release: As it came.
            held: The id of the release that is here. It stays accepted, however many are offered and never come whole.

        Raises:
            ReleaseError: as :meth:`take`; or the bytes are no manifest, or nobody trusted has signed them.
        """

    def settle(self) -> None:
        """Have what was accepted outlast a power cut; raises CacheError."""

    def confirm(self, app: str, channel: str, id: str, size: int) -> None:
        """Refuse a held release that the server calls its newest and that is not.

        Args:
            app, channel: Whose newest.
            id: The release's.
            size: Bytes of its manifest.

        Raises:
            ReleaseError: the metadata name another one.
        """

    def recheck(self, app: str, id: str) -> None:
        """Refuse a release that was accepted before, for a start.

        Raises:
            ReleaseError: it may not run any more.
        """

    def check_age(self, held: Manifest | None, offered: Manifest) -> None:
        """Refuse a release that is older than what was here.

        Raises:
            ReleaseError: it is.
        """

    def proof(self) -> Proof | None:
        """Whether what is here is proven to be the newest; None where nothing needs to be proven."""


class Unsigned:
    """Trust that asks for no signature; it still refuses bytes that are no manifest, and older releases."""

    def seen(self, app: str) -> dict[str, int] | None:
        """See :meth:`Trust.seen`."""
        return None

    def whole(self, changes: dict[str, RoleChange]) -> dict[str, bytes]:
        """See :meth:`Trust.whole`."""
        return {}

    def take(self, app: str, metadata: dict[str, bytes]) -> None:
        """See :meth:`Trust.take`."""

    def accept(self, app: str, metadata: dict[str, bytes], release: Release, held: str = "") -> Manifest:
        """See :meth:`Trust.accept`."""
        return decode_offered(release, held)

    def settle(self) -> None:
        """See :meth:`Trust.settle`."""

    def confirm(self, app: str, channel: str, id: str, size: int) -> None:
        """See :meth:`Trust.confirm`."""

    def recheck(self, app: str, id: str) -> None:
        """See :meth:`Trust.recheck`."""

    def check_age(self, held: Manifest | None, offered: Manifest) -> None:
        """See :meth:`Trust.check_age`."""
        if held is not None and as_one(held.channel) == as_one(offered.channel) and offered.serial < held.serial:
            raise older_release(offered, held.serial)

    def proof(self) -> Proof | None:
        """See :meth:`Trust.proof`."""
        return None


def as_one(channel: str) -> tuple[str, ...]:
    """The channels whose releases follow one another: who asks for the stable one gets its staged successor as well."""
    return ("stable", "next") if channel in ("stable", "next") else (channel,)


def older_release(offered: Manifest, seen: int) -> ReleaseError:
    """The refusal of a release whose serial is below the one that was seen."""
    return ReleaseError(
        mark(
            f"the server offers release {offered.serial} of '{offered.app}', which is older than release {seen} that "
            "was here; it was refused"
        ),
        hint=mark(
            "to go back to an older version publish its files again, as a new release; a server that was restored "
            "from a backup needs what was published since"
        ),
    )


class Known(NamedTuple):
    """A manifest that was read, and its bytes."""

    data: bytes
    manifest: Manifest


#: Id → manifests that this process has read lately, of all servers: what an id names never changes.
_known: dict[str, Known] = {}
_MOST_KNOWN = 4


def known(id: str) -> Known | None:
    """The manifest of that id, if this process has read it lately."""
    return _known.get(id)


def remember(id: str, data: bytes, manifest: Manifest) -> Manifest:
    """Keep a manifest for :func:`known`; answers it."""
    _known.pop(id, None)
    _known[id] = Known(data, manifest)
    for old in list(_known)[:-_MOST_KNOWN]:
        _known.pop(old, None)
    return manifest


def decode_offered(release: Release, held: str = "") -> Manifest:
    """The manifest of bytes that come from elsewhere: those that :meth:`Manifest.encode` writes and no others.

    Args:
        release: As it came.
        held: The id of a release; where its manifest is known, only what differs from it is read.

    Raises:
        ReleaseError: they are none, too many, or can be read in more than one way.
    """
    data, before = release.manifest, known(held)
    if len(data) > MAX_MANIFEST:
        raise ReleaseError(mark(f"the release's manifest has {len(data)} bytes, the limit is {MAX_MANIFEST}"))
    manifest = None
    if before is not None:
        from kernel.manifest_change import decode_change

        manifest = decode_change(data, before)
    if manifest is None:
        manifest = decode_manifest(data)
        if manifest.encode() != data:
            raise ReleaseError(
                mark(
                    "the release's manifest is not in the canonical form: it has fields that are doubled or not known "
                    "here"
                ),
                hint=mark("it may need a newer Espalier"),
            )
    return remember(release.id, data, manifest)


@functools.lru_cache(maxsize=4)
def decode_manifest(data: bytes) -> Manifest:
    """The manifest of its bytes; the same one for the same bytes while they are in use.

    Raises:
        ReleaseError: they are none.
    """
    try:
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReleaseError(mark(f"the release's manifest cannot be read: {error}")) from error
