"""Releases an app's folder, for the command line and windows: checked, sent, signed where the server waits for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from shell.publishing.client import Client, Progress, RefusedError

if TYPE_CHECKING:
    from shell.session import Session


def release(
    folder: Path,
    session: Session,
    server: str = "",
    progress: Progress = lambda sent, total: None,
    **facts: Any,
) -> dict[str, Any]:
    """Have it released; answers the server's record, with ``files_sent``, ``bytes_sent`` and ``is_signed``.

    Args:
        folder: The app.
        session: Whose servers and keys.
        server: By name or address; the person's own when empty.
        progress: Told how far the sending is.
        facts: ``channel``, ``message``, ``percent``.

    Raises:
        PathError: the folder holds no app.
        RefusedError: something is wrong with it; all reasons are in it.
        RemoteError, UnavailableError: as of :class:`Client`.
    """
    from layouts.app_check.check import errors_of, record_of
    from layouts.app_folder import app_paths
    from layouts.app_manifest import AppError, read_app
    from shell.commands_cli.check import check_folder
    from shell.commands_cli.layout_place import LayoutPlace, PathError, find_layouts

    if not (folder / "app.toml").is_file():
        raise PathError(f"{folder} holds no app", hint="espalier new NAME makes one")
    try:
        place = find_layouts(str(folder))
        problems = errors_of(check_folder(place, session))
    except AppError:
        problems = errors_of(check_folder(LayoutPlace(folder, (), True), session))
    if problems:
        raise RefusedError([record_of(problem) for problem in problems], is_ours=True)
    app = read_app(place.read_file)
    paths = app_paths(folder, app.sources)
    facts = {"channel": "", "message": "", "percent": 100.0, **facts}
    try:
        sent = Client(link_of(server, session)).publish(app.name, folder, paths, progress, **facts)
    except RefusedError:
        signed = _signed(session, server, app.name, folder, paths)
        if signed is None:
            raise
        return {**signed, "is_signed": True}
    return {**sent.done, "files_sent": sent.files, "bytes_sent": sent.size}


def roll_back(app: str, session: Session, server: str = "", to: str = "") -> dict[str, Any]:
    """Have an older release's content released anew, that of the one before when none is named.

    Raises:
        RefusedError, RemoteError, UnavailableError: as :func:`release`.
    """
    asked = {"app": app, "to": to, "channel": "", "message": ""}
    return Client(link_of(server, session)).run("publish.rollback", asked)


def link_of(server: str, session: Session) -> Any:
    """The link to a server by name or address; the person's own one when the name is empty."""
    from shell.server_link import LOCAL

    name = server or LOCAL
    session.servers.checked_address(name)
    return session.servers.link(name)


def _signed(session: Session, server: str, app: str, folder: Path, paths: list[str]) -> dict[str, Any] | None:
    """What the server waits with until this person has signed it, signed now; None when it does not."""
    from kernel.digest import sha256_of
    from kernel.open_file import read_bytes
    from shell.publishing.signature import sign_waiting

    files = {path: sha256_of(read_bytes(folder / path)).hex() for path in paths}
    manifest = sign_waiting(link_of(server, session), session.servers.person_key, app, files)
    if manifest is None:
        return None
    facts = {name: getattr(manifest, name) for name in ("app", "version", "serial", "channel")}
    return {**facts, "is_new": True}
