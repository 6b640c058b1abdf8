"""TLS between desktops and servers, by keys alone: no authority vouches for anybody.

A server is known by the SHA-256 of its public key (SubjectPublicKeyInfo), which clients have pinned. A client proves
its own key inside the connection: it signs what the handshake of both ends came to (RFC 5929, tls-unique), so that
the proof is worth nothing on any other connection, also not to a server that passes it on.
"""

from __future__ import annotations

import hashlib
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kernel.wire.address import Address
from kernel.wire.error import UntrustedServerError

if TYPE_CHECKING:
    import ssl

#: Before what a client signs, so that the signature means nothing else.
PURPOSE = b"espalier client 1\0"


class Introduction(NamedTuple):
    """Who a client is: its public key (``ed25519:`` and 64 hex digits), and its signature over the connection."""

    key: str
    signature: bytes


class Security(Protocol):
    """What a link is told about keys."""

    def check_server(self, key: str) -> None:
        """Whether the server with that key (hex) is the one that is meant; called on the link's thread.

        Raises:
            UntrustedServerError: it is not; nothing was sent.
        """

    def introduce(self, connection: bytes) -> Introduction | None:
        """This client's signature over the connection; None to stay unknown. May take its time: called aside."""


def is_local(address: Address) -> bool:
    """Whether nobody but this machine's own programs can stand in between."""
    if address.path or address.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        return False


def needs_tls(address: Address) -> bool:
    """Whether TLS is spoken with that address."""
    return not address.path and (address.is_tls or not is_local(address))


def client_context() -> ssl.SSLContext:
    """For connections whose server is checked by its key afterwards."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def server_context(certificate: Path) -> ssl.SSLContext:
    """For listening with a file that holds certificate and private key.

    Raises:
        OSError: the file cannot be read or holds none.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0  # a resumed connection would have another binding at either end
    context.load_cert_chain(certificate)
    return context


def key_of(certificate: bytes) -> str:
    """SHA-256 of a certificate's public key, in hex; ``certificate`` is DER."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def server_key(transport: Any) -> str:
    """The key of the server at the other end of a TLS connection.

    Raises:
        UntrustedServerError: it shows none that can be read.
    """
    found = transport.get_extra_info("ssl_object")
    try:
        return key_of(found.getpeercert(binary_form=True))
    except (AttributeError, TypeError, ValueError) as error:
        raise UntrustedServerError("the server shows no key that can be read") from error


def binding_of(transport: Any) -> bytes:
    """What a client signs to introduce itself over this connection; empty without TLS."""
    found = transport.get_extra_info("ssl_object") if transport is not None else None
    unique = found.get_channel_binding("tls-unique") if found is not None else None
    return PURPOSE + unique if unique else b""


def is_proven(transport: Any, introduction: Introduction) -> bool:
    """Whether whoever is at the other end of the connection has the private half of the key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    binding = binding_of(transport)
    if not binding:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(introduction.key.removeprefix("ed25519:")))
        public.verify(introduction.signature, binding)
    except (InvalidSignature, ValueError):
        return False
    return True
