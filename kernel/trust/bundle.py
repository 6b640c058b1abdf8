"""Metadata of one answer, verified in the order of the TUF specification (5.3 to 5.6), without files or network.

``TrustedMetadataSet`` of python-tuf has the same order; it knows neither floors that outlive its files, nor a signed
time, nor keys of an app that were revoked.
"""

from __future__ import annotations

from typing import Any

import msgspec
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from kernel.release import ReleaseError
from kernel.trust.document import UNREADABLE, decode_shared
from kernel.trust.fingerprint import fingerprint
from kernel.trust.limit import MAX_BUNDLE, MAX_TIMESTAMP_S
from kernel.trust.moment import day, described, signed_time
from kernel.trust.state import AppTrust, State, Target
from kernel.trust.succession import PREFIX, Step, advance, begin, verify
from kernel.words import mark

#: The role that the server signs what is pushed with; it delegates to one role for each app.
PUSHES = "apps"
_RESTORED = mark(
    "the server may have been restored from an older backup (its operator then needs: espalier keys restored), or "
    "somebody sends old data in its place"
)


def app_role(app: str) -> str:
    """The role that signs the app's releases."""
    return f"apps/{app}"


class Bundle:
    """One answer's metadata together with what is held, verified into a new :class:`State`.

    Args:
        server: As the person knows it.
        state: What is known; not changed.
        held: Role → metadata that were verified before.
        new: Role → metadata of the answer.
        app: Whose roles they are.
        now: Seconds since the epoch by this machine's clock.

    Attributes:
        state: What is known once :meth:`verify` has returned.
        safe: After a refusal, what is known nevertheless: the steps of the root that were right, and who may sign
            by targets that were right.
        kept: Role → metadata to hold from now on.
    """

    def __init__(
        self, server: str, state: State, held: dict[str, bytes], new: dict[str, bytes], app: str, now: float
    ) -> None:
        self.state = _copied(state)
        self.safe = state
        self.kept: dict[str, bytes] = {}
        self._server, self._held, self._new, self._app, self._clock = server, held, new, app, now

    def verify(self) -> None:
        """Verify all of it.

        Raises:
            ReleaseError: something of it is refused.
        """
        self._check_size()
        root = self._root()
        timestamp = self._timestamp(root)
        snapshot = self._snapshot(root, timestamp)
        targets: Targets = self._listed("targets", root, snapshot)[0].signed
        pushes: Targets | None = None
        if targets.delegations is not None and PUSHES in (targets.delegations.roles or ()):
            pushes = self._listed(PUSHES, targets, snapshot)[0].signed
        self._note_keys(targets, pushes)
        self._secure(targets)
        self._take_app(targets, pushes, snapshot)
        self.state.listed = {name.removesuffix(".json"): file.version for name, file in snapshot.meta.items()}
        self.state.good_time = max(self.state.good_time, signed_time(timestamp))

    @property
    def _now(self) -> float:
        """The clock, which is not believed when it is before what the server has signed."""
        return max(self._clock, self.state.good_time)

    def _check_size(self) -> None:
        total = sum(len(data) for data in self._new.values())
        if total > MAX_BUNDLE:
            raise ReleaseError(mark(f"{self._server} sent {total} bytes of metadata, the limit is {MAX_BUNDLE}"))
        expected = {"timestamp", "snapshot", "targets", PUSHES, app_role(self._app)}
        strange = next((name for name in self._new if name not in expected and not name.startswith(PREFIX)), None)
        if strange is not None:
            raise ReleaseError(mark(f"{self._server} sent metadata that nobody asked for: {strange[:40]!r}"))

    # Root

    def _root(self) -> Root:
        state = self.state
        first = begin(self._server, state.fingerprint, self._new) if not state.root else None
        old: Root = first.root if first else decode_shared("root", state.root).signed
        step: Step = advance(self._server, first.data if first else state.root, self._new)
        self._recover(old, step.root)
        state.root, state.root_version, state.fingerprint = step.data, step.root.version, fingerprint(step.root)
        if first is None:  # at a first contact nothing is kept before all of it is right
            self.safe = _copied(state)
        if step.problem is not None:
            raise step.problem
        self._check_expiry("root", step.root)
        return step.root

    def _recover(self, old: Root, new: Root) -> None:
        """Versions that replaced keys have signed bind nobody: they may have been raised without end (5.3.11)."""
        state = self.state
        if _signers(old, "timestamp") != _signers(new, "timestamp") or _signers(old, "snapshot") != _signers(
            new, "snapshot"
        ):
            state.floors = {role: version for role, version in state.floors.items() if role == "targets"}
            state.listed, state.good_time, state.expires = {}, 0.0, 0.0
        if _signers(old, "targets") != _signers(new, "targets"):
            state.floors.pop("targets", None)

    # The server's roles

    def _timestamp(self, root: Root) -> Timestamp:
        data = self._new.get("timestamp", self._held.get("timestamp"))
        if data is None:
            raise ReleaseError(mark(f"{self._server} sent no timestamp"))
        metadata = self._checked("timestamp", data, root)
        timestamp: Timestamp = metadata.signed
        self._check_floor("timestamp", timestamp.version)
        self._check_floor("snapshot", timestamp.snapshot_meta.version)
        self._check_expiry("timestamp", timestamp)
        self._check_lasting(timestamp)
        self.state.expires = timestamp.expires.timestamp()
        self._keep("timestamp", data, timestamp.version)
        return timestamp

    def _snapshot(self, root: Root, timestamp: Timestamp) -> Snapshot:
        data = self._bytes("snapshot", timestamp.snapshot_meta)
        snapshot: Snapshot = self._checked("snapshot", data, root).signed
        self._check_version("snapshot", snapshot.version, timestamp.snapshot_meta.version)
        for role, version in self.state.listed.items():
            listed = snapshot.meta.get(f"{role}.json")
            if listed is None or listed.version < version:
                raise ReleaseError(
                    mark(
                        f"{self._server} names {'no' if listed is None else 'an older'} version of '{role}', of which "
                        f"version {version} was seen; it was refused"
                    ),
                    hint=_RESTORED,
                )
        self._check_expiry("snapshot", snapshot)
        self._keep("snapshot", data, snapshot.version)
        return snapshot

    def _listed(self, role: str, delegator: Any, snapshot: Snapshot) -> tuple[Metadata[Targets], tuple[str, ...]]:
        """A role that the snapshot names, and the keys that have signed it."""
        listed = snapshot.meta.get(f"{role}.json")
        if listed is None:
            raise ReleaseError(
                mark(f"nobody has signed releases of '{self._app}' at {self._server}: '{role}' is missing")
            )
        data = self._bytes(role, listed)
        metadata = decode_shared(role, data)
        signers = verify(delegator, role, metadata, self._server)
        self._check_version(role, metadata.signed.version, listed.version)
        self._check_floor(role, metadata.signed.version)
        self._check_expiry(role, metadata.signed)
        self._keep(role, data, metadata.signed.version)
        return metadata, signers

    # The app

    def _take_app(self, targets: Targets, pushes: Targets | None, snapshot: Snapshot) -> None:
        """Take the releases that the app's role names."""
        delegator = delegator_of(targets, pushes, self._app)
        if delegator is None:
            raise ReleaseError(mark(f"{self._server} has nobody who may sign releases of '{self._app}'"))
        role = app_role(self._app)
        metadata, signers = self._listed(role, delegator, snapshot)
        known = self.state.apps.setdefault(self._app, AppTrust())
        known.targets, known.signers = _releases(self._app, metadata.signed), signers
        for target in known.targets.values():
            if target.sha256 in known.accepted:
                known.accepted[target.sha256] = signers
        known.keys, known.threshold = _signers(delegator, role)

    def _note_keys(self, targets: Targets, pushes: Targets | None) -> None:
        """Note who may sign each app that is known; who signed with other keys is not believed any more."""
        for app, known in self.state.apps.items():
            delegator = delegator_of(targets, pushes, app)
            keys, threshold = _signers(delegator, app_role(app)) if delegator is not None else ((), 1)
            if (keys, threshold) != (known.keys, known.threshold):
                known.keys, known.threshold, known.serials, known.targets = keys, threshold, {}, {}
                self.state.floors.pop(app_role(app), None)

    def _secure(self, targets: Targets) -> None:
        """A key that was taken away counts no more, also when the app's role is refused after this.

        Of versions that of targets alone is kept: the others are signed with keys of the server, which may be stolen.
        """
        if self.safe.root:  # at a first contact nothing is kept before all of it is right
            floors = {role: version for role, version in self.safe.floors.items() if role in self.state.floors}
            self.safe = msgspec.structs.replace(
                self.safe, apps=_copied(self.state).apps, floors=floors | {"targets": targets.version}
            )

    # Checks

    def _bytes(self, role: str, listed: Any) -> bytes:
        """The bytes that another role names by length and hash: new ones, or those that are held."""
        data = self._new.get(role, self._held.get(role))
        if data is not None and _fits(listed, data):
            return data
        if role in self._new:
            raise ReleaseError(mark(f"'{role}' of {self._server} is not the one that belongs to its other metadata"))
        raise ReleaseError(mark(f"{self._server} sent no '{role}' {listed.version}"))

    def _checked(self, role: str, data: bytes, root: Root) -> Metadata[Any]:
        metadata = decode_shared(role, data)
        verify(root, role, metadata, self._server)
        return metadata

    def _check_floor(self, role: str, version: int) -> None:
        floor = self.state.floors.get(role, 0)
        if version < floor:
            raise ReleaseError(
                mark(
                    f"{self._server} sent version {version} of '{role}', of which version {floor} was seen; "
                    "it was refused"
                ),
                hint=_RESTORED,
            )

    def _check_version(self, role: str, version: int, expected: int) -> None:
        if version != expected:
            raise ReleaseError(mark(f"{self._server} sent version {version} of '{role}' as version {expected}"))

    def _check_expiry(self, role: str, signed: Any) -> None:
        if signed.expires.timestamp() > self._now:
            return
        raise ReleaseError(
            mark(
                f"'{role}' of {self._server} has expired on {described(signed.expires.timestamp())}; "
                "nothing newer can be proven, so what it offers was refused"
            ),
            hint=mark(
                f"this machine's clock says {day(self._clock)}; if that is right, the server does not renew its "
                "signatures, or somebody withholds newer ones"
            ),
        )

    def _check_lasting(self, timestamp: Timestamp) -> None:
        """Refuse one that holds for years: news could be withheld for as long, once its key was stolen."""
        if timestamp.expires.timestamp() <= self._now + MAX_TIMESTAMP_S:
            return
        ends, days = day(timestamp.expires.timestamp()), round(MAX_TIMESTAMP_S / 86_400)
        raise ReleaseError(
            mark(
                f"'timestamp' of {self._server} is to hold until {ends}, which is longer than the {days} days that are "
                "believed; it was refused"
            ),
            hint=mark(
                f"this machine's clock says {day(self._clock)}; if that is right, somebody else may have the server's "
                "key"
            ),
        )

    def _keep(self, role: str, data: bytes, version: int) -> None:
        self.kept[role] = data
        self.state.floors[role] = version


def _copied(state: State) -> State:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=State)


def _signers(delegator: Any, role: str) -> tuple[tuple[str, ...], int]:
    """The ids of the keys that may sign ``role``, and how many must."""
    delegated = delegator.get_delegated_role(role)
    return tuple(sorted(delegated.keyids)), delegated.threshold


def delegator_of(targets: Targets, pushes: Targets | None, app: str) -> Targets | None:
    """Whose delegation to the app's role counts: the first that fits its releases; None when there is none."""
    name = _delegated(targets, app)
    if name != PUSHES:
        return targets if name else None
    return pushes if pushes is not None and _delegated(pushes, app) == app_role(app) else None


def _delegated(delegator: Targets, app: str) -> str:
    """The role that the first fitting delegation names; empty when none fits."""
    if delegator.delegations is None:
        return ""
    role = app_role(app)
    for name, _ in delegator.delegations.get_roles_for_target(f"{role}/stable"):
        if name in (role, PUSHES):
            return str(name)
    return ""


def _releases(app: str, signed: Targets) -> dict[str, Target]:
    """Channel → newest release of what an app's role names; names of other apps in it mean nothing."""
    found = {}
    prefix = f"{app_role(app)}/"
    for path, file in signed.targets.items():
        channel = path.removeprefix(prefix)
        if not path.startswith(prefix) or "/" in channel:
            continue
        serial = (file.custom or {}).get("serial")
        if type(serial) is not int or not 0 <= serial < 1 << 53:
            raise ReleaseError(mark(f"the release {path} is signed without a number of its own"))
        found[channel] = Target(file.hashes["sha256"], file.length, serial)
    return found


def _fits(listed: Any, data: bytes) -> bool:
    try:
        listed.verify_length_and_hashes(data)
    except (RepositoryError, *UNREADABLE):
        return False
    return True
