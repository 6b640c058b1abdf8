"""This person's own key: made at the first need, kept in the system's keyring where there is one, else in a file."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.wire.tls import Introduction

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

log = logging.getLogger("espalier.trust")
#: What the keyring knows the key by.
SERVICE, USER = "espalier", "key"
FILE = "me.pem"


class PersonKey:
    """Loads the key once, from whichever thread asks first.

    Args:
        folder: Where the file is, when the key is in one; readable by this person alone.
        has_keyring: Whether the system's keyring may be asked.
    """

    def __init__(self, folder: Path, *, has_keyring: bool = True) -> None:
        self._path = folder / FILE
        self._has_keyring = has_keyring
        self._lock = threading.Lock()
        self._key: Ed25519PrivateKey | None = None

    @property
    def place(self) -> str:
        """Where the key is kept, for people."""
        return str(self._path) if self._path.exists() else "the system's keyring"

    @property
    def public(self) -> str:
        """The public half as people pass it on: ``ed25519:`` and 64 hex digits."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return f"ed25519:{self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()}"

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key, made now when there is none.

        Raises:
            KeyFileError: the file cannot be used.
            CacheError: a new one cannot be written.
        """
        with self._lock:
            if self._key is None:
                self._key = self._load()
            return self._key

    def introduce(self, connection: bytes) -> Introduction:
        """See :meth:`kernel.wire.tls.Security.introduce`."""
        return Introduction(self.public, self.private.sign(connection))

    def _load(self) -> Ed25519PrivateKey:
        from kernel.trust.key import load, new_signer, parse_private, save

        if self._path.exists():
            return parse_private(load(self._path).private_bytes)  # type: ignore[return-value]
        ring = _keyring() if self._has_keyring else None
        if ring is not None:
            try:
                stored = ring.get_password(SERVICE, USER)
                if stored is None:
                    stored = new_signer().private_bytes.decode()
                    ring.set_password(SERVICE, USER, stored)
                if (key := parse_private(stored.encode())) is not None:
                    return key
                log.warning("the key in the system's keyring cannot be read; one in %s is used", self._path)
            except Exception as error:  # each keyring has errors of its own; a file does as well
                log.warning("the system's keyring does not answer (%s); the key is in %s", error, self._path)
        signer = new_signer()
        save(signer, self._path)
        return parse_private(signer.private_bytes)  # type: ignore[return-value]


def _keyring() -> Any:
    """The system's keyring; None where there is none that keeps anything."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return None
    found = keyring.get_keyring()
    return None if isinstance(found, fail.Keyring | null.Keyring) else found
