"""Starts the process that is ready, behind the first window of a person; see ``seed``."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from typing import Any

from shell.ready import memory, message, place, way

_CODE = "from shell.ready.seed import main; main({path!r}, {idle_s!r})"
#: Room for the title that a window of an app takes later, in place of this word.
_ROOM = "-" * 400


def keep_ready(config: Any) -> None:
    """Start one for windows like this one unless there is one, or the person does not want it; in a thread.

    Where it is not wanted, the one that this window came from leaves.
    """
    path = way.taken().socket
    if config["start.keep_ready"]:
        idle_s = config["start.ready_for"] / 1000
        if path:
            _in_thread(lambda: stay(path, idle_s) or memory.is_short() or start(path, idle_s))
    elif way.taken().text == "ready":
        _in_thread(lambda: dismiss(path))


def is_ready(path: str) -> bool:
    """Whether a process listens there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


def dismiss(path: str) -> None:
    """Ask the process that is ready to leave; its windows stay. Raises OSError when there is none."""
    _tell(path, [])


def stay(path: str, idle_s: float) -> bool:
    """Have the process that is ready stay so long without a start, as the person wants it now; False: there is none."""
    try:
        _tell(path, [message.STAY, str(idle_s)])
    except OSError:
        return False
    return True


def _tell(path: str, words: list[str]) -> None:
    data = message.encode(message.Request([], words, {}, 0, []))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        connection.connect(path)
        connection.sendall(message.length_of(data) + data)
        connection.recv(1024)


def start(path: str, idle_s: float) -> None:
    """Start it; returns when it goes on by itself. Raises OSError."""
    directory = os.path.dirname(path)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if not place.is_private(directory):
        raise PermissionError(f"{directory} can be entered by others")
    command = [sys.executable, "-c", _CODE.format(path=path, idle_s=idle_s), _ROOM]
    errors = f"{path.removesuffix('.socket')}.errors"
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    number = os.posix_spawn(sys.executable, command, way.taken().environment, file_actions=files, setsid=True)
    os.waitpid(number, 0)


def _in_thread(work: Any) -> None:
    def run() -> None:
        try:
            work()
        except OSError as error:
            logging.getLogger("espalier").warning("no process is kept ready: %s", error)

    threading.Thread(target=run, name="keeping a process ready", daemon=True).start()
