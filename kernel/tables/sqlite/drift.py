"""How a database differs from the SQL texts that would make it now."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kernel.tables.sqlite.creation import create
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.trouble import translated

#: Table or view → column → (type, whether it is required, whether it is in the key).
Parts = dict[str, dict[str, tuple[str, bool, bool]]]


def differences(path: Path, scripts: Sequence[str]) -> list[str]:
    """What the texts would make and the database does not have so; empty when nothing is amiss.

    What the database has beyond the texts is nobody's business. The database is only read.

    Args:
        path: The database.
        scripts: The texts that make the schema.

    Raises:
        SourceError: a text is wrong or refused.
        TableError: the database cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="espalier-") as folder:
        fresh = Path(folder) / path.name
        create(fresh, scripts)
        wanted = _parts(fresh)
    there = _parts(path)
    found: list[str] = []
    for table, columns in wanted.items():
        if table not in there:
            found.append(f"{table} is missing")
            continue
        for column, facts in columns.items():
            if column not in there[table]:
                found.append(f"{table}.{column} is missing")
            elif there[table][column] != facts:
                found.append(f"{table}.{column} is {_said(there[table][column])} instead of {_said(facts)}")
    return found


def _said(facts: tuple[str, bool, bool]) -> str:
    type_, is_required, is_key = facts
    return " ".join([type_ or "untyped", *(["NOT NULL"] if is_required else []), *(["PRIMARY KEY"] if is_key else [])])


def _parts(path: Path) -> Parts:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
        return {name: _columns(connection, name) for (name,) in names}
    except sqlite3.Error as error:
        raise translated(error, path) from error
    finally:
        connection.close()


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, bool, bool]]:
    rows = connection.execute(f"PRAGMA table_xinfo({quote(table)})").fetchall()
    return {row[1]: (str(row[2]).upper(), bool(row[3]), bool(row[5])) for row in rows}
