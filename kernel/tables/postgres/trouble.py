"""What PostgreSQL says, in words for people. Refusals of values are the business of ``refusal.py``."""

from __future__ import annotations

from typing import Any

from kernel.tables.error import (
    LockedError,
    ReadOnlyError,
    SourceError,
    TableError,
    UnavailableError,
)

#: Start of an SQLSTATE → (error, message with the database's name, hint), the longest first;
#: see https://www.postgresql.org/docs/current/errcodes-appendix.html.
_MEANINGS: tuple[tuple[str, type[TableError], str, str], ...] = (
    ("25006", ReadOnlyError, "{} cannot be written: it takes no changes", "it may be a standby, or opened read-only"),
    ("28", SourceError, "{} refuses the user or the password", "look at the user in the address and at ~/.pgpass"),
    ("3D", SourceError, "there is no such database: {}", "look at the address"),
    ("40", LockedError, "another program changed the same rows of {} at the same time", "try again"),
    ("42501", SourceError, "there is no permission to read that in {}", "ask who owns the table for it"),
    ("53100", SourceError, "{} cannot be written: its disk is full", ""),
    ("53200", UnavailableError, "{} has no memory left", "try again later"),
    ("53300", UnavailableError, "{} has no connection left", "try again later"),
    ("55P03", LockedError, "a row or table of {} is locked by another program", "close it there or try again"),
    ("57014", TableError, "the query of {} took too long and was stopped", ""),
    ("57P", UnavailableError, "{} went away", "it was stopped or is starting; try again"),
    ("08", UnavailableError, "the connection to {} broke", "try again"),
    ("58", SourceError, "{} cannot be read or written: its system reports an error", ""),
    ("XX001", SourceError, "{} is damaged", "restore it from a backup"),
)
#: Words of a server that refuses a connection for the moment.
_AWAY = ("starting up", "shutting down", "too many clients", "remaining connection slots", "recovery mode")
#: Words of libpq for a server that does not prove who it is as the address wants it.
_DISTRUST = ("certificate", "sslmode", "does not support SSL")


def translated(error: Any, name: str, *, is_gone: bool = False) -> TableError:
    """The error to raise for one of psycopg's about the database called ``name``.

    Args:
        error: What psycopg raised.
        name: The database's, for the message.
        is_gone: Whether the connection is lost.
    """
    state = error.sqlstate or ""
    for start, kind, message, hint in _MEANINGS:
        if state.startswith(start):
            return kind(message.format(name), hint=hint)
    if is_gone:
        return UnavailableError(f"the connection to {name} broke", hint="try again")
    said = error.diag.message_primary or str(error).strip()
    return TableError(f"{name}: {said}")


def refused(error: Any, name: str) -> TableError:
    """The error to raise when no connection could be made."""
    text = str(error).strip()
    fatal = text.rpartition("FATAL:")[2].strip() if "FATAL:" in text else ""
    if fatal and not any(word in fatal for word in _AWAY):
        return SourceError(f"{name} refuses the connection: {fatal}", hint="look at the address and at ~/.pgpass")
    distrusted = next((line for line in text.splitlines() if any(word in line for word in _DISTRUST)), "")
    if distrusted:
        return SourceError(f"{name} is not trusted: {distrusted.rpartition('failed: ')[2]}",
                           hint="look at sslmode and sslrootcert in the address")
    if "no password supplied" in text:
        return SourceError(f"{name} wants a password", hint="libpq takes it from ~/.pgpass, PGPASSFILE or PGPASSWORD")
    reason = fatal or text.splitlines()[-1].strip() if text else "no answer"
    return UnavailableError(f"{name} cannot be reached: {reason}", hint="look whether the server runs, and its address")


def is_given_up(error: Any) -> bool:
    """Whether the error comes from a statement that was cancelled."""
    return error.sqlstate == "57014"



