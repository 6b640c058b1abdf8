"""The table that the tests of a PostgreSQL source read and write, and a way to write to it from outside."""

from __future__ import annotations

import psycopg

from kernel.tables.query import Query

ITEMS = """
    CREATE TABLE item (id int PRIMARY KEY, name text UNIQUE, n int CHECK (n < 1000), parent int REFERENCES item);
    INSERT INTO item SELECT i, 'item ' || i, i % 7 FROM generate_series(1, 5000) AS i; ANALYZE item;
"""


def run(address, sql):
    """Run some SQL as another program would."""
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(sql)


def named(source, name):
    """How many items have that name."""
    return source.table("item").count(Query(filter="name == p.x", parameters={"p.x": name}))
