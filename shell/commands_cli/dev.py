"""``espalier dev DIR``: the app of a folder in its window, which follows every change of the files."""

from __future__ import annotations

import argparse
from pathlib import Path

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Open the folder's app and follow it until its windows are closed; answers the exit code."""
    from shell.app import OpenError
    from shell.boot import boot
    from shell.live.developing import Developing
    from shell.qt import make_application

    folder = Path(arguments.folder).expanduser()
    if not (folder / "app.toml").is_file():
        raise OpenError(f"{arguments.folder} holds no app", hint="an app is a folder with an app.toml")
    make_application()
    # A mistake is shown in the window, where it goes away with the next change, so nothing may end the boot.
    opened = boot(str(folder), session.given, may_block=False)
    developing = Developing(folder.absolute(), opened)
    try:
        return opened.loop() if opened.loop is not None else 0
    finally:
        developing.stop()
        opened.close()
