"""Addresses of databases: ``postgresql://user@host:port/database?…``, as libpq reads them."""

from __future__ import annotations

import re
from typing import Any

from kernel.tables.error import SourceError

#: How an address begins.
SCHEMES = ("postgresql://", "postgres://")
#: What is said where a password stands in an app's files.
PASSWORD_HINT = "leave it out: libpq takes it from ~/.pgpass (or PGPASSFILE), from a service file or from PGPASSWORD"
#: Settings of libpq that nobody but the server may see.
_SECRETS = ("password", "sslpassword", "oauth_client_secret")
_SIGNS_HINT = "write postgresql://user@host:port/database; within a name / is written %2F, ? %3F, # %23, % %25, @ %40"


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
        raise SourceError("that is no address of PostgreSQL", hint="write postgresql://user@host/database")
    settings = read_settings(text)
    if not may_hold_password and any(settings.get(name) for name in _SECRETS):
        raise SourceError(f"the address of {describe(text)} holds a password", hint=PASSWORD_HINT)
    return text


def read_settings(text: str) -> dict[str, Any]:
    """What libpq makes of an address: setting → value.

    Raises:
        SourceError: libpq cannot read it; nothing of the address is told, as it may be a part of a password.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        settings = dict(conninfo_to_dict(text))
    except psycopg.Error as error:
        said = re.sub(r':? *".*"', "", str(error).strip(), flags=re.DOTALL)
        raise SourceError(f"the address of the database cannot be read: {said}", hint=_SIGNS_HINT) from None
    if "@" in str(settings.get("host")) or not re.fullmatch(r"[\d,]*", str(settings.get("port") or "")):
        raise SourceError("the address of the database cannot be read: its host or port is none", hint=_SIGNS_HINT)
    return settings


def database_of(text: str) -> str:
    """The name of the database, for titles."""
    settings = read_settings(text)
    return str(settings.get("dbname") or settings.get("service") or settings.get("user") or "database")


def describe(text: str) -> str:
    """The address without user and password: ``host:port/database``.

    Raises:
        SourceError: libpq cannot read it.
    """
    settings = read_settings(text)
    host, port = str(settings.get("host") or ""), str(settings.get("port") or "")
    place = "" if host.startswith("/") else f"{host}:{port}" if port else host  # a folder is a socket of this machine
    return f"{place}/{settings.get('dbname') or ''}".strip("/") or "PostgreSQL"
