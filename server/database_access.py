"""The databases of other servers that apps may use: named in a file of the server, so that clients never see how.

An app's ``connection = "crm"`` means the entry ``[crm]`` of ``connections.toml`` beside the folders of the apps' data::

    [crm]
    address = "postgresql://desk@db.example.org/crm"
    password = "…"           # or leave it to ~/.pgpass of the server's user
    apps = ["order-desk"]    # left out: every app may use it
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from kernel.nearest import did_you_mean
from kernel.tables.error import SourceError

#: The file's name, in the server's data directory.
FILE = "connections.toml"
_ENTRIES = ("address", "password", "apps")


class DatabaseAccess(NamedTuple):
    """Where a database is, and the password, empty when libpq shall find it."""

    address: str
    password: str


def find_access(directory: Path, app: str, source: str, name: Any) -> DatabaseAccess:
    """What an app's source means by a connection.

    Args:
        directory: The server's data directory.
        app: Whose source asks.
        source: Its name, for messages.
        name: Of the connection.

    Raises:
        SourceError: there is no such connection, the app may not use it, or the file is wrong or open to others.
    """
    if not isinstance(name, str) or not name:
        raise SourceError(f"the source '{source}' of '{app}' names no connection",
                          hint=f'write connection = "NAME", an entry of {FILE} of the server')
    entries = _read(directory / FILE)
    entry = entries.get(name)
    allowed = entry.get("apps") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or (allowed is not None and app not in allowed):
        raise SourceError(f"the server has no connection '{name}' for '{app}'",
                          hint=did_you_mean(name, entries) or f"the server's {FILE} lists them")
    unknown = [one for one in entry if one not in _ENTRIES]
    address, password = entry.get("address", ""), entry.get("password", "")
    if unknown or not isinstance(address, str) or not isinstance(password, str) or not address:
        raise SourceError(f"the connection '{name}' of the server is not described rightly",
                          hint=f"its entries are {', '.join(_ENTRIES)}")
    return DatabaseAccess(address, password)


def _read(path: Path) -> dict[str, Any]:
    try:
        mode = path.stat().st_mode
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SourceError(f"the server's {FILE} cannot be read: {error}") from error
    if mode & 0o077:
        raise SourceError(f"the server's {FILE} can be read by others", hint=f"type: chmod 600 {path}")
    return entries
