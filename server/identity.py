"""Who speaks over a connection, as far as the server can tell. The one place that decides it.

Over a unix socket the system vouches for the user, over TLS a key that ``roles.toml`` gives to a person; else it is the
name given in ``hello``, which nobody verified. It counts where the system says that it comes from a program of whoever
runs the server.
"""

from __future__ import annotations

import base64
import logging
import pwd
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kernel.wire.session import Protocol
from kernel.wire.tls import Introduction, is_proven
from server.arguments import HelloArgs
from server.neighbour import is_own_program

log = logging.getLogger("espalier.wire")

#: What somebody is called who did not say.
NOBODY = "nobody"
#: Longest name that is taken, characters.
MAX_NAME = 100
#: Headers by which proxies say that a request is somebody else's.
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: unix(7)


class Person(NamedTuple):
    """Who asks.

    Attributes:
        name: The person's name.
        is_verified: Whether that is certain.
        origin: From where.
        is_near: Whether a program of the server's own user says so; see :mod:`server.neighbour`.
    """

    name: str
    is_verified: bool
    origin: str
    is_near: bool = False

    @property
    def is_unnamed(self) -> bool:
        """Whether nobody said who it is."""
        return not self.is_verified and self.name == NOBODY


def introduce(session: Protocol, hello: HelloArgs, person_with: Callable[[str], str]) -> None:
    """Take what a client says of itself in ``hello``; what the system vouches for is not replaced.

    Args:
        session: The connection.
        hello: What was said.
        person_with: Answers who has a public key by now, or nothing.
    """
    session.data["said_name"] = _cleaned(hello.name)
    session.data["person_with"] = person_with
    session.data["key"] = ""
    if hello.key:
        if is_proven(session.transport, Introduction(hello.key, hello.signature)):
            session.data["key"] = hello.key.lower()
        else:
            log.warning("%s: says to have a key and does not prove it", session.peer)


def person_of_http(headers: Mapping[str, str], peer: str, transport: Any) -> Person:
    """Who makes an HTTP request: the name of its ``Authorization: Basic``, which nobody verified.

    Args:
        headers: The request's, names in small letters.
        peer: The client's address.
        transport: The connection.
    """
    authorization = headers.get("authorization", "")
    scheme, _, token = authorization.partition(" ")
    name = ""
    if scheme.lower() == "basic":
        try:
            name = base64.b64decode(token, validate=True).decode().partition(":")[0]
        except ValueError:
            name = ""
    is_passed_on = any(header in headers for header in _PASSED_ON)
    if peer == "unix" and "x-real-ip" in headers:  # our own proxy's; nobody else has that socket
        peer = f"{headers['x-real-ip']}:0"
    return Person(_cleaned(name), False, peer, not is_passed_on and is_own_program(transport))


def _cleaned(name: str) -> str:
    """A name as it is taken."""
    return "".join(letter for letter in name[:MAX_NAME] if letter.isprintable()).strip() or NOBODY


def person_of(session: Protocol) -> Person:
    """Who speaks over the connection."""
    if "system_name" not in session.data:
        session.data["system_name"] = _system_name(session)
    known: str = session.data["system_name"]
    if not known and session.data.get("key"):
        known = session.data["person_with"](session.data["key"])
    if "is_near" not in session.data:
        session.data["is_near"] = not session.is_behind and is_own_program(session.transport)
    return Person(known or session.data.get("said_name", NOBODY), bool(known), session.peer, session.data["is_near"])


def _system_name(session: Protocol) -> str:
    """The user at the other end of a unix socket; empty where the system does not vouch for one."""
    if session.is_behind:
        return ""
    option = getattr(socket, "SO_PEERCRED", None)
    found = session.transport.get_extra_info("socket") if session.transport is not None else None
    if option is None or found is None or found.family != socket.AF_UNIX:
        return ""
    _, user, _ = _CREDENTIALS.unpack(found.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid:{user}"
