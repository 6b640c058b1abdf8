"""Names inside SQL that psycopg runs."""

from __future__ import annotations


def quote(name: str) -> str:
    """A table or column name as SQL, whatever letters it has; per cent signs are doubled for psycopg."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
