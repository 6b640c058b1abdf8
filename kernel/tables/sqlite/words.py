"""The order of texts of people in SQL: by ``COLLATE NOCASE`` where all are ASCII, else by a key of each."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Iterator, Sequence

from kernel.tables.order import text_key
from kernel.tables.sqlite.name import quote

_FUNCTION = "espalier_text_key"
_ODD = "espalier_not_plain"
#: Keys of texts kept while a query runs; columns repeat their texts a lot.
_MOST_REMEMBERED = 10_000
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

    @functools.lru_cache(_MOST_REMEMBERED)
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
    sql = f"SELECT 1 FROM {quote(table)} WHERE NOT ({_IS_PLAIN.format(quote(column))}) LIMIT 1"
    return connection.execute(sql).fetchone() is None


@contextlib.contextmanager
def expecting_plain(connection: sqlite3.Connection, columns: Sequence[str]) -> Iterator[str]:
    """SQL that is true of all rows, and ends the statement with NotPlainError at a text that is not ASCII.

    Args:
        connection: The one that the statement runs on, within the block.
        columns: SQL of the columns.
    """
    met = False

    def odd() -> None:
        nonlocal met
        met = True
        raise ValueError

    connection.create_function(_ODD, 0, odd)
    test = " OR ".join(f"NOT ({_IS_PLAIN.format(column)})" for column in columns)
    try:
        yield f"CASE WHEN {test} THEN {_ODD}() ELSE 1 END" if columns else "1"
    except sqlite3.OperationalError as error:
        if met:
            raise NotPlainError from error
        raise


class NotPlainError(Exception):
    """A column has texts that are not ASCII."""
