"""The benchmarks' rows in a database of DuckDB's own, made from the SQLite file and kept beside it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.tables.data import TABLE, data_file

#: Column → its type there.
_TYPES = {"id": "BIGINT", "name": "VARCHAR", "city": "VARCHAR", "category": "VARCHAR", "quantity": "BIGINT",
          "price": "DECIMAL(10,2)", "placed": "TIMESTAMP", "note": "VARCHAR"}
_STEP = 200_000


@contextlib.contextmanager
def native() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of two threads that has looked at the table."""
    path = data_file().with_suffix(".duckdb")
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _write(unfinished)
        unfinished.replace(path)
    connection = duckdb.connect(str(path), read_only=True, config={"threads": 2})
    try:
        connection.execute(f"SELECT * FROM {TABLE} LIMIT 1").fetchall()
        yield connection
    finally:
        connection.close()


def _write(path: Path) -> None:
    connection = duckdb.connect(str(path))
    source = sqlite3.connect(data_file())
    try:
        connection.execute(f"CREATE TABLE {TABLE} ({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())})")
        rows = source.execute(f"SELECT {', '.join(_TYPES)} FROM {TABLE}")
        while step := rows.fetchmany(_STEP):
            columns = {name: np.array(values, object if kind in ("VARCHAR", "TIMESTAMP") else None)
                       for (name, kind), values in zip(_TYPES.items(), zip(*step, strict=True), strict=True)}
            connection.register("columns", columns)
            connection.execute(f"INSERT INTO {TABLE} SELECT * FROM columns")
            connection.unregister("columns")
    finally:
        source.close()
        connection.close()
