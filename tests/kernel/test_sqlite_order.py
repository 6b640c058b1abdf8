"""Sorted reading uses an index that is in the same order."""

from __future__ import annotations

import sqlite3

import pytest

from kernel.tables.query import Query, Sort
from kernel.tables.sqlite import SqliteSource
from kernel.tables.sqlite.plan import Plan


@pytest.mark.parametrize(("column", "index", "is_used"), [
    ("name", "name COLLATE NOCASE", True),
    ("name", "name", False),
    ("day", "day COLLATE NOCASE", True),
    ("size", "size", True),
])
def test_an_index_in_the_order_spares_the_sorting(tmp_path, column, index, is_used):
    with sqlite3.connect(tmp_path / "o.sqlite") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, day DATE, size INT)")
        connection.execute(f"CREATE INDEX i ON t ({index})")
    connection.close()
    source = SqliteSource(tmp_path / "o.sqlite")
    with source.connections.reader() as reader:
        shapes = source.shapes(reader.connection)
        plan = Plan(reader.connection, shapes.need("t"), shapes.find, source.encoding, {})
        order = plan.order(Query(sort=(Sort(column),)))
        steps = reader.connection.execute(f"EXPLAIN QUERY PLAN SELECT * {plan.source_sql}{order}").fetchall()
    source.close()
    assert ("USING INDEX i" in steps[0][3], any("TEMP B-TREE" in step[3] for step in steps)) == (is_used, not is_used)
