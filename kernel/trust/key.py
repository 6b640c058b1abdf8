"""Private keys (ed25519) in files that one person can read, and their public halves as people pass them on."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey

from kernel.cache.durable import write_file
from kernel.cache.error import CacheError
from kernel.error import EspalierError

#: Before the hex digits of a public key as people pass it on.
PREFIX = "ed25519:"
SUFFIX = ".pem"


class KeyFileError(EspalierError):
    """A private key cannot be read, or others can read it."""


def new_signer() -> CryptoSigner:
    """A new key pair, in memory alone."""
    return CryptoSigner(Ed25519PrivateKey.generate())


def save(signer: CryptoSigner, path: Path) -> None:
    """Write the private key, readable by this person alone, durably; a key that is there is never replaced.

    Raises:
        KeyFileError: there is a file already, or it cannot be written.
    """
    if os.path.lexists(path):
        raise KeyFileError(f"there is a key in {path} already", hint="keys are never overwritten: move it away first")
    try:
        write_file(str(path.parent), path.name, [signer.private_bytes])
    except CacheError as error:
        reason = getattr(error.__cause__, "strerror", "") or error.message
        raise KeyFileError(f"the key {path} cannot be written: {reason}", hint=error.hint) from error


def load(path: Path) -> CryptoSigner:
    """The key in ``path``.

    Raises:
        KeyFileError: it is missing, no ed25519 key, or other people can read it.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        data = path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"the key {path} cannot be read: {error.strerror or error}") from error
    if os.name == "posix" and mode & 0o077:
        raise KeyFileError(
            f"the key {path} can be read by others (mode {mode:o})",
            hint=f"if nobody has read it: chmod 600 {path}; otherwise replace it (espalier keys rotate)",
        )
    key = parse_private(data)
    if key is None:
        raise KeyFileError(f"{path} holds no ed25519 key without a password")
    return CryptoSigner(key)


def parse_private(data: bytes) -> Ed25519PrivateKey | None:
    """The private key in a PEM text; None when there is none that can be used."""
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def written(key: SSlibKey) -> str:
    """The public key as people pass it on: ``ed25519:`` and 64 hex digits."""
    return f"{PREFIX}{key.keyval['public']}"


def parse(text: str) -> SSlibKey:
    """The public key of such a text.

    Raises:
        KeyFileError: it is none.
    """
    digits = text.strip().removeprefix(PREFIX).lower()
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(digits))
    except ValueError as error:
        raise KeyFileError(
            f"'{text.strip()[:80]}' is no public key", hint="espalier keys make prints one: ed25519:64 hex digits"
        ) from error
    return SSlibKey.from_crypto(public)


def in_folder(folder: Path) -> dict[str, CryptoSigner]:
    """File name without its ending → key, of all keys in the folder, by name; none where there is no folder.

    Raises:
        KeyFileError: one of them cannot be used.
    """
    if not folder.is_dir():
        return {}
    return {path.name.removesuffix(SUFFIX): load(path) for path in sorted(folder.glob(f"*{SUFFIX}"))}
