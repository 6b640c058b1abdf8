"""Addresses of databases: ``postgresql://user@host:port/database?…``, as libpq reads them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from kernel.tables.error import SourceError

#: How an address begins.
SCHEMES = ("postgresql://", "postgres://")
#: What is said where a password stands in an app's files.
PASSWORD_HINT = "leave it out: libpq takes it from ~/.pgpass (or PGPASSFILE), from a service file or from PGPASSWORD"


def is_address(text: str) -> bool:
    """Whether the text is the address of a PostgreSQL database."""
    return text.startswith(SCHEMES)


def check_address(text: Any, *, may_hold_password: bool = False) -> str:
    """The address, when it is one.

    Args:
        text: What an app or a person gave.
        may_hold_password: Whether it comes from a place that others cannot read.

    Raises:
        SourceError: it is no address of PostgreSQL, or a password stands in it.
    """
    if not isinstance(text, str) or not is_address(text):
        raise SourceError(f"{text!r} is no address of PostgreSQL", hint="write postgresql://user@host/database")
    settings = read_settings(text)
    if settings.get("password") and not may_hold_password:
        raise SourceError(f"the address of {describe(text)} holds a password", hint=PASSWORD_HINT)
    return text


def read_settings(text: str) -> dict[str, Any]:
    """What libpq makes of an address: setting → value.

    Raises:
        SourceError: libpq cannot read it.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        return dict(conninfo_to_dict(text))
    except psycopg.Error as error:
        raise SourceError(f"the address of the database cannot be read: {str(error).strip()}") from error


def database_of(text: str) -> str:
    """The name of the database, for titles."""
    settings = read_settings(text)
    return str(settings.get("dbname") or settings.get("service") or settings.get("user") or "database")


def describe(text: str) -> str:
    """The address without user and password: ``host/database``."""
    parts = urlsplit(text)
    place = parts.hostname or ""
    if parts.port:
        place += f":{parts.port}"
    return f"{place}/{unquote(parts.path.lstrip('/'))}".strip("/") or "PostgreSQL"
