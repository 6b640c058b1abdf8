"""Names inside SQL."""

from __future__ import annotations


def quote(name: str) -> str:
    """A table or column name as SQL, whatever letters it has."""
    return '"' + name.replace('"', '""') + '"'
