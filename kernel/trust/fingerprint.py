"""The fingerprint of a server: what people compare when they trust it for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.digest import sha256_of

if TYPE_CHECKING:
    from tuf.api.metadata import Root

#: Hex digits of a fingerprint: 160 bits.
LENGTH = 40
_GROUP = 4


def fingerprint(root: Root) -> str:
    """The server's fingerprint: of the keys that may change its root and of how many of them are needed.

    It stays the same when the root is only renewed, and is another one once a root key is replaced.
    """
    role = root.roles["root"]
    publics = sorted(root.keys[keyid].keyval["public"] for keyid in role.keyids)
    return sha256_of("\n".join((*publics, str(role.threshold))).encode()).hex()[:LENGTH]


def shown(value: str) -> str:
    """The fingerprint in groups of four, to be read aloud."""
    return " ".join(value[at : at + _GROUP] for at in range(0, len(value), _GROUP))


def parse(text: str) -> str:
    """A fingerprint as somebody typed it; empty when it is none."""
    plain = "".join(text.split()).replace("-", "").lower()
    return plain if len(plain) == LENGTH and set(plain) <= set("0123456789abcdef") else ""
