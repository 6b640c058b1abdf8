"""What SQLite says, in words for people."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kernel.tables.error import LockedError, ReadOnlyError, SourceError, TableError

#: Primary result code → (error, message with the file's name, hint); see https://sqlite.org/rescode.html.
_MEANINGS: dict[int, tuple[type[TableError], str, str]] = {
    5: (LockedError, "{} is locked by another program", "close it there or try again"),
    6: (LockedError, "{} is locked by another program", "close it there or try again"),
    3: (SourceError, "there is no permission to open {}", ""),
    8: (ReadOnlyError, "{} cannot be written: the file or its folder is read-only", ""),
    9: (TableError, "the query was interrupted", ""),
    10: (SourceError, "{} cannot be read or written: the disk reports an error", ""),
    11: (SourceError, "{} is damaged: it is not a whole SQLite database", "restore it from a backup"),
    13: (SourceError, "{} cannot be written: the disk is full", ""),
    14: (SourceError, "{} cannot be opened", "look at its permissions and those of its folder"),
    23: (SourceError, "{} may not do that", ""),
    26: (SourceError, "{} is no SQLite database", "open a file made by SQLite"),
}


def is_locked(error: sqlite3.OperationalError) -> bool:
    """Whether another program holds the file."""
    return "locked" in str(error) or "busy" in str(error)


def translated(error: sqlite3.Error, path: Path) -> TableError:
    """The error to raise for one of SQLite's about the file at ``path``."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if "closed database" in str(error):
        return SourceError("the source is closed")
    if code not in _MEANINGS:
        return TableError(f"{path.name}: {error}")
    kind, message, hint = _MEANINGS[code]
    return kind(message.format(path.name), hint=hint)
