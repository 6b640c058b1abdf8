"""Who speaks over a connection, as far as the server can tell. The one place that decides it.

Over a unix socket the system vouches for the user; over TCP it is the name given in ``hello``, which nobody verified.
Keys of clients come in here.
"""

from __future__ import annotations

import pwd
import socket
import struct
from typing import NamedTuple

from kernel.wire.session import Protocol

#: What somebody is called who did not say.
NOBODY = "nobody"
#: Longest name that is taken, characters.
MAX_NAME = 100
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: unix(7)


class Person(NamedTuple):
    """Who asks: a name, whether that is certain, and from where."""

    name: str
    is_verified: bool
    origin: str


def introduce(session: Protocol, name: str) -> None:
    """Take the name that a client gives in ``hello``; one that the system vouches for is not replaced."""
    cleaned = "".join(letter for letter in name[:MAX_NAME] if letter.isprintable()).strip()
    session.data["said_name"] = cleaned or NOBODY


def person_of(session: Protocol) -> Person:
    """Who speaks over the connection."""
    if "system_name" not in session.data:
        session.data["system_name"] = _system_name(session)
    known: str = session.data["system_name"]
    return Person(known or session.data.get("said_name", NOBODY), bool(known), session.peer)


def _system_name(session: Protocol) -> str:
    """The user at the other end of a unix socket; empty where the system does not vouch for one."""
    option = getattr(socket, "SO_PEERCRED", None)
    found = session.transport.get_extra_info("socket") if session.transport is not None else None
    if option is None or found is None or found.family != socket.AF_UNIX:
        return ""
    _, user, _ = _CREDENTIALS.unpack(found.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"uid:{user}"
