"""Writes tables of the contract into a SQLite file, as another program would."""

from __future__ import annotations

import datetime
import sqlite3
from decimal import Decimal

_DECLARED = {
    "text": "TEXT",
    "longtext": "TEXT",
    "integer": "INTEGER",
    "decimal": "DECIMAL",
    "real": "REAL",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "datetime": "DATETIME",
    "blob": "BLOB",
}


def write_tables(path, tables) -> None:
    """Create and fill the tables."""
    connection = sqlite3.connect(path)
    for schema, rows in tables:
        lines = []
        for column in schema.columns:
            declared = f"VARCHAR({column.max_length})" if column.max_length else _DECLARED[column.type]
            lines.append(f'"{column.name}" {declared}{" NOT NULL" if column.is_required else ""}')
        if schema.key:
            lines.append(f"PRIMARY KEY ({', '.join(schema.key)})")
        lines += [
            f'FOREIGN KEY ({", ".join(one.via)}) REFERENCES "{one.table}" ({", ".join(one.columns)})'
            for one in schema.references
        ]
        connection.execute(f'CREATE TABLE "{schema.name}" ({", ".join(lines)})')
        for row in rows:
            marks = ", ".join("?" * len(row))
            names = ", ".join(f'"{name}"' for name in row)
            connection.execute(
                f'INSERT INTO "{schema.name}" ({names}) VALUES ({marks})', list(map(_stored, row.values()))
            )
    connection.commit()
    connection.close()


def _stored(value):
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value
