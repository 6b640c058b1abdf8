"""Scripts of an app are held to ``net`` and ``run``: what an app does not ask for, its own code is refused.

Python tells of connections and programs before they come about (PEP 578). Who asks is told by the stack: the innermost
file that is neither a library's nor Python's. Espalier's own rooms act for a person, so that tables of servers go on.

NOTE: this is a rail and no wall. Threads and event loops in which no file of the app is on the stack, native code, and
code that sets out to get by are not held; for those, the person trusts the publisher.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from typing import Any

from kernel.words import mark

#: Event of Python → the permission that it takes; see the table of audit events in Python's library reference.
EVENTS: dict[str, str] = {
    **dict.fromkeys(("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"), "net"),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"), "net"),
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"), "run"),
    **dict.fromkeys(("os.spawn", "os.startfile", "pty.spawn"), "run"),
}
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
#: The folders of this program, whose code acts by itself and not for an app.
_ROOMS = tuple(os.path.join(_ROOT, room, "") for room in ("kernel", "layouts", "plugins", "server", "shell", "widgets"))
#: Beginning of the names of an app's files → the app and what it may.
_held: dict[str, tuple[str, frozenset[str]]] = {}
_is_listening = False


def hold(label: str, app: str, permissions: Collection[str]) -> None:
    """Refuse the code of an app what it does not ask for, from now on and for good.

    Args:
        label: What the names of its files begin with, up to the first slash.
        app: Its name.
        permissions: What it asks for.
    """
    global _is_listening
    _held[label] = app, frozenset(permissions)
    if not _is_listening:
        _is_listening = True
        sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    permission = EVENTS.get(event)
    if permission is None or _is_of_this_machine(event, arguments):
        return
    found = _asking()
    if found is not None and permission not in found[1]:
        said = mark("the app {app} does not ask for the permission {permission}: its app.toml must say so, {line}")
        line = f'permissions = ["{permission}"]'
        raise PermissionError(said.format(app=found[0], permission=permission, line=line))


def _is_of_this_machine(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a socket is one by a path, which leads to no other computer."""
    return event.startswith("socket.") and len(arguments) > 1 and isinstance(arguments[1], str | bytes)


def _asking() -> tuple[str, frozenset[str]] | None:
    """The app whose code asks, and what it may; None when it is nobody's or our own."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        found = _held.get(name[: name.find("/") + 1]) if name.startswith("<") else None
        if found is not None or name.startswith(_ROOMS):
            return found
        frame = frame.f_back
    return None
