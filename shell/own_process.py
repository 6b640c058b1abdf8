"""A process for each app with code of its own, so that two apps have two versions of a wheel or library at once, and
the code of one sees nothing of another's. Apps that are layouts alone share a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from kernel.error import EspalierError
from kernel.words import say
from shell import single
from shell.app_code import app_has_code, folder_has_code, manifest_has_code
from shell.session import Session

#: Key of an app whose process was started by this one and has not ended → when, by the monotonic clock.
_beginning: dict[str, float] = {}


def is_wanted(target: str, session: Session, windows: list[Any]) -> bool:
    """Whether what is opened gets a process of its own.

    Args:
        target: As :func:`shell.target.open_target` takes it.
        session: Of the window where it is opened.
        windows: All windows of this process.
    """
    return may_have_code(target, session) or any(app_has_code(window.app) for window in windows)


def may_have_code(target: str, session: Session) -> bool:
    """Whether the app has code of its own; also when nobody knows yet, as it was never opened here."""
    from pathlib import Path

    from shell.target import is_address, is_path, parse_name

    if target == "home" or is_address(target):
        return False
    if is_path(target):
        folder = Path(target).expanduser()
        return folder.is_dir() and folder_has_code(folder)
    name, servers = parse_name(target), session.servers
    held = [servers.delivery(server).cached(name.app) for server in ([name.server] if name.server else servers.names())]
    known = [manifest for manifest in held if manifest is not None]
    return not known or any(map(manifest_has_code, known))


def start(target: str, window: Any) -> None:
    """Open it in a process of its own; what goes wrong there before it has a window is told in this one.

    The window of one that runs already comes to the front; one that is on its way comes by itself.
    """
    from shell.ready.way import taken

    key = _key(target, window.session)
    place = single.is_shown(key, window.session.config.paths.runtime) if key else ""
    if place:
        bring_forward(place, target, window)
        return
    if time.monotonic() - _beginning.get(key, float("-inf")) < single.PATIENCE_S:
        return
    given = window.session.given
    words = [*(("--basedir", given.basedir) if given.basedir else ()), *(["--debug"] if given.is_debug else ())]
    words += [word for setting in given.settings for word in ("--set", setting)]
    command = [sys.executable, "-c", "import sys; from shell.main import main; sys.exit(main())", *words, target]
    environment = taken().environment or dict(os.environ)
    if key:
        _beginning[key] = time.monotonic()

    def run() -> str:
        try:
            return _run(command, environment)
        finally:
            _beginning.pop(key, None)

    _tell_failure(run, target, window)


def bring_forward(place: str, target: str, window: Any) -> None:
    """Have another process show its window of an app; when it has ended meanwhile, open the app again.

    Args:
        place: Where that process listens.
        target: What was opened.
        window: Tells what goes wrong.
    """
    from widgets import gui_thread

    found = weakref.ref(window)  # no other thread may keep a window alive

    def run() -> str:
        try:
            if not single.bring_forward(place):
                gui_thread.hand(lambda: _open_again(found, target))
        except EspalierError as error:
            return str(error)
        return ""

    _tell_failure(run, target, window)


def _open_again(found: weakref.ref[Any], target: str) -> None:
    """On the thread of the windows."""
    if (window := found()) is not None and window in window.desk.windows:
        window.registry.run("app.open", name=target)


def _tell_failure(run: Callable[[], str], target: str, window: Any) -> None:
    """Do it in a thread; what it answers is told in the window."""
    from widgets import gui_thread

    report = gui_thread.listener(window.messages.report)

    def act() -> None:
        if problem := run():
            report("error", say("{target} was not opened", target=target), problem)

    threading.Thread(target=act, name=f"process of {target}", daemon=True).start()


def _key(target: str, session: Session) -> str:
    """What the app goes by that the target means, see :func:`shell.single.key_of`."""
    from pathlib import Path

    from shell.target import is_address, is_path, parse_name

    if target == "home" or is_address(target):
        return "" if is_address(target) else target
    if is_path(target):
        from shell.app_local import folder_key

        folder = Path(target).expanduser()
        return folder_key(folder) if folder.is_dir() and folder_has_code(folder) else ""
    name, servers = parse_name(target), session.servers
    held = [server for server in servers.names() if servers.delivery(server).cached(name.app) is not None]
    return f"{name.app}@{name.server or next(iter(held), '')}"


def _run(command: list[str], environment: dict[str, str]) -> str:
    """Run it until it ends, which this process need not live to see; why it failed, or empty."""
    with tempfile.TemporaryFile() as errors:
        try:
            code = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=environment,
                start_new_session=True,
            ).wait()  # fmt: skip
        except OSError as error:
            return error.strerror or str(error)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip()
    return said.splitlines()[-1].removeprefix("espalier: ") if code > 0 and said else ""
