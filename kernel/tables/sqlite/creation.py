"""Making a SQLite file from an app's SQL texts: at once whole, or not at all.

The texts run under an authorizer: they see no other file and change no setting of the process.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kernel.tables.error import SourceError
from kernel.tables.sqlite.trouble import translated

#: PRAGMAs that a script may use, with a value too.
_HARMLESS = frozenset(("application_id", "foreign_keys", "user_version", "defer_foreign_keys", "table_info",
                       "table_xinfo", "encoding", "page_size", "auto_vacuum"))
_REFUSED_FUNCTIONS = frozenset(("load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"))
_REFUSED = frozenset((sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH))
_FUNCTION = 31  # SQLITE_FUNCTION; the module has no name for it on every version


def create(path: Path, scripts: Sequence[str]) -> None:
    """Make the database file; the first of several processes wins, and a failure leaves no file.

    Args:
        path: Where the file shall be; its folder is made.
        scripts: SQL texts, run in order in one transaction.

    Raises:
        SourceError: a statement is wrong or refused.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be made: {error.strerror}") from error
    draft = Path(name)
    try:
        _fill(draft, path, scripts)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        for leftover in (draft, Path(f"{draft}-journal")):
            leftover.unlink(missing_ok=True)


def _fill(draft: Path, path: Path, scripts: Sequence[str]) -> None:
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.execute("PRAGMA user_version = 0")
        connection.set_authorizer(_authorize)
        connection.execute("BEGIN IMMEDIATE")
        for script in scripts:
            for statement in _statements(script):
                connection.execute(statement)
        connection.set_authorizer(None)
        connection.execute("PRAGMA user_version")
        if connection.in_transaction:
            connection.execute("COMMIT")
        os.chmod(draft, 0o644)
    except sqlite3.DatabaseError as error:
        if "not authorized" in str(error) or "prohibited" in str(error):
            raise SourceError(f"the SQL that makes {path.name} does something that it may not: {error}") from error
        if isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError):
            raise SourceError(f"the SQL that makes {path.name} fails: {error}") from error
        raise translated(error, path) from error
    finally:
        connection.close()


def _authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    is_refused = action in _REFUSED
    if action == sqlite3.SQLITE_PRAGMA:
        is_refused = (first or "").lower() not in _HARMLESS
    if action == _FUNCTION:
        is_refused = (second or "").lower() in _REFUSED_FUNCTIONS
    return sqlite3.SQLITE_DENY if is_refused else sqlite3.SQLITE_OK


def _statements(script: str) -> list[str]:
    """The script's statements; BEGIN and COMMIT of its own are left out, all of it is one transaction."""
    statements: list[str] = []
    current = ""
    for part in script.split(";")[:-1]:
        current += part + ";"
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    rest = current + script.split(";")[-1]
    if _bare(rest):
        statements.append(rest)
    frames = ("begin", "begin transaction", "commit", "end", "end transaction", "commit transaction", "")
    return [one for one in statements if _bare(one).rstrip(";").strip().lower() not in frames]


def _bare(statement: str) -> str:
    """The statement without comments at its start."""
    text = statement.strip()
    while text.startswith(("--", "/*")):
        end = "\n" if text.startswith("--") else "*/"
        text = text.partition(end)[2].strip()
    return text
