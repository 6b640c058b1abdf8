"""``espalier update [SERVER] [--back]``: the newest Espalier that a server publishes, or the one before."""

from __future__ import annotations

import argparse

from shell.command_line import UsageError
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Fetch, verify and note it, or go back; answers the exit code."""
    from shell.version_install import go_back
    from shell.version_trial import facts_of
    from shell.version_update import folder_in, update

    folder = folder_in(session.config.paths)
    if arguments.back:
        before = go_back(folder)
        name = f"Espalier {facts_of(folder, before).get('version', '')}" if before else "The installed Espalier"
        print(f"{name} is used from the next start on")
        return 0
    server = arguments.server or session.config["updates.shell"]
    if not server:
        raise UsageError("from which server?", hint="espalier update SERVER, or set updates.shell to its name")
    try:
        found = update(session.servers, server, folder)
    finally:
        session.close()
    when = "is tried by the next window that is opened" if found.is_new else "is here already"
    print(f"Espalier {found.manifest.version} of {server} {when}")
    return 0
