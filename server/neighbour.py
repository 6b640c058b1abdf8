"""Whose program is at the other end of a connection within this machine, by the system's word.

A name that is only said counts for programs of whoever runs the server: they could read its files as well. It does not
for other people of the same machine, nor for what another user's proxy passes on.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
from pathlib import Path
from typing import Any

#: Linux's ``sock_diag(7)``: one socket is asked for by its two ends, and answered with its user.
_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _REQUEST, _ANY = 4, 20, 1, 0xFFFFFFFF
_HEAD = struct.Struct("=IHHII")  # length, type, flags, sequence, port
_USER_AT = _HEAD.size + 64  # of inet_diag_msg, behind states, both ends and the queues
#: The same as a table, where that door is closed.
_TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
#: Address and port.
End = tuple[str, int]


def is_own_program(transport: Any) -> bool:
    """Whether a program of the server's own user, or of the administrator, is at the other end of the transport.

    Asked of connections over the loopback; where the system cannot say it, or for others, the answer is no.
    """
    if transport is None:
        return False
    theirs, ours = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    if not (isinstance(theirs, tuple) and isinstance(ours, tuple) and _is_loopback(theirs[0])):
        return False
    return user_of(theirs[:2], ours[:2]) in (os.geteuid(), 0)


def user_of(own: End, other: End) -> int | None:
    """The user whose socket has ``own`` for its own end and is connected with ``other``; None when nobody can tell."""
    family = socket.AF_INET6 if ":" in own[0] else socket.AF_INET
    with contextlib.suppress(OSError, AttributeError, struct.error):
        return _asked(family, own, other)
    with contextlib.suppress(OSError, ValueError, IndexError):
        return _looked_up(family, own, other)
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _asked(family: int, own: End, other: End) -> int:
    """The answer of ``sock_diag``; raises OSError where there is none."""
    ends = struct.pack("!HH", own[1], other[1])
    ends += b"".join(socket.inet_pton(family, host).ljust(16, b"\0") for host, _ in (own, other))
    question = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, _ANY) + ends + struct.pack("=III", 0, _ANY, _ANY)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG) as door:
        door.settimeout(1.0)
        door.connect((0, 0))
        door.send(_HEAD.pack(_HEAD.size + len(question), _SOCK_DIAG_BY_FAMILY, _REQUEST, 1, 0) + question)
        answer = door.recv(4096)
    if _HEAD.unpack_from(answer)[1] != _SOCK_DIAG_BY_FAMILY:
        raise OSError("the system knows no such connection")
    return int(struct.unpack_from("=I", answer, _USER_AT)[0])


def _looked_up(family: int, own: End, other: End) -> int | None:
    wanted = [f"{_in_hex(family, host)}:{port:04X}" for host, port in (own, other)]
    for line in _TABLES[socket.AddressFamily(family)].read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1:3] == wanted:
            return int(fields[7])
    return None


def _in_hex(family: int, host: str) -> str:
    packed = socket.inet_pton(family, host)
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return "".join(f"{word:08X}" for word in words)
