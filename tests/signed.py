"""A server that signs, without a network: its keys, an admin's and a publisher's, and clients that verify."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from kernel.cache import Cache
from kernel.release import File, Manifest, Release
from kernel.trust import key
from kernel.trust import role as making
from kernel.trust.document import decode, encode
from kernel.trust.seal import Seal
from kernel.trust.server_trust import ServerTrust
from server.log import Log
from server.signing.first import make_first
from server.signing.signing import Signing
from server.signing.store import Store

#: When these worlds begin: 1 May 2026.
START = 1_777_600_000.0


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time."""
        return self.now

    def go(self, days: float) -> None:
        """Let some days pass."""
        self.now += days * making.DAY_S


def manifest_of(app: str = "shop", serial: int = 1, channel: str = "stable", **other: Any) -> bytes:
    """A manifest's bytes."""
    files = {"app.toml": File("ab" * 32, 3)}
    return Manifest(app, app.title(), "1", serial, "", ("layout",), files, channel=channel, **other).encode()


class World:
    """One server's keys and roles, and the admin beside it.

    Attributes:
        signing: The server's.
        releases: What it publishes, app and channel → manifest.
        offline: The folder of root's and targets' keys.
    """

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.folder = folder
        self.clock = clock or Clock()
        self.store = Store(folder / "server")
        self.offline = make_first(self.store, folder / "keys", self.clock())
        self.releases: dict[tuple[str, str], bytes] = {}
        self.open()

    def open(self) -> None:
        """Start the server's signing, or start it anew."""
        self.signing = Signing(self.store, Log(self.folder / "log"), self.clock)

    def signer(self, name: str) -> CryptoSigner:
        """An offline key."""
        return key.load(self.offline / f"{name}.pem")

    def own_signer(self, role: str) -> CryptoSigner:
        """One of the server's keys, which somebody may have stolen."""
        keys = self.store.keys()
        if role == "apps":
            delegations = self.content("targets").delegations
            return keys[delegations.roles["apps"].keyids[0]]
        return keys[self.root.roles[role].keyids[0]]

    @property
    def root(self) -> Any:
        """The newest root."""
        names = [name for name in self.signing.all_roles() if name.startswith("root.")]
        return self.content(max(names, key=lambda name: int(name[5:])))

    def content(self, role: str) -> Any:
        """What a role says, to be changed."""
        return decode("root" if role.startswith("root.") else role, self.signing.all_roles()[role]).signed

    def publish(self, app: str = "shop", serial: int = 1, channel: str = "stable", **other: Any) -> Release:
        """Publish a release by a push."""
        data = manifest_of(app, serial, channel, **other)
        self.releases[app, channel] = data
        self.signing.take(self.releases)
        return Release(data)

    def change_root(self, change: Any, signers: list[CryptoSigner] | None = None) -> bytes:
        """A next root: ``change(root)``, signed with the root key or ``signers``."""
        root = self.root
        change(root)
        making.renew(root, "root", self.clock())
        return making.sign(root, signers or [self.signer("root")])

    def change_targets(self, change: Any, signers: list[CryptoSigner] | None = None) -> bytes:
        """Next targets, likewise."""
        targets = self.content("targets")
        change(targets)
        making.renew(targets, "targets", self.clock())
        return making.sign(targets, signers or [self.signer("targets")])

    def rotate(self, role: str) -> None:
        """Replace the server's key of a role by a spare one."""
        spare = key.parse(self.signing.spares()[0])
        if role == "apps":
            data = self.change_targets(lambda targets: making.delegate(targets, "apps", [spare], ["apps/*/*"]))
            self.signing.take_top({"targets": data})
            return

        def change(root: Any) -> None:
            root.revoke_key(root.roles[role].keyids[0], role)
            root.add_key(spare, role)

        version = self.root.version + 1
        self.signing.take_top({f"root.{version}": self.change_root(change)})

    def delegate(self, app: str, signers: list[CryptoSigner], threshold: int = 1) -> None:
        """Have an app signed by publishers alone."""

        def change(targets: Any) -> None:
            keys = [signer.public_key for signer in signers]
            making.delegate(targets, f"apps/{app}", keys, [f"apps/{app}/*"], threshold, is_first=True)

        self.signing.take_top({"targets": self.change_targets(change)})

    def sign_app(self, app: str, manifests: Mapping[str, bytes], signers: list[CryptoSigner]) -> bytes:
        """An app's next role as a publisher signs it."""
        role = f"apps/{app}"
        known = role in self.signing.all_roles()
        content = self.content(role) if known else making.new_targets(role, self.clock())
        facts = {channel: {"serial": decoded(data).serial, "version": "1"} for channel, data in manifests.items()}
        content.targets = making.app_targets(app, manifests, facts)
        making.renew(content, role, self.clock())
        return making.sign(content, signers)


def decoded(data: bytes) -> Manifest:
    """The manifest of its bytes."""
    from kernel.release import decode_manifest

    return decode_manifest(data)


class Client:
    """A person's trust in the server ``home``, and the answers that it gets."""

    def __init__(self, folder: Path, clock: Clock, **options: Any) -> None:
        self.folder, self.clock = folder, clock
        self.met: list[str] = []
        self.trust = ServerTrust(
            folder / "data" / "trust",
            "home",
            Cache(folder / "cache"),
            seal=Seal(folder / "data" / "trust" / "seal.key"),
            on_met=self.met.append,
            clock=clock,
            **options,
        )

    def refresh(self, world: World, app: str = "shop", channel: str = "stable") -> Manifest:
        """What a refresh does with the server's honest answer."""
        return self.offered(world.signing.metadata(app, self.trust.seen(app)), Release(world.releases[app, channel]))

    def offered(self, metadata: dict[str, bytes], release: Release) -> Manifest:
        """What a refresh does with an answer."""
        manifest = decoded(release.manifest)
        return self.trust.accept(manifest.app, metadata, release)


def altered(data: bytes, change: Any, signers: list[CryptoSigner] | None = None) -> bytes:
    """Metadata with another content: under the old signatures, or signed by ``signers``."""
    metadata: Metadata[Any] = Metadata.from_bytes(data)
    change(metadata.signed)
    if signers is not None:
        return making.sign(metadata.signed, signers)
    return encode(metadata)
