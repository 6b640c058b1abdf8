"""SHA-256 without loading OpenSSL for small texts: that takes 3 ms, which a start notices."""

from __future__ import annotations

from sys import modules

try:  # Python 3.11's own implementation, Python 3.12's, and what every Python has
    from _sha256 import sha256 as _small
except ImportError:
    try:
        from _sha2 import sha256 as _small
    except ImportError:
        from hashlib import sha256 as _small

#: From this size on, in bytes, OpenSSL's faster way pays for being loaded.
LARGE = 1 << 20


def sha256_of(data: bytes | bytearray | memoryview) -> bytes:
    """The digest of ``data``, 32 bytes; by OpenSSL once anybody has loaded it, which is several times as fast."""
    if len(data) < LARGE and "_hashlib" not in modules:
        return _small(data).digest()
    import hashlib

    return hashlib.sha256(data).digest()


def prefer_openssl() -> None:
    """Have OpenSSL loaded: for whoever is about to hash much."""
    import hashlib  # noqa: F401
