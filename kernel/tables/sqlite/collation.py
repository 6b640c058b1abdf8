"""Orders of texts that only the program knows which made a file: others stand in for them, to read it.

Rows are never written by them: an index whose entries two programs order differently would be damaged. The writer does
not know them, so SQLite itself refuses what would touch such an index.
"""

from __future__ import annotations

import re
import sqlite3

#: SQLite's own (https://sqlite.org/datatype3.html#collating_sequences).
_BUILT_IN = {"binary", "nocase", "rtrim"}
_COLLATE = re.compile(r"\bCOLLATE\s+[\"'`\[]?(\w+)", re.IGNORECASE)


def foreign_collations(connection: sqlite3.Connection) -> frozenset[str]:
    """The orders that the file's schema names and SQLite does not bring."""
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql LIKE '%collate%'").fetchall()
    names = {name for (sql,) in rows if isinstance(sql, str) for name in _COLLATE.findall(sql)}
    return frozenset(name for name in names if name.lower() not in _BUILT_IN)


def stand_in(connection: sqlite3.Connection, names: frozenset[str]) -> None:
    """Let a connection that only reads order texts by case folding, under all these names."""
    for name in names:
        connection.create_collation(name, _compare)


def _compare(first: str, second: str) -> int:
    one, other = first.casefold(), second.casefold()
    return (one > other) - (one < other)
