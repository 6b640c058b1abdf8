"""What SQLite says, in words for people."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kernel.tables.error import LockedError, ReadOnlyError, SourceError, TableError
from kernel.words import mark

#: Primary result code → (error, message with the file's name, hint); see https://sqlite.org/rescode.html.
_MEANINGS: dict[int, tuple[type[TableError], str, str]] = {
    5: (LockedError, mark("{file} is locked by another program"), mark("close it there or try again")),
    6: (LockedError, mark("{file} is locked by another program"), mark("close it there or try again")),
    3: (SourceError, mark("there is no permission to open {file}"), ""),
    8: (ReadOnlyError, mark("{file} cannot be written: the file or its folder is read-only"), ""),
    9: (TableError, mark("the query was interrupted"), ""),
    10: (SourceError, mark("{file} cannot be read or written: the disk reports an error"), ""),
    11: (SourceError, mark("{file} is damaged: it is not a whole SQLite database"), mark("restore it from a backup")),
    13: (SourceError, mark("{file} cannot be written: the disk is full"), ""),
    14: (SourceError, mark("{file} cannot be opened"), mark("look at its permissions and those of its folder")),
    23: (SourceError, mark("{file} may not do that"), ""),
    26: (SourceError, mark("{file} is no SQLite database"), mark("open a file made by SQLite")),
}
#: What SQLite says of an unknown order of texts, before its name.
_NO_COLLATION = "no such collation sequence: "


def is_locked(error: sqlite3.OperationalError) -> bool:
    """Whether another program holds the file."""
    return "locked" in str(error) or "busy" in str(error)


def translated(error: sqlite3.Error, path: Path) -> TableError:
    """The error to raise for one of SQLite's about the file at ``path``."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if "closed database" in str(error):
        return SourceError(mark("the source is closed"))
    if _NO_COLLATION in str(error):
        return ReadOnlyError(
            mark("{file} orders texts by “{name}”, which only the program knows that made it").format(
                file=path.name, name=str(error).partition(_NO_COLLATION)[2]),
            hint=mark("write these rows with that program; others can be written here"),
        )  # fmt: skip
    if code not in _MEANINGS:
        return TableError(f"{path.name}: {error}")
    kind, message, hint = _MEANINGS[code]
    return kind(message.format(file=path.name), hint=hint)
