"""Sorted reading uses an index that is in the same order."""

from __future__ import annotations

import sqlite3

import pytest

from kernel.tables.order import text_key
from kernel.tables.query import Query, Sort
from kernel.tables.sqlite import SqliteSource, words
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


@pytest.mark.parametrize("every", [1, 50])
def test_a_first_page_in_the_order_of_letters_asks_once_for_each_odd_text(tmp_path, monkeypatch, every):
    with sqlite3.connect(tmp_path / "o.sqlite") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
        rows = [("É" if n % every == 0 else "e",) for n in range(5_000)]
        connection.executemany("INSERT INTO t (name) VALUES (? || hex(randomblob(8)))", rows)
    connection.close()
    asked = []
    monkeypatch.setattr(words, "text_key", lambda text: asked.append(text) or text_key(text))
    source = SqliteSource(tmp_path / "o.sqlite")
    block = source.table("t").fetch(Query(sort=(Sort("name"),)), 0, 128)
    source.close()
    assert len(block) == 128 and len(asked) == 5_000 // every
