"""Roles as they are made and signed: the documents of :mod:`kernel.trust.document`, with a version and an end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from kernel.digest import sha256_of
from kernel.trust.document import encode
from kernel.trust.moment import FIELD, MADE, as_date, written

DAY_S = 86_400.0
#: Seconds for which a new version of a role holds. A server renews the last two when half of it has passed.
LASTS_S = {"root": 1825 * DAY_S, "targets": 1825 * DAY_S, "apps": 1825 * DAY_S, "snapshot": 30 * DAY_S,
           "timestamp": 2 * DAY_S}  # fmt: skip
TOP_ROLES = ("root", "targets", "snapshot", "timestamp")


def lasts_s(role: str) -> float:
    """Seconds for which a new version of the role holds."""
    return LASTS_S[role.partition("/")[0]]


def sign(signed: Any, signers: Iterable[CryptoSigner]) -> bytes:
    """The role as it is stored and sent, with a signature of each signer."""
    metadata = Metadata(signed)
    for signer in signers:
        metadata.sign(signer, append=True)
    return encode(metadata)


def renew(signed: Any, role: str, now: float | None = None) -> Any:
    """The same content as the next version, which holds anew; changed in place."""
    signed.version += 1
    signed.expires = as_date((time.time() if now is None else now) + lasts_s(role))
    return signed


def first_root(keys: Mapping[str, list[SSlibKey]], now: float, tls: Iterable[str] = ()) -> Root:
    """Root 1: role → its keys, one of which must sign; ``tls`` are SHA-256 of the server's public TLS keys."""
    root = Root(1, None, as_date(now + lasts_s("root")), unrecognized_fields={FIELD: {"tls": sorted(tls)}})
    for role in TOP_ROLES:
        for key in keys[role]:
            root.add_key(key, role)
    return root


def first_targets(pushes: SSlibKey, now: float) -> Targets:
    """Targets 1: everything that is pushed is signed with the server's key for it."""
    targets = Targets(1, None, as_date(now + lasts_s("targets")))
    delegate(targets, "apps", [pushes], ["apps/*/*"])
    return targets


def delegate(
    signed: Targets,
    role: str,
    keys: Iterable[SSlibKey],
    paths: list[str],
    threshold: int = 1,
    *,
    is_first: bool = False,
) -> None:
    """Have ``role`` sign what is under ``paths``, in place of what it signed so far.

    Args:
        signed: The role that delegates; changed.
        role: The delegated role.
        keys: Who may sign it.
        paths: Patterns of names, parts of which ``*`` stands for.
        threshold: How many of them must.
        is_first: Whether it goes before the other delegations.
    """
    if signed.delegations is None:
        signed.delegations = Delegations({}, {})
    made = {key.keyid: key for key in keys}
    signed.delegations.keys.update(made)
    roles = dict(signed.delegations.roles or {})
    roles.pop(role, None)
    entry = {role: DelegatedRole(role, sorted(made), threshold, terminating=True, paths=paths)}
    signed.delegations.roles = entry | roles if is_first else roles | entry
    forget_unused(signed)


def forget_unused(signed: Targets) -> None:
    """Drop the keys that no delegation names any more."""
    if signed.delegations is not None:
        used = {keyid for role in (signed.delegations.roles or {}).values() for keyid in role.keyids}
        signed.delegations.keys = {keyid: key for keyid, key in signed.delegations.keys.items() if keyid in used}


def app_targets(app: str, manifests: Mapping[str, bytes], facts: Mapping[str, dict[str, Any]]) -> dict[str, TargetFile]:
    """What an app's role names: channel → manifest bytes, and channel → ``{"serial": n, "version": "…"}``."""
    return {
        f"apps/{app}/{channel}": TargetFile(
            len(data),
            {"sha256": sha256_of(data).hex()},
            f"apps/{app}/{channel}",
            unrecognized_fields={"custom": facts[channel]},
        )
        for channel, data in sorted(manifests.items())
    }


def new_targets(role: str, now: float) -> Targets:
    """A role of releases that names none yet; version 0, to be renewed before it is signed."""
    targets = Targets(1, None, as_date(now + lasts_s(role)))
    targets.version = 0
    return targets


def new_snapshot(now: float) -> Snapshot:
    """A snapshot of nothing; version 0, as :func:`new_targets`."""
    snapshot = Snapshot(1, None, as_date(now + lasts_s("snapshot")), {})
    snapshot.version = 0
    return snapshot


def new_timestamp(now: float) -> Timestamp:
    """A timestamp of nothing; version 0, as :func:`new_targets`."""
    timestamp = Timestamp(1, None, as_date(now + lasts_s("timestamp")))
    timestamp.version = 0
    return timestamp


def file_of(data: bytes, version: int) -> MetaFile:
    """How a snapshot or timestamp names another role."""
    return MetaFile(version, len(data), {"sha256": sha256_of(data).hex()})


def mark_time(timestamp: Timestamp, now: float) -> None:
    """Note in the timestamp when it is signed."""
    timestamp.unrecognized_fields[FIELD] = {MADE: written(now)}


def roles_of(root: Root) -> dict[str, Role]:
    """The top-level roles in the order in which people think of them."""
    return {name: root.roles[name] for name in TOP_ROLES}
