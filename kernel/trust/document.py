"""Metadata as it is read: bounded, canonical, with keys and hashes of one kind, before anybody looks at what it says.

python-tuf (specification 1.0, https://theupdateframework.github.io/specification/latest) parses and verifies; what it
leaves open is closed here. Imported when there is metadata to verify or to sign, never on the way to a first paint.
"""

from __future__ import annotations

import functools
import json
from typing import Any, NoReturn

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from kernel.release import ReleaseError
from kernel.trust.limit import MAX_KEYS, MAX_ROLE, MAX_ROLES, MAX_ROOT, MAX_VERSION
from kernel.words import mark

#: Top-level role → its class; every other role is ``Targets``.
TYPES: dict[str, type[Signed]] = {"root": Root, "targets": Targets, "snapshot": Snapshot, "timestamp": Timestamp}
#: What python-tuf raises for what it cannot read; its own errors and those of Python under them.
UNREADABLE = (RepositoryError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)

#: Bytes of a role that is kept as it was read; nobody fills the memory with larger ones.
_KEPT = 64 << 10


def encode(metadata: Metadata[Any]) -> bytes:
    """The one form in which metadata is written, sent and accepted: JSON, sorted, without a space."""
    return JSONSerializer(compact=True).serialize(metadata)


def decode(role: str, data: bytes) -> Metadata[Any]:
    """The metadata of ``role`` in ``data``; nothing of it is verified yet.

    Raises:
        ReleaseError: too large, not canonical, of another role, or with something that no honest server writes.
    """
    limit = MAX_ROOT if role == "root" else MAX_ROLE
    if len(data) > limit:
        raise ReleaseError(mark(f"the metadata of '{role}' has {len(data)} bytes, the limit is {limit}"))
    try:
        _check_form(role, data)
        metadata: Metadata[Any] = Metadata.from_bytes(data)
        _check_content(role, metadata.signed)
    except UNREADABLE as error:
        raise ReleaseError(mark(f"the metadata of '{role}' cannot be read: {_reason(error)}")) from error
    return metadata


def decode_shared(role: str, data: bytes) -> Metadata[Any]:
    """What :func:`decode` answers, the same object for the same bytes: for who reads it and changes nothing."""
    return _kept(role, data) if len(data) <= _KEPT else decode(role, data)


@functools.lru_cache(maxsize=16)
def _kept(role: str, data: bytes) -> Metadata[Any]:
    return decode(role, data)


def _reason(error: BaseException) -> str:
    """The innermost words: python-tuf wraps what was wrong."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error)[:200] or type(error).__name__


def _check_form(role: str, data: bytes) -> None:
    """Refuse what can be read in two ways: duplicate keys, marks before the text, other spellings, NaN."""
    found = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_refuse_constant)
    if json.dumps(found, sort_keys=True, separators=(",", ":")).encode() != data:
        raise ValueError(mark("it is not in the canonical form"))


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(mark(f"{text[:20]} is no value of metadata"))


def _check_content(role: str, signed: Signed) -> None:
    expected = TYPES.get(role, Targets)
    if type(signed) is not expected:
        raise ValueError(mark(f"it is of '{signed.type}'"))
    _check_number(signed.version)
    if isinstance(signed, Root):
        for top in signed.roles.values():
            _check_role(top.keyids, top.threshold, signed.keys)
        _check_keys(signed.keys)
    elif isinstance(signed, Timestamp):
        _check_file(signed.snapshot_meta)
    elif isinstance(signed, Snapshot):
        for file in signed.meta.values():
            _check_file(file)
    elif isinstance(signed, Targets):
        _check_targets(signed)


def _check_targets(signed: Targets) -> None:
    for target in signed.targets.values():
        _check_hashes(target.hashes)
        _check_number(target.length)
    if signed.delegations is None:
        return
    roles = signed.delegations.roles
    if roles is None or len(roles) > MAX_ROLES:
        raise ValueError(mark("it delegates to too many roles, or to hashes of names"))
    for delegated in roles.values():
        if delegated.paths is None:
            raise ValueError(mark(f"it delegates to '{delegated.name}' without paths"))
        _check_role(delegated.keyids, delegated.threshold, signed.delegations.keys)
    _check_keys(signed.delegations.keys)


def _check_role(keyids: list[str], threshold: Any, keys: dict[str, Any]) -> None:
    if not 1 <= len(keyids) <= MAX_KEYS or not set(keyids) <= keys.keys():
        raise ValueError(mark("a role has no keys, too many, or unknown ones"))
    if type(threshold) is not int or not 1 <= threshold <= len(keyids):
        raise ValueError(mark("a role's threshold cannot be met"))


def _check_keys(keys: dict[str, Any]) -> None:
    """Keys of one kind, each once: two names of one key would count as two signatures."""
    publics = [key.keyval.get("public") for key in keys.values()]
    for key, public in zip(keys.values(), publics, strict=True):
        if (key.keytype, key.scheme) != ("ed25519", "ed25519") or len(bytes.fromhex(public)) != 32:
            raise ValueError(mark(f"the key {key.keyid[:12]} is no ed25519 key"))
        if public != public.lower():
            raise ValueError(mark(f"the key {key.keyid[:12]} is not written as it should be"))
    if len(set(publics)) != len(publics):
        raise ValueError(mark("one key has two names"))


def _check_file(file: Any) -> None:
    _check_number(file.version)
    _check_number(file.length)
    _check_hashes(file.hashes)


def _check_hashes(hashes: Any) -> None:
    if set(hashes or ()) != {"sha256"} or len(bytes.fromhex(hashes["sha256"])) != 32:
        raise ValueError(mark("a hash is no SHA-256"))


def _check_number(value: Any) -> None:
    if type(value) is not int or not 0 <= value <= MAX_VERSION:
        raise ValueError(mark("a version or length is no plausible number"))
