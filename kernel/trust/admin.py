"""Changes of a server's root and targets, signed with the offline keys that are at hand. Nothing is sent from here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root, Targets

from kernel.error import EspalierError
from kernel.trust import key
from kernel.trust import role as making
from kernel.trust.bundle import PUSHES, app_role, delegator_of
from kernel.trust.document import decode, encode
from kernel.trust.moment import FIELD
from kernel.trust.succession import PREFIX, advance

#: What people call the role of the server's key for what is pushed.
PUSHES_NAME = "pushes"
_SERVERS = ("snapshot", "timestamp", PUSHES_NAME)


class AdminError(EspalierError):
    """A change of keys that cannot be made."""


class Change:
    """One change, from what a server has to what it is to take.

    Args:
        roles: Role → signed bytes, as the server has them.
        signers: The private keys at hand.
        spares: Public keys of the server that may take the place of others, as hex digits.
        now: Seconds since the epoch.

    Attributes:
        root, targets: What holds, changed by the methods.

    Raises:
        ReleaseError: the server's roots do not follow one another.
    """

    def __init__(
        self,
        roles: Mapping[str, bytes],
        signers: Iterable[CryptoSigner],
        spares: Iterable[str] = (),
        now: float | None = None,
    ) -> None:
        step = advance("the server", roles[f"{PREFIX}1"], dict(roles))
        if step.problem is not None:
            raise step.problem
        self._now = time.time() if now is None else now
        self._signers = {signer.public_key.keyid: signer for signer in signers}
        self._spares = [key.parse(public) for public in spares]
        self._old: Root = decode("root", step.data).signed
        self.root: Root = decode("root", step.data).signed
        self.targets: Targets = decode("targets", roles["targets"]).signed
        self._pushes: Targets | None = decode(PUSHES, roles[PUSHES]).signed if PUSHES in roles else None
        self._is_root_changed = self._is_targets_changed = False
        self.made: dict[str, CryptoSigner] = {}

    # Changes

    def rotate(self, role: str) -> None:
        """Replace the key of ``root``, ``targets`` (by a new one that is in ``made``) or one of the server's.

        Raises:
            AdminError: there is no such role, the server has no spare key, or the role has several keys.
        """
        if role == PUSHES_NAME:
            old = self._delegated(PUSHES)
            making.delegate(self.targets, PUSHES, [self._spare()], list(old.paths or []))
            self._replace_pushes(set(old.keyids))
            self._is_targets_changed = True
            return
        if role not in making.TOP_ROLES:
            raise AdminError(f"there is no role {role}", hint=f"one of root, targets, {', '.join(_SERVERS)}")
        mine = [keyid for keyid in self.root.roles[role].keyids if role in _SERVERS or keyid in self._signers]
        if not mine:
            raise AdminError(f"the key of '{role}' is not here", hint="it is needed to replace it by another")
        self.root.revoke_key(mine[0], role)
        self.root.add_key(self._spare() if role in _SERVERS else self._new(role), role)
        self._is_root_changed = True
        if role == "targets":
            self._is_targets_changed = True

    def restore(self) -> None:
        """Replace the server's three keys, so that nothing that was signed with those before binds its clients."""
        for role in _SERVERS:
            if role != PUSHES_NAME or PUSHES in self._roles():
                self.rotate(role)

    def renew(self, tls: Iterable[str] = ()) -> None:
        """Let root and targets hold for their full time again; ``tls`` are the keys of the server's connections."""
        found = sorted(tls)
        if found:
            self.root.unrecognized_fields[FIELD] = {"tls": found}
        self._is_root_changed = self._is_targets_changed = True

    def add(self, role: str, public: SSlibKey) -> None:
        """Let another key sign ``root`` or ``targets`` as well.

        Raises:
            AdminError: another role, or the key is there.
        """
        self._check_offline(role)
        if public.keyid in self.root.roles[role].keyids:
            raise AdminError(f"that key signs '{role}' already")
        self.root.add_key(public, role)
        self._is_root_changed = True

    def delegate(self, app: str, public: SSlibKey, *, is_alone: bool = False) -> None:
        """Let a publisher's key sign an app, beside those that do and the server's; with ``is_alone`` nobody else."""
        role = app_role(app)
        keys = {public.keyid: public}
        if not is_alone:
            if role in self._roles():
                known = self._delegated(role)
                keys |= {keyid: self.targets.delegations.keys[keyid] for keyid in known.keyids}
            elif PUSHES in self._roles():
                keys |= {keyid: self.targets.delegations.keys[keyid] for keyid in self._delegated(PUSHES).keyids}
        threshold = self._delegated(role).threshold if role in self._roles() else 1
        making.delegate(self.targets, role, keys.values(), [f"{role}/*"], min(threshold, len(keys)), is_first=True)
        self._is_targets_changed = True

    def revoke(self, public: SSlibKey) -> list[str]:
        """Take a key out of everything that it may sign; answers what that was.

        Raises:
            AdminError: it may sign nothing, or a role would be left without a key.
        """
        found = []
        for role in self.root.roles:
            if public.keyid in self.root.roles[role].keyids:
                self._check_left(role, self.root.roles[role])
                self.root.revoke_key(public.keyid, role)
                self._is_root_changed = True
                found.append(role)
        for name, delegated in list(self._roles().items()):
            if public.keyid in delegated.keyids:
                if len(delegated.keyids) == 1 and name not in (PUSHES,):
                    del self.targets.delegations.roles[name]  # the server signs what is pushed again
                else:
                    self._check_left(name, delegated)
                    delegated.keyids.remove(public.keyid)
                self._is_targets_changed = True
                found.append(name.removeprefix("apps/") if name != PUSHES else PUSHES_NAME)
        if not found:
            raise AdminError("that key may sign nothing here", hint="espalier keys list tells who may")
        making.forget_unused(self.targets)
        return found

    def require(self, role: str, count: int) -> None:
        """Let ``count`` of the keys of root, targets or an app be needed.

        Raises:
            AdminError: there are not as many, or the role is the server's own.
        """
        if role in making.TOP_ROLES:
            self._check_offline(role)
            found: Any = self.root.roles[role]
            self._is_root_changed = True
        else:
            found = self._delegated(app_role(role))
            self._is_targets_changed = True
        if not 1 <= count <= len(found.keyids):
            raise AdminError(
                f"'{role}' has {len(found.keyids)} keys, {count} of them cannot be needed",
                hint="add keys first: espalier keys add, espalier keys delegate",
            )
        found.threshold = count

    # What came of it

    def signed(self) -> dict[str, bytes]:
        """The roles that changed, with the signatures of all keys at hand; they may be too few."""
        found = {}
        if self._is_root_changed:
            making.renew(self.root, "root", self._now)
            keyids = (*self._old.roles["root"].keyids, *self.root.roles["root"].keyids)
            found[f"{PREFIX}{self.root.version}"] = making.sign(self.root, self._at_hand(keyids))
        if self._is_targets_changed or self._must_sign_targets():
            making.renew(self.targets, "targets", self._now)
            found["targets"] = making.sign(self.targets, self._at_hand(self.root.roles["targets"].keyids))
        return found

    def lacking(self, roles: Mapping[str, bytes]) -> list[str]:
        """What is signed by fewer keys than it must be, in words."""
        found = []
        for name, data in roles.items():
            metadata = decode("root" if name.startswith(PREFIX) else name, data)
            role = "root" if name.startswith(PREFIX) else name
            for delegator in (self._old, self.root) if role == "root" else (self.root,):
                result = delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
                if not result.verified:
                    found.append(f"'{name}' has {len(result.signed)} of {result.threshold} signatures")
        return list(dict.fromkeys(found))

    # Inside

    def _roles(self) -> dict[str, Any]:
        return self.targets.delegations.roles or {} if self.targets.delegations is not None else {}

    def _delegated(self, name: str) -> Any:
        if name not in self._roles():
            said = PUSHES_NAME if name == PUSHES else name.removeprefix("apps/")
            raise AdminError(f"targets delegate nothing to '{said}'", hint="espalier keys list tells who may sign what")
        return self._roles()[name]

    def _replace_pushes(self, old: set[str]) -> None:
        """Put the server's new key into apps that it signs beside their publishers."""
        spare = self._delegated(PUSHES).keyids
        for name, delegated in list(self._roles().items()):
            if name != PUSHES and old & set(delegated.keyids):
                delegated.keyids = sorted(set(delegated.keyids) - old | set(spare))
        making.forget_unused(self.targets)

    def _spare(self) -> SSlibKey:
        if not self._spares:
            raise AdminError("the server has no key that could take the place of the one before")
        return self._spares.pop(0)

    def _new(self, role: str) -> SSlibKey:
        signer = self.made[role] = key.new_signer()
        self._signers[signer.public_key.keyid] = signer
        return signer.public_key

    def _must_sign_targets(self) -> bool:
        """Whether the root was changed such that targets of before are not signed any more."""
        return self._is_root_changed and self.root.roles["targets"].to_dict() != self._old.roles["targets"].to_dict()

    def _at_hand(self, keyids: Iterable[str]) -> list[CryptoSigner]:
        return [self._signers[keyid] for keyid in dict.fromkeys(keyids) if keyid in self._signers]

    @staticmethod
    def _check_offline(role: str) -> None:
        if role not in ("root", "targets"):
            hint = "root and targets have; apps by espalier keys delegate"
            raise AdminError(f"'{role}' has no keys of people", hint=hint)

    @staticmethod
    def _check_left(role: str, found: Any) -> None:
        if len(found.keyids) <= found.threshold:
            raise AdminError(
                f"'{role}' would be left with {len(found.keyids) - 1} keys, and {found.threshold} must sign",
                hint="give it another key first: espalier keys rotate, espalier keys add",
            )


def add_signatures(role: str, data: bytes, signers: Iterable[CryptoSigner]) -> bytes:
    """The role with the signatures of more keys, for those who sign one after the other."""
    metadata: Metadata[Any] = decode("root" if role.startswith(PREFIX) else role, data)
    for signer in signers:
        metadata.sign(signer, append=True)
    return encode(metadata)


def who_signs(roles: Mapping[str, bytes], app: str) -> tuple[list[SSlibKey], int]:
    """The keys that may sign an app, and how many must."""
    pushes = decode(PUSHES, roles[PUSHES]).signed if PUSHES in roles else None
    delegator = delegator_of(decode("targets", roles["targets"]).signed, pushes, app)
    if delegator is None:
        return [], 0
    delegated = delegator.get_delegated_role(app_role(app))
    return [delegator.get_key(keyid) for keyid in delegated.keyids], delegated.threshold
