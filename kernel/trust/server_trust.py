"""The trust in one server: what its keys have signed may run, and nothing else.

On the way to the first paint. What verifies metadata (:mod:`kernel.trust.bundle`) is imported when some came.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kernel.cache import Cache, CacheError
from kernel.release import (
    Manifest,
    Proof,
    Release,
    ReleaseError,
    as_one,
    decode_offered,
    older_release,
)
from kernel.trust.seal import NO_SEAL, Seal
from kernel.trust.state import AppTrust, State, States
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.trust.bundle import Bundle
    from kernel.trust.role_change import RoleChange

#: How many accepted releases of an app are remembered: those that windows may still show.
REMEMBERED = 8
#: Seconds after its proof has expired for which a release may still be opened, when nobody says otherwise.
GRACE_S = 90 * 86_400.0


class _Held(msgspec.Struct, frozen=True):
    """Metadata of one role that was verified: its version and bytes."""

    version: int
    data: bytes


class ServerTrust:
    """Implements :class:`kernel.release.Trust` for one server by its metadata.

    A server that was never met is trusted as it is at the first contact, unless a fingerprint was pinned before; one
    that sends no metadata then is believed as :class:`kernel.release.Unsigned` does. Afterwards it must sign.

    Args:
        directory: Where the state of servers lives; among the person's data, not in the cache.
        server: As the person knows it.
        cache: Where verified metadata are held, so that they come once.
        seal: Marks them as this person's own.
        grace_s: Seconds for which releases open that cannot be proven to be the newest any more.
        on_met: Gets the fingerprint of a server that was met for the first time without one, and is trusted now.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        directory: str | Path,
        server: str,
        cache: Cache,
        *,
        seal: Seal | None = None,
        grace_s: float = GRACE_S,
        on_met: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._states, self._server, self._cache = States(directory), server, cache
        self._seal, self._grace_s, self._clock = seal or NO_SEAL, grace_s, clock
        self._on_met = on_met
        self._lock = threading.Lock()

    @property
    def state(self) -> State | None:
        """What is known of the server; None before the first contact. Raises ReleaseError when it is damaged."""
        return self._states.read(self._server)

    def pin(self, fingerprint: str) -> None:
        """Believe only a server of this fingerprint, at the first contact and afterwards.

        Raises:
            ReleaseError: another server is known by this name.
        """
        with self._lock, self._states.locked(self._server):
            state = self.state
            if state is not None and state.fingerprint != fingerprint:
                raise ReleaseError(
                    mark(f"another server is known as {self._server} already"),
                    hint=mark(f"if it is not to be used any more: espalier keys forget {self._server}"),
                )
            if state is None:
                self._states.write(self._server, State(fingerprint=fingerprint))

    def forget(self) -> None:
        """Know nothing of the server any more: the next contact is the first one."""
        with self._lock, self._states.locked(self._server):
            self._states.forget(self._server)

    # Trust

    def seen(self, app: str) -> dict[str, int]:
        """See :meth:`kernel.release.Trust.seen`."""
        state = self.state
        held = self._held()
        roles = ("timestamp", "snapshot", "targets", "apps", f"apps/{app}")
        seen = {role: held[role].version for role in roles if role in held}
        return seen | {"root": state.root_version} if state is not None else {"root": 0}

    def whole(self, changes: dict[str, RoleChange]) -> dict[str, bytes]:
        """See :meth:`kernel.release.Trust.whole`."""
        from kernel.trust.role_change import changed

        held = self._held()
        strange = next((role for role in changes if role not in held), None)
        if strange is not None:
            raise ReleaseError(mark(f"{self._server} sent a change of '{strange[:40]}', which is not here"))
        return {role: changed(role, change, held[role].data) for role, change in changes.items()}

    def take(self, app: str, metadata: dict[str, bytes]) -> None:
        """See :meth:`kernel.release.Trust.take`."""
        if metadata:
            with self._verified(app, metadata):
                return

    def accept(self, app: str, metadata: dict[str, bytes], release: Release, held: str = "") -> Manifest:
        """See :meth:`kernel.release.Trust.accept`. What is known of the server is written once."""
        with self._verified(app, metadata, is_settled=False) as state:
            manifest = decode_offered(release, held)
            if state is not None:
                self._accept(state, manifest, release, held)
        return manifest

    def settle(self) -> None:
        """See :meth:`kernel.release.Trust.settle`."""
        if self.state is not None:
            self._states.settle()

    def confirm(self, app: str, channel: str, id: str, size: int) -> None:
        """See :meth:`kernel.release.Trust.confirm`."""
        state = self.state
        if state is None:
            return
        known = self._checked(state, app, channel, id, size)
        if known.accepted.get(id) == known.signers:
            return
        with self._verified(app, {}) as state:
            if state is not None:
                _note_accepted(self._checked(state, app, channel, id, size), id, id)

    def recheck(self, app: str, id: str) -> None:
        """See :meth:`kernel.release.Trust.recheck`."""
        state = self.state
        if state is not None:
            known = state.apps.get(app)
            signers = known.accepted.get(id) if known is not None else None
            if known is None or signers is None:
                raise ReleaseError(mark(f"the release of '{app}' in the cache was never accepted from {self._server}"))
            if len(set(signers) & set(known.keys)) < known.threshold:
                raise ReleaseError(
                    mark(f"the release of '{app}' that is here was signed with a key that {self._server} has revoked"),
                    hint=mark(f"connect to {self._server} once: a release that is signed anew opens again"),
                )
            self._check_grace(state, app)

    def check_age(self, held: Manifest | None, offered: Manifest) -> None:
        """See :meth:`kernel.release.Trust.check_age`; serials of a server that signs are checked by :meth:`verify`."""
        if self.state is None and held is not None and offered.serial < held.serial:
            raise older_release(offered, held.serial)

    def proof(self) -> Proof | None:
        """See :meth:`kernel.release.Trust.proof`. A state that cannot be read proves nothing."""
        try:
            state = self.state
        except ReleaseError:
            return Proof(0.0, self._clock())
        if state is None or not state.expires:
            return None
        left = state.expires - self._now(state)
        return Proof(left) if left > 0 else Proof(0.0, state.expires)

    # Inside

    def _now(self, state: State) -> float:
        """This machine's clock, which is not believed when it is before what the server has signed."""
        return max(self._clock(), state.good_time)

    @contextlib.contextmanager
    def _verified(
        self, app: str, metadata: dict[str, bytes], *, is_settled: bool = True
    ) -> Iterator[State | None]:
        """What is known with these metadata, to be changed within the block; it is written when the block ends.

        That is so when the block refuses something as well: what the metadata prove was proven.

        Raises:
            ReleaseError: the metadata are refused; what they prove nevertheless is kept.
        """
        with self._lock, self._states.locked(self._server):
            before = self.state
            if not metadata:
                yield before
                if before is not None:
                    self._states.write(self._server, before, is_settled=is_settled)
                return
            held = self._held()
            bundle = self._bundle(app, metadata, before, held)
            try:
                yield bundle.state
            finally:
                self._states.write(self._server, bundle.state, is_settled=is_settled)
                self._hold(held, bundle)
                if before is None and self._on_met is not None:
                    self._on_met(bundle.state.fingerprint)

    def _bundle(self, app: str, metadata: dict[str, bytes], before: State | None, held: dict[str, _Held]) -> Bundle:
        """The metadata, verified."""
        from kernel.trust.bundle import Bundle

        known = {role: one.data for role, one in held.items()}
        bundle = Bundle(self._server, before or State(), known, metadata, app, self._clock())
        try:
            bundle.verify()
        except ReleaseError:
            if before is not None and bundle.safe is not before:
                self._states.write(self._server, bundle.safe)
            with contextlib.suppress(CacheError):  # what cannot be removed is only less to send
                self._cache.remove_record(self._record)  # so that all roles come with the next answer
            raise
        return bundle

    def _checked(self, state: State, app: str, channel: str, id: str, size: int) -> AppTrust:
        """What is known of the app, whose newest release on the channel this is."""
        known = state.apps.get(app)
        target = known.targets.get(channel) if known is not None else None
        if known is None or target is None:
            raise ReleaseError(mark(f"{self._server} offers a release of '{app}' ({channel}) that nobody has signed"))
        if target.sha256 != id or target.length != size:
            raise ReleaseError(mark(f"the release of '{app}' that {self._server} offers is not the one that is signed"))
        return known

    def _accept(self, state: State, manifest: Manifest, release: Release, held: str) -> None:
        """Accept a release that the metadata name, and none that is older than what was accepted."""
        known = self._checked(state, manifest.app, manifest.channel, release.id, len(release.manifest))
        target = known.targets[manifest.channel]
        if manifest.serial != target.serial:
            words = mark(f"release {manifest.serial} of '{manifest.app}'")
            raise ReleaseError(mark(f"{words} is signed as release {target.serial}"))
        floor = max(known.serials.get(one, 0) for one in as_one(manifest.channel))
        if manifest.serial < floor:
            raise older_release(manifest, floor)
        known.serials[manifest.channel] = manifest.serial
        _note_accepted(known, release.id, held)

    def _check_grace(self, state: State, app: str) -> None:
        if not state.expires or not self._grace_s or self._now(state) <= state.expires + self._grace_s:
            return
        from kernel.trust.moment import day

        raise ReleaseError(
            mark(
                f"nothing proves since {day(state.expires)} that the release of '{app}' is the newest of "
                f"{self._server}, which is longer than the option trust.grace_days allows"
            ),
            hint=mark(
                f"connect to {self._server}, or raise that option; this machine's clock says {day(self._clock())}"
            ),
        )

    @property
    def _record(self) -> str:
        return f"metadata\n{self._server}"

    def _held(self) -> dict[str, _Held]:
        sealed = self._cache.read_record(self._record)
        data = None if sealed is None else self._seal.open(self._record, sealed)
        if data is None:
            return {}
        try:
            return msgspec.msgpack.decode(data, type=dict[str, _Held])
        except msgspec.DecodeError:
            return {}

    def _hold(self, held: dict[str, _Held], bundle: Bundle) -> None:
        floors = bundle.state.floors
        held = held | {role: _Held(floors[role], data) for role, data in bundle.kept.items()}
        data = msgspec.msgpack.encode(held)
        self._cache.write_record(self._record, self._seal.close(self._record, data), is_durable=False)


def _note_accepted(known: AppTrust, release: str, held: str) -> None:
    """Note the release as accepted, the newest last, the one that is held right before it."""
    if held in known.accepted:
        known.accepted[held] = known.accepted.pop(held)
    known.accepted.pop(release, None)
    known.accepted[release] = known.signers
    for old in list(known.accepted)[:-REMEMBERED]:
        del known.accepted[old]
