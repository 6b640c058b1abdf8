"""``espalier mirror DIR NAME@SERVER…``: the newest releases, fetched and verified, as a folder for other machines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Write what the folder lacks; a line for each app."""
    try:
        for server, app in _apps(arguments.apps, session):
            _write(Path(arguments.folder), server, app, session)
    finally:
        session.close()
    return 0


def _apps(words: list[str], session: Session) -> Iterator[tuple[str, str]]:
    """The server and app of each word; a word without ``@`` is a server with all its apps."""
    for word in words:
        app, at, server = word.rpartition("@")
        session.servers.checked_address(server)
        if at:
            yield server, app
        else:
            yield from ((server, entry.name) for entry in session.servers.delivery(server).apps())


def _write(folder: Path, server: str, app: str, session: Session) -> None:
    from kernel.delivery.mirror_folder import write_mirror

    delivery = session.servers.delivery(server)
    manifest = delivery.refresh(app)
    written = write_mirror(folder, manifest, delivery.release_id(app), delivery.reader(manifest))
    print(f"{f'{app}@{server}':<28}  {manifest.version:<8}  {written} new files")
