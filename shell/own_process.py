"""A process for each app with code of its own, so that two apps have two versions of a wheel or library at once, and
the code of one sees nothing of another's. Apps that are layouts alone share a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from typing import Any

from kernel.release import Manifest
from shell.session import Session

#: Beginnings and endings of files that are code.
_FOLDERS, _ENDINGS = ("wheels/",), (".py",)


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
        return folder.is_dir() and _folder_has_code(folder)
    name, servers = parse_name(target), session.servers
    held = [servers.delivery(server).cached(name.app) for server in ([name.server] if name.server else servers.names())]
    known = [manifest for manifest in held if manifest is not None]
    return not known or any(map(manifest_has_code, known))


def app_has_code(app: Any) -> bool:
    """Whether an opened app has code of its own."""
    manifest, folder = getattr(app, "manifest", None), getattr(app, "folder", None)
    if manifest is not None:
        return manifest_has_code(manifest)
    return folder is not None and _folder_has_code(folder)


def manifest_has_code(manifest: Manifest) -> bool:
    """Whether a release has scripts, wheels or native libraries."""
    if manifest.wheels or manifest.libraries:
        return True
    return any(path.startswith(_FOLDERS) or path.endswith(_ENDINGS) for path in manifest.files)


def start(target: str, window: Any) -> None:
    """Open it in a process of its own; what goes wrong there before it has a window is told in this one."""
    from shell.ready.way import taken
    from widgets import gui_thread

    given = window.session.given
    words = [*(("--basedir", given.basedir) if given.basedir else ()), *(["--debug"] if given.is_debug else ())]
    words += [word for setting in given.settings for word in ("--set", setting)]
    command = [sys.executable, "-c", "import sys; from shell.main import main; sys.exit(main())", *words, target]
    environment = taken().environment or dict(os.environ)
    report = gui_thread.listener(window.messages.report)

    def run() -> None:
        if problem := _run(command, environment):
            report("error", f"{target} was not opened", problem)

    threading.Thread(target=run, name=f"process of {target}", daemon=True).start()


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


def _folder_has_code(folder: Any) -> bool:
    from layouts.app_folder import app_paths

    return any(path.startswith(_FOLDERS) or path.endswith(_ENDINGS) for path in app_paths(folder))
