"""Declared column types: what SQLite stores for them, and what the column is shown as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_SIZE = re.compile(r"\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_STRING = re.compile(r"'((?:[^']|'')*)'|(-?\d+)")
#: Part of a declared type → column type, the first that fits.
_TYPES = (
    ("BOOL", "boolean"), ("DATETIME", "datetime"), ("TIMESTAMP", "datetime"), ("DATE", "date"), ("TIME", "time"),
    ("DEC", "decimal"), ("NUMERIC", "decimal"), ("MONEY", "decimal"), ("CURRENCY", "decimal"), ("NUMBER", "decimal"),
    ("INT", "integer"), ("CHAR", "text"), ("CLOB", "longtext"), ("JSON", "longtext"), ("TEXT", "text"),
    ("STRING", "text"), ("UUID", "text"), ("BLOB", "blob"), ("BINARY", "blob"), ("BYTEA", "blob"), ("IMAGE", "blob"),
    ("REAL", "real"), ("FLOA", "real"), ("DOUB", "real"),
)


def affinity_of(declared: str) -> str:
    """SQLite's affinity of a declared type (https://sqlite.org/datatype3.html, 3.1)."""
    declared = declared.upper()
    if "INT" in declared:
        return "INTEGER"
    if any(part in declared for part in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if not declared or "BLOB" in declared or declared == "ANY":
        return "BLOB"
    return "REAL" if any(part in declared for part in ("REAL", "FLOA", "DOUB")) else "NUMERIC"


def type_of(declared: str) -> str:
    """The column type of a declared type; empty when only the values can tell."""
    declared = declared.upper()
    return next((type_ for part, type_ in _TYPES if part in declared), "")


def sizes_of(declared: str) -> tuple[int, int]:
    """(first, second) number in the declared type's parentheses; -1 where there is none."""
    match = _SIZE.search(declared)
    if not match:
        return -1, -1
    return int(match.group(1)), int(match.group(2)) if match.group(2) else -1


def type_of_values(values: Sequence[Any]) -> str:
    """The column type of values without a declared one."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int) for value in known):
        return "integer"
    if known and all(isinstance(value, int | float) for value in known):
        return "real"
    return "blob" if known and all(isinstance(value, bytes) for value in known) else "text"


def choices_of(table_sql: str, column: str) -> tuple[Any, ...]:
    """The values of ``CHECK (column IN ('a', 'b'))`` where that is the whole check; else nothing."""
    if "CHECK" not in table_sql.upper():
        return ()  # compiling a pattern for each column takes a millisecond
    name = re.escape(column)
    pattern = rf"""CHECK\s*\(\s*["`\[]?{name}["`\]]?\s+IN\s*\(((?:\s*(?:'(?:[^']|'')*'|-?\d+)\s*,?)+)\)\s*\)"""
    match = re.search(pattern, table_sql, re.IGNORECASE)
    if not match:
        return ()
    found = [(text, number) for text, number in _STRING.findall(match.group(1))]
    return tuple(int(number) if number else text.replace("''", "'") for text, number in found)
