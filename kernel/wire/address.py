"""Addresses of servers: ``host:port``, ``[v6]:port``, ``unix:/path``; ``tls:host:port`` for one behind a tunnel."""

from __future__ import annotations

from typing import NamedTuple

from kernel.wire.error import AddressError

DEFAULT_PORT = 5060


class Address(NamedTuple):
    """Either ``path`` (a unix socket) or ``host`` and ``port``; port 0 lets a server choose one.

    ``is_tls`` asks for TLS where it would not be spoken: with an address of this machine.
    """

    host: str = ""
    port: int = 0
    path: str = ""
    is_tls: bool = False

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'tls:' if self.is_tls else ''}{host}:{self.port}"


def parse_address(text: str) -> Address:
    """The address that ``text`` names; the port may be left out (5060).

    Raises:
        AddressError: the text is no address.
    """
    if text.startswith("unix:"):
        if not text[5:] or "\0" in text:
            raise AddressError("a unix address names no socket", hint="unix:/run/user/1000/espalier.socket")
        return Address(path=text[5:])
    if text.startswith("tls:"):
        return parse_address(text[4:])._replace(is_tls=True)
    host, separator, port = text.rpartition(":")
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or ":" not in host:
            raise _no_address(text)
        separator, port = rest[:1], rest[1:]
    elif not separator:
        host = text
    elif ":" in host:
        raise AddressError(f"'{text}' is no address", hint=f"write an IPv6 host in brackets: [{text}]:{DEFAULT_PORT}")
    if not host or any(letter.isspace() or letter == "/" for letter in host):
        raise _no_address(text)
    if not separator:
        return Address(host, DEFAULT_PORT)
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise AddressError(f"'{port}' is no port", hint="a number from 0 to 65535")
    return Address(host, int(port))


def _no_address(text: str) -> AddressError:
    return AddressError(f"'{text}' is no address", hint="host:port, [v6]:port or unix:/path")
