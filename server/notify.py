"""Telling systemd that the server serves: sd_notify(3), a datagram over the socket that it names."""

from __future__ import annotations

import os
import socket


def tell_system(state: str) -> None:
    """Say ``READY=1`` or ``STOPPING=1``; nothing where nobody asked to be told.

    Raises:
        OSError: the socket that was named cannot be used.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        link.sendall(state.encode())
