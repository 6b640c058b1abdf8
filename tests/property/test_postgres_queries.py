"""Every query answers the same on PostgreSQL as in memory, whatever the values."""

from __future__ import annotations

import msgspec
import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.contract import Estimate
from kernel.tables.memory import MemorySource
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Query
from tests.contract.postgres_writer import write_tables
from tests.postgres_server import shared_server
from tests.property.test_queries import AGGREGATES, ANY, COMPUTED, EXPRESSIONS, QUERIES, ROW, SCHEMA, _plain, _values

#: PostgreSQL stores no NUL in a text.
ROWS = st.lists(ROW.filter(lambda row: "\0" not in (row["name"] or "")), max_size=7)
_opened: list[PostgresSource] = []


def _sources(rows):
    rows = [{"id": index + 1, **row} for index, row in enumerate(rows)]
    if not _opened:
        address = shared_server().new_database(is_kept=True)
        write_tables(address, [(msgspec.structs.replace(SCHEMA, references=()), [])])
        # Prices of fixed size, so that calculations with them are left to the server.
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER TABLE t ALTER price TYPE numeric(12, 2), ADD FOREIGN KEY (parent) REFERENCES t"
                               " NOT VALID; ALTER TABLE t DISABLE TRIGGER ALL")
        _opened.append(PostgresSource(address))
    source = _opened[0]
    names = [column.name for column in SCHEMA.columns]

    def fill(connection):
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE t")
            with cursor.copy("COPY t FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([row.get(name) for name in names])

    source.read(fill)
    return MemorySource([(SCHEMA, rows)]), source


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, st.lists(QUERIES, min_size=4, max_size=8))
def test_rows(rows, queries):
    memory, postgres = _sources(rows)
    for query in queries:
        ours, theirs = memory.table("t"), postgres.table("t")
        wanted = ours.fetch(query, 0, 50)
        assert _plain(theirs.fetch(query, 0, 50)) == _plain(wanted)
        assert theirs.count(query) == len(wanted)
        assert _plain(theirs.fetch(query, 2, 4)) == _plain(ours.fetch(query, 2, 4))
        assert [theirs.locate(query, key) for key in wanted.keys] == list(range(len(wanted)))
        assert theirs.prepare(query, lambda part: None) == len(wanted)
        assert theirs.estimate(query) == Estimate(len(wanted))
        assert _plain(theirs.fetch(query, 0, 50)) == _plain(wanted)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, EXPRESSIONS, AGGREGATES, st.sampled_from(["", "month(day)", "name", "is_on", "size % 3", "made"]), ANY)
def test_groups(rows, filter_text, aggregates, group, value):
    query = Query(
        filter=filter_text,
        parameters={"p.one": value, "p.two": 1},
        group=(group,) if group else (),
        aggregates=aggregates,
        computed=COMPUTED,
    )
    memory, postgres = _sources(rows)
    assert repr(_values(postgres.table("t").fetch(query, 0, 50))) == repr(
        _values(memory.table("t").fetch(query, 0, 50))
    )
