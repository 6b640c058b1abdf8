"""``espalier forget APP``: an app goes from this machine with its private data; its server has it still."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kernel.error import EspalierError
from shell.session import Session


class ForgetError(EspalierError):
    """An app cannot be forgotten, or nobody said that it may."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Ask, and remove; answers 1 when the person said no."""
    try:
        keys = _keys(arguments.target, session)
        for key in keys:
            _check_edits(key, session)
        if not arguments.yes and not _is_agreed(keys):
            return 1
        for key in keys:
            _forget(key, session)
    finally:
        session.close()
    return 0


def _keys(target: str, session: Session) -> list[str]:
    """The keys of the apps that are meant: of a folder, or of the servers that it was opened from."""
    from shell.app_local import folder_key
    from shell.target import is_path, parse_name

    if is_path(target):
        return [folder_key(Path(target).expanduser())]
    name, servers = parse_name(target), session.servers
    known = [name.server] if name.server else servers.names()
    found = [f"{name.app}@{server}" for server in known if servers.delivery(server).cached(name.app) is not None]
    if not found:
        hint = "espalier forget NAME@SERVER" if not name.server else ""
        raise ForgetError(f"{target} was never opened here", hint=hint)
    return found


def _check_edits(key: str, session: Session) -> None:
    """Refuse while edits wait for the server: they are nowhere else."""
    from kernel.outbox.outbox import Outbox

    name = key.partition("@")[0]
    for path in sorted((session.servers.data_directory / "outbox").glob(f"{name}-*.journal")):
        outbox = Outbox(path)
        if outbox.waiting or outbox.refused:
            raise ForgetError(f"edits of {name} wait for its server", hint="open the app and send or drop them first")


def _is_agreed(keys: list[str]) -> bool:
    if not sys.stdin.isatty():
        raise ForgetError("nobody is there to ask", hint="espalier forget APP --yes")
    answer = input(f"Remove {' and '.join(keys)} with what the app has kept here? [y/N] ")
    return answer.strip().lower() in ("y", "yes")


def _forget(key: str, session: Session) -> None:
    from shell.consent import consents_of
    from shell.scripts import code_path

    name, _, server = key.partition("@")
    had_data = session.places.forget(key)
    if server:
        session.servers.delivery(server).forget(name)
    consents_of(session).forget(key)
    code_path(key, session.servers).unlink(missing_ok=True)
    print(f"{key} is gone from here" + (", with its data" if had_data else ""))
