"""The roles of one server as they are held and signed; what is in them is :mod:`server.signing.signing`'s to say."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root, Targets

from kernel.trust import role as making
from kernel.trust.bundle import PUSHES, app_role, delegator_of
from kernel.trust.document import decode
from kernel.trust.succession import PREFIX
from server.error import SigningError
from server.signing.store import SPARES, Signed, Store

#: Roles that the server makes of nothing.
_NEW: dict[str, Callable[[float], Any]] = {"snapshot": making.new_snapshot, "timestamp": making.new_timestamp}


class Roles:
    """Roles by name and the server's keys. Its user holds a lock.

    Args:
        store: Where they are kept.
        clock: Seconds since the epoch.

    Raises:
        SigningError: a role cannot be read.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self.clock = store, clock
        self.all: dict[str, Signed] = store.read()
        self.keys: dict[str, CryptoSigner] = store.keys()

    # What is known

    @property
    def newest_root(self) -> int:
        """The version of the newest root."""
        return max(int(name.removeprefix(PREFIX)) for name in self.all if name.startswith(PREFIX))

    @property
    def root(self) -> Root:
        """The newest root; not to be changed."""
        return self.all[f"{PREFIX}{self.newest_root}"].content

    @property
    def targets(self) -> Targets:
        """The top-level targets; not to be changed."""
        return self.all["targets"].content

    @property
    def may_push(self) -> bool:
        """Whether targets let the server sign what is pushed."""
        delegated = (self.targets.delegations.roles or {}).get(PUSHES) if self.targets.delegations else None
        return delegated is not None and len(set(delegated.keyids) & self.keys.keys()) >= delegated.threshold

    def delegator(self, app: str) -> Targets | None:
        """The role that says who signs the app."""
        pushes = self.all.get(PUSHES)
        return delegator_of(self.targets, pushes.content if pushes is not None else None, app)

    def apps(self) -> list[str]:
        """The apps that have a role."""
        return [role.removeprefix("apps/") for role in self.all if role.startswith("apps/")]

    def pushed_apps(self) -> set[str]:
        """The apps whose role the server's own role for pushes delegates to."""
        pushes = self.all.get(PUSHES)
        if pushes is None or pushes.content.delegations is None:
            return set()
        return {name.removeprefix("apps/") for name in pushes.content.delegations.roles}

    def due(self, role: str) -> float:
        """When half of the role's time is over, seconds since the epoch."""
        return self.all[role].content.expires.timestamp() - making.lasts_s(role) / 2

    def is_signed(self, role: str, delegator: Any) -> bool:
        """Whether the role is signed as ``delegator`` wants it now."""
        metadata = decode(role, self.all[role].data)
        return bool(delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures))

    # Writing

    def fresh(self, role: str) -> Any:
        """The role's content in an object of its own, to be changed and signed; of version 0 when there is none."""
        if role in self.all:
            return decode(role, self.all[role].data).signed
        return _NEW[role](self.clock()) if role in _NEW else making.new_targets(role, self.clock())

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Roles that are kept within the block are written together at its end; after an error none of them counts."""
        before = self.all
        try:
            with self._store.together():
                yield
        except BaseException:
            self.all = before
            raise

    def keep(self, role: str, data: bytes) -> None:
        """Write a role that somebody has signed; raises SigningError."""
        content = decode("root" if role.startswith(PREFIX) else role, data).signed
        self._store.write(role, data)
        self.all = self.all | {role: Signed(content.version, data, content)}

    def sign(self, role: str, content: Any, delegator: Any) -> None:
        """Sign the next version of the role and write it; raises SigningError."""
        making.renew(content, role, self.clock())
        self.keep(role, making.sign(content, self.signers(role, delegator)))

    def signers(self, role: str, delegator: Any) -> list[CryptoSigner]:
        """The server's keys for the role; raises SigningError when they are too few."""
        delegated = delegator.get_delegated_role(role)
        found = [self.keys[keyid] for keyid in delegated.keyids if keyid in self.keys]
        if len(found) < delegated.threshold:
            raise SigningError(
                f"the server lacks keys for '{role}': {self._store.key_folder} has {len(found)} of the "
                f"{delegated.threshold} that are needed",
                hint="restore them from a backup, or let new ones take their place: espalier keys rotate",
            )
        return found[: delegated.threshold]

    # The app's roles

    def delegate_pushes(self, apps: set[str]) -> None:
        """Have the role for pushes delegate to a role for each of ``apps``."""
        content = self.fresh(PUSHES)
        content.delegations = making.Delegations({}, {})
        delegations = self.targets.delegations
        keys = [delegations.keys[id] for id in delegations.roles[PUSHES].keyids if id in self.keys]
        for app in sorted(apps):
            making.delegate(content, app_role(app), keys, [f"{app_role(app)}/*"])
        self.sign(PUSHES, content, self.targets)

    # Keys

    def used(self) -> set[str]:
        """Ids of the keys that root, targets or the role for pushes name."""
        used = set(self.root.keys)
        for role in ("targets", PUSHES):
            if role in self.all and self.all[role].content.delegations is not None:
                used |= set(self.all[role].content.delegations.keys)
        return used

    def spares(self) -> list[str]:
        """Public keys of the server that no role names yet, as hex digits."""
        used = self.used()
        return [signer.public_key.keyval["public"] for id, signer in self.keys.items() if id not in used]

    def fill_spares(self) -> None:
        """Make keys until there are enough that may take the place of others."""
        for _ in range(SPARES - len(self.spares())):
            signer = self._store.make_key()
            self.keys[signer.public_key.keyid] = signer

    def drop_replaced(self, used: set[str]) -> None:
        """Remove those of the keys ``used`` before that nothing names any more."""
        delegations = self.targets.delegations
        still = set(self.root.keys) | set(delegations.keys if delegations is not None else ())
        for id in (used - still) & self.keys.keys():
            self._store.drop_key(self.keys.pop(id).public_key)
