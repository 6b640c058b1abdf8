"""Sources opened from a description; databases made from SQL texts, whole or not at all."""

from __future__ import annotations

import datetime

import pytest

from kernel.tables.error import SourceError
from kernel.tables.query import Query
from kernel.tables.source import open_source

SCHEMA = b"""-- orders; with a comment
BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x;y');
CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = 'by;trigger' WHERE id = new.id; SELECT 1; END;
COMMIT; -- done"""


def _open(base, files, **entries):
    return open_source({"kind": "sqlite", "path": "d/desk.sqlite", **entries}, base, files.__getitem__)


def test_made_once_from_schema_and_seed(tmp_path):
    files = {"schema.sql": SCHEMA, "seed.sql": b"INSERT INTO t DEFAULT VALUES"}
    for _ in range(2):
        source = _open(tmp_path, files, schema="schema.sql", seed="seed.sql")
        assert source.table("t").fetch(Query(), 0, 9).columns["a"] == ["by;trigger"]
        source.close()
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["desk.sqlite"]


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{0}/other.sqlite' AS o; CREATE TABLE o.t (a)",
        "PRAGMA journal_mode = off",
        "PRAGMA temp_store_directory = '/'",
        "SELECT load_extension('x')",
        "CREATE TABLE (",
        "CREATE TABLE a (b); INSERT INTO a VALUES (1, 2)",
        "VACUUM INTO '{0}/v'",
    ],
)
def test_refused_or_wrong_sql_leaves_no_file(tmp_path, sql):
    with pytest.raises(SourceError, match="the SQL that makes desk.sqlite"):
        _open(tmp_path, {"s": sql.format(tmp_path).encode()}, schema="s")
    assert list((tmp_path / "d").iterdir()) == [] and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"kind": "sqlit", "path": "x"}, "did you mean sqlite"),
        ({"kind": "sqlite"}, "needs a path"),
        ({"kind": "sqlite", "path": "x", "tabels": 1}, "no entry tabels"),
        ({"path": "x.sqlite"}, "there is no file"),
        ({"path": "x", "schema": "gone.sql"}, "gone.sql cannot be read"),
        ({"kind": "memory", "tables": {"t": {"schema": {"columns": 5}}}}, "not described rightly"),
    ],
)
def test_wrong_descriptions(tmp_path, description, message):
    with pytest.raises(SourceError, match=message):
        open_source(description, tmp_path)


def test_memory_source_from_a_description(tmp_path):
    columns = [{"name": "id", "type": "integer"}, {"name": "day", "type": "date"}]
    rows = [{"id": 1, "day": datetime.date(2024, 1, 1)}]
    source = open_source(
        {"kind": "memory", "tables": {"t": {"schema": {"columns": columns, "key": ["id"]}, "rows": rows}}}, tmp_path
    )
    assert source.table("t").fetch(Query(), 0, 1).row(0) == rows[0]
