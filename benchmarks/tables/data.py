"""The benchmarks' table: rows of ten columns of mixed types in one SQLite file, the same at every making.

The values are worked out from the row's number by SQL alone, so that no random generator has to agree. The file is
kept in the cache directory; ``ESPALIER_BENCHMARK_ROWS`` and ``ESPALIER_BENCHMARK_DATA`` (a folder) make another one.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

TABLE = "sales"
ROWS = 10_000_000
#: Part of the file's name; a new one when the rows are made otherwise.
VERSION = 1
#: A number of 31 bits that looks like chance, of the row number and a seed.
_MIXED = "(((i + {seed}) * 2654435761 % 4294967296 >> 7) * 1597334677 % 4294967296 >> 1)"
_CITIES = ("Berlin", "Bern", "Bilbao", "Bordeaux", "Brno", "Dublin", "Gdańsk", "Genève", "Göteborg", "Graz", "Kraków",
           "Lisboa", "London", "Lyon", "Málaga", "Milano", "München", "Napoli", "Oslo", "Paris", "Porto", "Praha",
           "Roma", "Sevilla", "Tallinn", "Torino", "Utrecht", "Vilnius", "Wien", "Zürich")
_WORDS = ("amber", "basalt", "cedar", "delta", "ember", "flint", "garnet", "hazel")
_SCHEMA = f"""
CREATE TABLE {TABLE} (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT, category TEXT, quantity INTEGER, price DECIMAL(10,2),
    weight REAL, is_open BOOLEAN, placed DATETIME, note TEXT
);
"""


def row_count() -> int:
    """How many rows are wanted."""
    return int(os.environ.get("ESPALIER_BENCHMARK_ROWS") or ROWS)


def data_file(rows: int | None = None) -> Path:
    """The file with that many rows, made now when there is none yet (a minute and 1 GB for ten million)."""
    import platformdirs

    rows = rows or row_count()
    wanted = os.environ.get("ESPALIER_BENCHMARK_DATA")
    folder = Path(wanted) if wanted else platformdirs.user_cache_path("espalier") / "benchmark-data"
    path = folder / f"{TABLE}-{VERSION}-{rows}.sqlite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _write(unfinished, rows)
        unfinished.replace(path)
    return path


def _write(path: Path, rows: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = off")
        connection.execute("PRAGMA synchronous = off")
        connection.execute("PRAGMA cache_size = -64000")
        connection.executescript(_SCHEMA)
        connection.execute(_INSERT, (rows,))
    finally:
        connection.close()


def _chosen(texts: tuple[str, ...], number: str) -> str:
    """SQL of one of the texts by a number."""
    cases = " ".join(f"WHEN {index} THEN '{text}'" for index, text in enumerate(texts))
    return f"CASE {number} % {len(texts)} {cases} END"


_INSERT = f"""
INSERT INTO {TABLE}
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?),
m AS (SELECT i, {_MIXED.format(seed=11)} AS a, {_MIXED.format(seed=70_001)} AS b, {_MIXED.format(seed=900_007)} AS c
      FROM n)
SELECT i, printf('%08x %s', a, {_chosen(_WORDS, 'b')}), {_chosen(_CITIES, 'c')},
       'group ' || (a % 100), b % 1000, (c % 10000000) / 100.0, a / 1048576.0,
       CASE WHEN b % 10 = 0 THEN NULL ELSE b % 2 END,
       datetime(1262304000 + a % 473385600, 'unixepoch'),
       CASE WHEN c % 4 = 0 THEN NULL ELSE 'note ' || {_chosen(_WORDS, 'a')} || ' ' || (c % 100000) END
FROM m
"""
