"""``espalier login on|off|status``: whether a process is ready for the first window of a day. Off unless asked for.

The entry that it writes runs ``espalier login start`` when the person logs in.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from kernel.error import EspalierError
from shell.service import marked
from shell.service.login import entry
from shell.session import Session

#: Seconds for which the process waits for the first window of a day.
FIRST_S = 86_400.0


class LoginError(EspalierError):
    """Nothing can be ready at login here."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Do it; answers the exit code."""
    if not sys.platform.startswith("linux"):
        raise LoginError("a process is kept ready on Linux alone")
    return ACTIONS[arguments.action](session)


def _on(session: Session) -> int:
    if not session.config["start.keep_ready"]:
        raise LoginError("the option start.keep_ready is off", hint="espalier config set start.keep_ready on")
    file = entry()
    marked.write(file, may_replace_edits=False)
    print(f"Wrote {file.path}: from the next login on a process of about 40 MB is ready for the first window")
    return _start(session)


def _off(session: Session) -> int:
    path = entry().path
    if marked.state_of(path) == marked.MISSING:
        print("Nothing is started at login")
        return 0
    marked.check_removal(path, may_remove_edits=False)
    path.unlink(missing_ok=True)
    print(f"Removed {path}")
    return 0


def _status(session: Session) -> int:
    path = entry().path
    texts = {
        marked.MISSING: "off; espalier login on has a process ready at login",
        marked.OURS: f"on, by {path}",
        marked.EDITED: f"{path} was edited, and is left as it is",
    }
    print(texts[marked.state_of(path)])
    return 0


def _start(session: Session) -> int:
    """Have a process ready now, unless there is one or the person wants none."""
    from shell.ready import keep, place, way

    if not session.config["start.keep_ready"]:
        return 0
    path = place.socket_path()
    way.tell("first: at login", path)
    try:
        if not keep.is_ready(path):
            keep.start(path, max(FIRST_S, session.config["start.ready_for"] / 1000))
    except OSError as error:
        raise LoginError(f"no process is kept ready: {error.strerror or error}") from error
    return 0


#: Action → what it does.
ACTIONS: dict[str, Callable[[Session], int]] = {"on": _on, "off": _off, "status": _status, "start": _start}
