"""Expressions as SQL: short and usable by an index where it matters, refused where it would differ."""

from __future__ import annotations

import sqlite3

import pytest

from kernel.expression import ExpressionError, parse
from kernel.expression.sql import Constant
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from kernel.tables.sqlite.codec import make_codec
from kernel.tables.sqlite.plan import Plan

FIELDS = {"n": make_codec("integer", "INTEGER").field('"n"'), "s": make_codec("text", "TEXT").field('"s"')}


def _resolve(name):
    return FIELDS.get(name) or Constant({"p": 7, "list": [1, None]}.get(name))


@pytest.mark.parametrize(
    ("text", "sql", "parameters"),
    [
        ("n == p", '(("n" IS ?))', [7]),
        ("p < n", '(coalesce("n" > ?, 0))', [7]),
        ("s != 'x' and not n == null", '((("s" COLLATE BINARY IS NOT ?)) AND (NOT (("n" IS NULL))))', ["x"]),
        ("n in list", '((("n" IS NULL OR "n" IN (?))))', [1]),
        ("n not in [1, 2, 2]", '((NOT ("n" IS NOT NULL AND "n" IN (?, ?))))', [1, 2]),
        ("s in ['a']", '((("s" IS NOT NULL AND "s" COLLATE BINARY IN (?))))', ["a"]),
        ("n in [null]", '((("n" IS NULL)))', []),
        ("1 + 1 == 2 or n > 1", "1", []),
        ("n > 1 and 1 + 1 == 2", '((coalesce("n" > ?, 0)))', [1]),
        ("s contains '' or n > 1", "1", []),
        ("s startswith none and s endswith '' and s matches ''", "1", []),
        ("not s contains ''", "0", []),
    ],
)
def test_sql(text, sql, parameters):
    assert parse(text).to_sql(_resolve) == (sql, parameters)


@pytest.mark.parametrize(
    "text", ["n + 1 == 2", "s contains 'x'", "n == '1'", "n > 99999999999999999999", "lower(s) == 's'"]
)
def test_what_sql_would_answer_otherwise_needs_the_hook(text):
    with pytest.raises(ExpressionError, match="no SQL"):
        parse(text).to_sql(_resolve)


def test_equality_uses_an_index(tmp_path):
    connection = sqlite3.connect(tmp_path / "i.sqlite")
    connection.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, order_id INT); CREATE INDEX i ON t (order_id)")
    source = SqliteSource(tmp_path / "i.sqlite")
    with source.connections.reader() as reader:
        shapes = source.shapes(reader.connection)
        plan = Plan(reader.connection, shapes.need("t"), shapes.find, source.encoding, {"orders.current.id": 3})
        where, parameters = plan.condition(Query(filter="order_id == orders.current.id"))
        steps = reader.connection.execute(
            f"EXPLAIN QUERY PLAN SELECT * {plan.source_sql}{where}", parameters
        ).fetchall()
    assert "USING INDEX i" in steps[0][3] or "USING COVERING INDEX i" in steps[0][3]
    source.close()
    connection.close()


def test_long_lists_and_long_chains_are_answered(tmp_path):
    connection = sqlite3.connect(tmp_path / "i.sqlite")
    connection.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, s); INSERT INTO t VALUES (1, 'a'), (2, NULL)")
    table = SqliteSource(tmp_path / "i.sqlite").table("t")
    many = list(range(2, 20_000))
    assert table.count(Query(filter="id in many", parameters={"many": many})) == 1
    assert table.count(Query(filter="id not in many", parameters={"many": many})) == 1
    assert table.count(Query(filter=" or ".join(f"id == {number}" for number in range(2, 702)))) == 1
    assert table.count(Query(filter=" and ".join(f"s != 'x{number}'" for number in range(600)))) == 2


def test_a_list_uses_an_index(tmp_path):
    connection = sqlite3.connect(tmp_path / "i.sqlite")
    connection.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); CREATE INDEX i ON t (n)")
    where, parameters = parse("n in many").to_sql(lambda name: FIELDS.get(name) or Constant(list(range(100))))
    steps = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM t WHERE {where}", parameters).fetchall()
    assert "INDEX i (n=?)" in steps[0][3]
