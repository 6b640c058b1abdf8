"""Where a process with windows listens for commands: one socket each, in this person's own directory.

On the way to every ``espalier do``: it imports next to nothing.
"""

from __future__ import annotations

import os
import sys

from shell.ready.place import folder

_BEGIN, _END = "do-", ".socket"


def runtime_of(basedir: str) -> str:
    """The person's directory for sockets, as :func:`kernel.config.paths.find_paths` finds it."""
    base = basedir or os.environ.get("ESPALIER_BASEDIR", "")
    return os.path.join(os.path.abspath(os.path.expanduser(base)), "runtime") if base else folder()


def socket_path(runtime: str, process: int) -> str:
    """Where that process listens."""
    return os.path.join(runtime, f"{_BEGIN}{process}{_END}")


def sockets(runtime: str) -> list[tuple[int, str]]:
    """Number of a process → its socket, the oldest number first; also of those that have ended without a word."""
    try:
        names = os.listdir(runtime)
    except OSError:
        return []
    numbers = [name[len(_BEGIN) : -len(_END)] for name in names if name.startswith(_BEGIN) and name.endswith(_END)]
    return [(number, socket_path(runtime, number)) for number in sorted(map(int, filter(str.isdigit, numbers)))]


def is_ours(connection: object) -> bool:
    """Whether a process of this very person is at the other end, by the system's word.

    NOTE: where the system gives none, the directory, which this person alone can enter, has to do.
    """
    import _socket

    option = getattr(_socket, "SO_PEERCRED", None)
    if option is None:
        return True
    facts = connection.getsockopt(_socket.SOL_SOCKET, option, 12)
    return int.from_bytes(facts[4:8], sys.byteorder) == os.getuid()
