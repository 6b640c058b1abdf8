"""A part of a table read as one row: its values one after the other, which SQLite writes without Python's lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

#: Bytes of a part's values of one column.
_MOST_LENGTH = 16 << 20


class MisfitError(Exception):
    """A column holds what its coding cannot express."""


def part_row(connection: sqlite3.Connection, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...]:
    """The one row of a statement, texts as bytes of UTF-8.

    Raises:
        MisfitError: a value of it becomes very long.
    """
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_LENGTH)
    as_text, connection.text_factory = connection.text_factory, bytes
    try:
        return connection.execute(sql, parameters).fetchone()
    except sqlite3.DataError as error:  # string or blob too big
        raise MisfitError from error
    finally:
        connection.text_factory = as_text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)
