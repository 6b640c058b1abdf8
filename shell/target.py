"""What a person asks to open: a name of an app, perhaps with its server, or a file or folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from kernel.error import EspalierError
from shell.app import NotHereError, OpenedApp, OpenError
from shell.session import Session

#: Bytes that are read of a file to know what it is.
_HEAD = 16

#: How the address of a PostgreSQL database begins.
_ADDRESSES = ("postgresql://", "postgres://")


class Name(NamedTuple):
    """``shop@home``: an app and a server, empty when none was said."""

    app: str
    server: str = ""


def open_target(text: str, session: Session, *, folder: str = "", may_fetch: bool = True) -> OpenedApp:
    """The app that ``text`` means.

    Args:
        text: ``home``, NAME, NAME@SERVER, NAME@HOST:PORT, the path of a database, a file of rows, an app folder or a
            layout, or the address of a PostgreSQL database.
        session: Configuration and servers.
        folder: Where to put the app made for a database; empty = the person's data directory.
        may_fetch: Whether to wait for a server when nothing of the app is in the cache.

    Raises:
        NotHereError: a server would have to be waited for.
        OpenError: there is nothing to open.
        EspalierError: what is there is wrong; the message says how.
    """
    if text == "home":
        from shell.app_home import HomeApp

        return HomeApp(session.servers)
    if is_address(text):
        return open_address(text, session, folder=folder)
    if is_path(text):
        return open_path(Path(text).expanduser(), session, folder=folder)
    return open_name(text, session, may_fetch=may_fetch)


def is_address(text: str) -> bool:
    """Whether the text is the address of a PostgreSQL database."""
    return text.startswith(_ADDRESSES)


def is_path(text: str) -> bool:
    """Whether the text means a file or folder rather than an app's name."""
    has_separator = os.sep in text or "/" in text or text in (".", "..") or text.startswith("~")
    if "@" in text:
        # The socket of an address has separators too: shop@unix:/run/x.
        return os.path.exists(text)
    if os.path.isfile(text) and not has_separator and _is_this_program(text):
        return False
    return has_separator or "." in text or os.path.isfile(text) or os.path.isfile(os.path.join(text, "app.toml"))


def _is_this_program(path: str) -> bool:
    """Whether the file is a link to Espalier, which is named like the app that it opens."""
    return os.path.isfile(sys.argv[0]) and os.path.samefile(path, sys.argv[0])


def parse_name(text: str) -> Name:
    """The app and the server of ``shop@home``.

    Raises:
        OpenError: the text is no such name.
    """
    app, at, server = text.partition("@")
    if not app or (at and not server) or not app.replace("-", "").replace("_", "").isalnum():
        raise OpenError(f"{text!r} names no app", hint="write NAME, NAME@SERVER or NAME@HOST:PORT")
    return Name(app, server)


def open_name(text: str, session: Session, *, may_fetch: bool = True) -> OpenedApp:
    """The app of a server; without a server, of the first known one that has it."""
    from shell.app_remote import RemoteApp

    name = parse_name(text)
    servers = session.servers
    if name.server:
        servers.checked_address(name.server)
        return RemoteApp(servers, name.server, name.app, may_fetch=may_fetch)
    known = servers.names()
    if not known:
        raise OpenError(f"no server is known to ask for {name.app}", hint="name one in config.toml under [servers]")
    held = [server for server in known if servers.delivery(server).cached(name.app) is not None]
    if not held and not may_fetch:
        raise NotHereError(f"{name.app} was never opened here")
    reasons: list[str] = []
    for server in held[:1] or known:
        try:
            return RemoteApp(servers, server, name.app)
        except EspalierError as error:
            reasons.append(f"{server}: {error.message}" + (f", {error.hint}" if error.hint else ""))
    raise OpenError(f"no server has an app {name.app}", hint=_nearest_app(name.app, session) or "; ".join(reasons))


def _nearest_app(app: str, session: Session) -> str:
    """What may be meant, among the apps of the cached lists and the subcommands."""
    from kernel.nearest import did_you_mean
    from shell.command_line import COMMANDS

    deliveries = map(session.servers.delivery, session.servers.names())
    names = [entry.name for delivery in deliveries for entry in delivery.cached_apps()]
    return did_you_mean(app, [*names, *COMMANDS])


def open_path(path: Path, session: Session, *, folder: str = "") -> OpenedApp:
    """The app of a folder, of a layout file, or the one scaffolded for a database."""
    from shell.app_local import LocalApp

    data = session.config.paths.data / "sources"
    if path.is_dir():
        return LocalApp(path, data)
    if path.suffix == ".kdl" or path.name == "app.toml":
        check_file(path)
        return _open_layout(path, data)
    check_database(path)
    from shell.scaffolding import scaffold_app

    made = scaffold_app(path, session.config.paths.data / "apps", Path(folder).expanduser() if folder else None)
    if made.has_written:
        print(made.sentence)
    app = LocalApp(made.folder, data)
    app.database = path.absolute()
    return app


def open_address(address: str, session: Session, *, folder: str = "") -> OpenedApp:
    """The app scaffolded for a PostgreSQL database."""
    from shell.app_local import LocalApp
    from shell.scaffolding import scaffold_address

    paths = session.config.paths
    made = scaffold_address(address, paths.data / "apps", Path(folder).expanduser() if folder else None)
    if made.has_written:
        print(made.sentence)
    return LocalApp(made.folder, paths.data / "sources")


def check_file(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        OpenError: it is not there, no file, or not readable.
    """
    from kernel.open_file import read_bytes

    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would be waited for
        raise OpenError(f"{path} is no file")
    try:
        return read_bytes(path, _HEAD)
    except FileNotFoundError:
        raise OpenError(f"there is no file {path}") from None
    except OSError as error:
        raise OpenError(f"{path} cannot be read: {error.strerror or error}") from error


def check_database(path: Path) -> None:
    """Refuse what is neither a SQLite database nor another file of rows, with the reason.

    Raises:
        OpenError: missing, empty, unreadable, or something else.
    """
    head = check_file(path)
    if not head:
        raise OpenError(f"{path} is empty, so there are no tables to show")
    from kernel.tables.files.kind import kind_of_file

    if not kind_of_file(path, head):
        hint = "espalier opens SQLite, CSV, TSV, JSON lines, Parquet and Arrow files, app folders and layouts"
        raise OpenError(f"{path} is no SQLite database", hint=hint)


def _open_layout(path: Path, data: Path) -> OpenedApp:
    """The app that a layout file belongs to, booting that layout."""
    from shell.app_local import LocalApp

    path = path.absolute()
    home = next((parent for parent in path.parents if (parent / "app.toml").is_file()), None)
    if home is None:
        hint = "an app is a folder with an app.toml; `espalier tree` shows a layout"
        raise OpenError(f"{path} belongs to no app", hint=hint)
    app = LocalApp(home, data)
    if path.name != "app.toml":
        app.info = app.info._replace(entry=("layout", path.relative_to(home).as_posix(), "window"))
    return app
