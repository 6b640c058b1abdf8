"""The order of texts of people in SQL: by ``COLLATE NOCASE`` where all are ASCII, else by a key of each."""

from __future__ import annotations

import sqlite3

from kernel.tables.order import text_key
from kernel.tables.sqlite.name import quote

_FUNCTION = "espalier_text_key"
#: Whether a stored text is ASCII without a NUL, so that its key is the text in small letters.
_IS_PLAIN = "length(CAST({0} AS BLOB)) = length({0})"
#: SQL → its key: bytes for a text, other values as they are.
_KEY = (
    "CASE WHEN typeof({0}) <> 'text' THEN {0} "
    f"WHEN {_IS_PLAIN} THEN CAST(lower({{0}}) AS BLOB) "
    f"ELSE {_FUNCTION}(CAST({{0}} AS BLOB)) END"
)


def add_key(connection: sqlite3.Connection, encoding: str) -> None:
    """Let the connection order texts; ``encoding`` is how the file stores them."""

    def key(stored: bytes) -> bytes:
        try:
            return text_key(stored.decode(encoding))
        except UnicodeDecodeError:
            return stored

    connection.create_function(_FUNCTION, 1, key, deterministic=True)


def order_terms(sql: str) -> list[str]:
    """What to order by instead of the column ``sql``: bytes last, as a key of a text is bytes too."""
    return [f"typeof({sql}) = 'blob'", _KEY.format(sql)]


def is_plain(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether all texts of a column are ASCII; reads the column, or an index of it, once (70 ms for a million rows)."""
    name = quote(column)
    sql = f"SELECT 1 FROM {quote(table)} WHERE typeof({name}) = 'text' AND NOT ({_IS_PLAIN.format(name)}) LIMIT 1"
    return connection.execute(sql).fetchone() is None
