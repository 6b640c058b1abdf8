"""The certificate of a server: a key of its own, made once and kept, under which clients know it."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from kernel.cache.durable import write_file
from kernel.wire.tls import key_of

#: Below the server's own folder in the git directory.
FILE = "tls.pem"
#: How long a certificate says that it holds. Nobody asks: the key is pinned, and replaced with its pin.
_DAYS = 36_500


def certificate_file(folder: Path) -> Path:
    """The file with the certificate and its private key, made now when there is none.

    Args:
        folder: The server's own folder.

    Raises:
        CacheError: it cannot be written.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        write_file(str(path.parent), path.name, [_made()])
    return path


def server_key_of(path: Path) -> str:
    """The SHA-256 of the public key in such a file, in hex: what clients pin.

    Raises:
        OSError, ValueError: the file cannot be read, or holds no certificate.
    """
    import ssl

    text = path.read_text()
    start = text.index("-----BEGIN CERTIFICATE-----")
    return key_of(ssl.PEM_cert_to_DER_cert(text[start:].split("-----END CERTIFICATE-----")[0]
                                           + "-----END CERTIFICATE-----"))  # fmt: skip


def _made() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Espalier source server")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .sign(key, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM) + private
