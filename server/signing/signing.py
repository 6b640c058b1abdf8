"""Signing of releases: what is published is in the roles, durably, before anybody is told of it.

The server has the keys of snapshot and timestamp and one for what is pushed. Root and targets come signed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tuf.api.metadata import Root, Targets

from kernel.digest import sha256_of
from kernel.release import Manifest, ReleaseError, decode_manifest
from kernel.trust import role as making
from kernel.trust.bundle import PUSHES, app_role
from kernel.trust.document import decode
from kernel.trust.fingerprint import fingerprint, shown
from kernel.trust.limit import MAX_ROOTS
from kernel.trust.role_change import RoleChange
from kernel.trust.succession import PREFIX, advance, verify
from server.log import Log
from server.signing.past import Past
from server.signing.reach import check_reach
from server.signing.roles import Roles
from server.signing.store import Signed, Store

#: App and channel of a release.
Place = tuple[str, str]
_TOP = ("timestamp", "snapshot", "targets", PUSHES)
_BEHIND = (
    "it was restored from an older backup: publish again what is missing, then run espalier keys restored; until then "
    "these clients stay with what they have"
)
#: Days before root or targets expire from which on the log says so.
_WARNING_DAYS = 60


class Signing:
    """The roles of one server. Safe from any thread; there is one object for a folder (see :func:`store.lock`).

    Args:
        store: Roles and keys; with a root.
        log: The server's log.
        clock: Seconds since the epoch.

    Attributes:
        waiting: App and channel → why its published release is not the signed one.

    Raises:
        SigningError: a role cannot be read, or a key is missing.
    """

    def __init__(self, store: Store, log: Log, clock: Callable[[], float] = time.time) -> None:
        self._log, self._clock = log, clock
        self._lock = threading.RLock()
        self._roles = Roles(store, clock)
        self._shown: dict[str, Signed] = {}
        self._past = Past()
        self._is_behind_told = False
        self.waiting: dict[Place, str] = {}
        self._unsigned_manifests: dict[Place, bytes] = {}
        with self._lock:
            self._roles.fill_spares()
            self._settle()

    # What is known

    @property
    def root(self) -> Root:
        """The newest root; not to be changed."""
        return self._roles.root

    @property
    def fingerprint(self) -> str:
        """See :func:`kernel.trust.fingerprint.fingerprint`."""
        return fingerprint(self._roles.root)

    def metadata(self, app: str, seen: Mapping[str, int]) -> dict[str, bytes]:
        """The roles of which a client that opens ``app`` has seen another version; all of them after a new root.

        A version says nothing when other keys may have signed it: a server that was restored counts anew.
        """
        shown, found = self._shown, {}
        is_new_root = f"{PREFIX}{seen.get('root', 0) + 1}" in shown
        for role in (*_TOP, app_role(app)):
            signed = shown.get(role)
            if signed is None or (signed.version == seen.get(role) and not is_new_root):
                continue
            found[role] = signed.data
            if seen.get(role, 0) > signed.version:
                self._tell_behind(role, seen[role], signed.version)
        first = max(0, seen.get("root", 0)) + 1
        for number in range(first, first + MAX_ROOTS):
            step = shown.get(f"{PREFIX}{number}")
            if step is None:
                break
            found[f"{PREFIX}{number}"] = step.data
        return found

    def changes(self, metadata: Mapping[str, bytes], seen: Mapping[str, int]) -> dict[str, RoleChange]:
        """Those of ``metadata`` that may travel as changes of the versions that a client has seen."""
        found = {role: self._past.change(role, seen[role], data) for role, data in metadata.items() if role in seen}
        return {role: change for role, change in found.items() if change is not None}

    def all_roles(self) -> dict[str, bytes]:
        """Every role by name, for who works on them."""
        return {role: signed.data for role, signed in self._shown.items()}

    def spares(self) -> list[str]:
        """See :meth:`Roles.spares`."""
        return self._roles.spares()

    def targets_of(self, app: str) -> dict[str, str]:
        """Channel → id of the release that the app's role names now."""
        signed = self._shown.get(app_role(app))
        prefix = f"{app_role(app)}/"
        targets = signed.content.targets if signed is not None else {}
        return {path.removeprefix(prefix): file.hashes["sha256"] for path, file in targets.items()}

    def has_signed(self, manifest: Manifest, release: str) -> bool:
        """Whether the release is the signed one, or waits for its publisher."""
        place = manifest.app, manifest.channel
        return place in self.waiting or self.targets_of(manifest.app).get(manifest.channel) == release

    def can_sign(self, app: str) -> bool:
        """Whether the server may sign the app's releases by itself."""
        delegator = self._roles.delegator(app)
        if delegator is None:
            return False
        delegated = delegator.get_delegated_role(app_role(app))
        return len(set(delegated.keyids) & self._roles.keys.keys()) >= delegated.threshold

    # What is signed

    def take(self, releases: Mapping[Place, bytes]) -> dict[Place, str]:
        """Sign all that is published: app and channel → manifest bytes. On the disk when this returns.

        Returns:
            What is not the signed one, with the reason: its app needs the signature of a publisher.

        Raises:
            SigningError: something cannot be written; what was signed before holds.
        """
        with self._lock:
            by_app: dict[str, dict[str, bytes]] = {app: {} for app in self._roles.apps()}
            for (app, channel), data in releases.items():
                by_app.setdefault(app, {})[channel] = data
            waiting: dict[Place, str] = {}
            with self._roles.together():
                self._delegate_pushes(set(by_app))
                for app, manifests in by_app.items():
                    if self.can_sign(app):
                        self._sign_app(app, manifests)
                    else:
                        waiting |= self._unsigned(app, manifests)
                self._sign_named()
            self._show()
            self.waiting = waiting
            self._unsigned_manifests = {place: releases[place] for place in waiting}
            return waiting

    def waiting_of(self, app: str) -> dict[str, bytes]:
        """Channel → manifest of the releases of an app that wait for their publisher."""
        return {channel: data for (name, channel), data in self._unsigned_manifests.items() if name == app}

    def take_signed(self, app: str, data: bytes) -> None:
        """Take the role of an app as a publisher has signed it.

        Raises:
            ReleaseError: it is not what those who may sign the app have signed, or not the next version.
            SigningError: it cannot be written.
        """
        with self._lock:
            role, delegator = app_role(app), self._roles.delegator(app)
            if delegator is None:
                raise ReleaseError(f"nobody may sign releases of '{app}'", hint=f"espalier keys delegate {app} KEY")
            metadata = decode(role, data)
            verify(delegator, role, metadata, "the publisher")
            now = self._roles.all[role].version if role in self._roles.all else 0
            if metadata.signed.version != now + 1:
                raise ReleaseError(
                    f"version {metadata.signed.version} of '{role}' does not follow version {now}",
                    hint="somebody else has published meanwhile: publish again",
                )
            if metadata.signed.expires.timestamp() <= self._clock():
                raise ReleaseError(f"'{role}' has expired already", hint="check this machine's clock")
            _check_names(app, metadata.signed)
            self._roles.keep(role, data)
            self._sign_top()

    def take_top(self, roles: Mapping[str, bytes]) -> None:
        """Take a new root (``root.N``), new targets, or both, as an admin has signed them.

        Raises:
            ReleaseError: they do not follow what holds.
            SigningError: they want keys that the server does not have, or cannot be written.
        """
        with self._lock:
            held = self._roles
            strange = [name for name in roles if name != "targets" and not name.startswith(PREFIX)]
            if strange:
                raise ReleaseError(f"'{strange[0][:40]}' is neither root nor targets")
            step = advance("the server", held.all[f"{PREFIX}{held.newest_root}"].data, dict(roles))
            if step.problem is not None:
                raise step.problem
            targets = decode("targets", roles.get("targets", held.all["targets"].data))
            verify(step.root, "targets", targets, "the server")
            if "targets" in roles and targets.signed.version <= held.all["targets"].version:
                raise ReleaseError(f"targets {targets.signed.version} do not follow targets {held.targets.version}")
            for top in ("snapshot", "timestamp"):
                held.signers(top, step.root)
            used, newest = held.used(), held.newest_root
            for number in range(newest + 1, step.root.version + 1):
                held.keep(f"{PREFIX}{number}", roles[f"{PREFIX}{number}"])
            if "targets" in roles:
                held.keep("targets", roles["targets"])
            held.drop_replaced(used)
            held.fill_spares()
            self._settle()

    def renew(self) -> float:
        """Renew what has lasted for half of its time; answers the seconds until it is to be called again.

        Raises:
            SigningError: it cannot be written.
        """
        with self._lock:
            self._renew_own()
            self._sign_top()
            self._warn_of_ends()
            due = min(self._roles.due(role) for role in ("snapshot", "timestamp"))
            return max(1.0, due - self._clock())

    # Inside

    def _settle(self) -> None:
        """Sign anew what no longer fits: after a new root or targets, or when the last writing broke off."""
        held = self._roles
        if held.may_push and PUSHES in held.all:
            keys = set(held.targets.delegations.roles[PUSHES].keyids) & held.keys.keys()
            delegated = held.all[PUSHES].content.delegations.roles.values()
            if not held.is_signed(PUSHES, held.targets) or any(set(role.keyids) != keys for role in delegated):
                held.delegate_pushes(held.pushed_apps())
        for app in held.apps():
            delegator = held.delegator(app)
            if delegator is not None and self.can_sign(app) and not held.is_signed(app_role(app), delegator):
                held.sign(app_role(app), held.fresh(app_role(app)), delegator)
        for top in ("snapshot", "timestamp"):
            if top in held.all and not held.is_signed(top, held.root):
                held.sign(top, held.fresh(top), held.root)
        self._sign_top()

    def _renew_own(self) -> None:
        """Sign the server's other roles anew when half of their time is over."""
        held, now = self._roles, self._clock()
        if held.may_push and PUSHES in held.all and held.due(PUSHES) <= now:
            held.delegate_pushes(held.pushed_apps())
        for app in held.apps():
            if held.due(app_role(app)) <= now and self.can_sign(app):
                held.sign(app_role(app), held.fresh(app_role(app)), held.delegator(app))

    def _delegate_pushes(self, apps: set[str]) -> None:
        """Have a role for each app that has none of its own in targets."""
        held = self._roles
        if held.may_push:
            own = {app for app in apps if app_role(app) in held.targets.delegations.roles}
            wanted = held.pushed_apps() | (apps - own)
            if wanted != held.pushed_apps() or PUSHES not in held.all:
                held.delegate_pushes(wanted)

    def _sign_app(self, app: str, manifests: Mapping[str, bytes]) -> None:
        role, held = app_role(app), self._roles
        facts = {}
        for channel, data in manifests.items():
            manifest = decode_manifest(data)
            facts[channel] = {"serial": manifest.serial, "version": manifest.version}
        wanted = making.app_targets(app, manifests, facts)
        if role in held.all and held.all[role].content.targets == wanted and held.due(role) > self._clock():
            return
        content = held.fresh(role)
        content.targets = wanted
        held.sign(role, content, held.delegator(app))

    def _unsigned(self, app: str, manifests: Mapping[str, bytes]) -> dict[Place, str]:
        named = self.targets_of(app)
        return {
            (app, channel): f"the release of '{app}' ({channel}) waits for the signature of its publisher"
            for channel, data in manifests.items()
            if named.get(channel) != sha256_of(data).hex()
        }

    def _sign_top(self) -> None:
        """Snapshot and timestamp as they must be now; then show all."""
        self._sign_named()
        self._show()

    def _sign_named(self) -> None:
        """Snapshot and timestamp, when they name something else now or half of their time is over."""
        held, now = self._roles, self._clock()
        meta = {
            f"{role}.json": making.file_of(signed.data, signed.version)
            for role, signed in held.all.items()
            if role not in ("snapshot", "timestamp") and not role.startswith(PREFIX)
        }
        if "snapshot" not in held.all or held.all["snapshot"].content.meta != meta or held.due("snapshot") <= now:
            snapshot = held.fresh("snapshot")
            snapshot.meta = meta
            held.sign("snapshot", snapshot, held.root)
        named = making.file_of(held.all["snapshot"].data, held.all["snapshot"].version)
        signed = held.all.get("timestamp")
        if signed is None or signed.content.snapshot_meta != named or held.due("timestamp") <= now:
            timestamp = held.fresh("timestamp")
            timestamp.snapshot_meta = named
            making.mark_time(timestamp, now)
            held.sign("timestamp", timestamp, held.root)

    def _show(self) -> None:
        """Let clients see what is on the disk."""
        self._shown = self._roles.all
        for role, signed in self._shown.items():
            if not role.startswith(PREFIX):
                self._past.keep(role, signed.version, signed.data)

    def _warn_of_ends(self) -> None:
        contents = {"root": self._roles.root, "targets": self._roles.targets}
        contents |= {app_role(app): self._roles.all[app_role(app)].content for app in self._roles.apps()}
        for name, content in contents.items():
            days = (content.expires.timestamp() - self._clock()) / making.DAY_S
            if days < _WARNING_DAYS:
                hint = "publish the app again" if "/" in name else "espalier keys renew"
                self._log.error(f"{name} expires soon", days=round(days), hint=hint)

    def _tell_behind(self, role: str, seen: int, now: int) -> None:
        if not self._is_behind_told:
            self._is_behind_told = True
            words = "clients have seen newer releases than this server has"
            self._log.error(words, role=role, seen=seen, now=now, hint=_BEHIND)


def _check_names(app: str, signed: Targets) -> None:
    prefix = f"{app_role(app)}/"
    for path in signed.targets:
        if not path.startswith(prefix):
            raise ReleaseError(f"the role of '{app}' names {path}, which is not the app's", hint=f"expected {prefix}…")


def open_signing(
    folder: Path, keyring: Path, log: Log, *, others: Iterable[Path] = (), tls: Callable[[], list[str]] = list
) -> tuple[Signing, list[str]]:
    """The signing of a server, with keys that are made when it never signed; answers also lines for people.

    Args:
        folder: The server's own folder for it.
        keyring: Where the person who starts the server keeps keys.
        log: The server's log.
        others: More folders of the server, in which no private key of root or targets may lie.
        tls: Answers the keys under which clients know the server's connections; asked when keys are made.

    Raises:
        SigningError: roles or keys cannot be read or made, or keys lie where they must not.
    """
    from server.signing.first import make_first, offline_folder, renew_offline

    store, said = Store(folder), []
    if not store.has_root:
        offline = make_first(store, keyring, tls=tls())
        said.append(f"Made keys for this server; those that may change keys are in {offline}: keep a copy elsewhere")
    signing = Signing(store, log)
    renew_offline(signing, offline_folder(keyring, signing.all_roles()[f"{PREFIX}1"]), log)
    check_reach(signing.root, [folder, *others])
    said.append(f"Fingerprint {shown(signing.fingerprint)}")
    return signing, said
