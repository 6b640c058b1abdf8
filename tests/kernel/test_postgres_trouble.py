"""A PostgreSQL server that is away or refuses, queries that are too much, and calls that are given up."""

from __future__ import annotations

import threading

import psycopg
import pytest

from kernel.expression import ExpressionError
from kernel.tables.change import Delete
from kernel.tables.error import (
    InterruptedCallError,
    ReadOnlyError,
    SourceError,
    TableError,
    UnavailableError,
    UnknownTableError,
)
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.postgres import PostgresSource
from kernel.tables.postgres.opening import open_described
from kernel.tables.postgres.trouble import refused
from kernel.tables.query import Query, parse_sort
from kernel.tables.source import open_source
from tests.kernel.postgres_items import ITEMS, run
from tests.postgres_proxy import Proxy
from tests.postgres_server import shared_server


@pytest.fixture
def address():
    return shared_server().new_database()


@pytest.fixture
def source(address):
    run(address, ITEMS)
    source = PostgresSource(address, lock_s=0.3)
    yield source
    source.close()


@pytest.mark.parametrize(
    ("address", "error", "message"),
    [
        ("postgresql://nobody@/none?host=/nowhere", UnavailableError, "cannot be reached"),
        ("postgresql://nobody@127.0.0.1:1/none", UnavailableError, "127.0.0.1:1/none cannot be reached"),
        ("postgresql://[half", SourceError, "cannot be read"),
        ("postgresql://a:secret@host/db", SourceError, "holds a password"),
        ("mysql://a@b/c", SourceError, "no address of PostgreSQL"),
        ("", SourceError, "no address of PostgreSQL"),
    ],
)
def test_an_address_that_leads_nowhere(address, error, message, tmp_path):
    with pytest.raises(error, match=message):
        open_source({"kind": "postgres", "address": address}, tmp_path)


@pytest.mark.parametrize("way", [
    "postgresql://u:{}@[::1]:1/db", "postgresql://u:%zz{}@[::1]:1/db", "postgresql://u:{}/x@[::1]:1/db",
    "postgresql://u:{}#@[::1]:1", "postgresql://u:{}?x@[::1]:1/db", "postgresql://u:x@{}@[::1]:1/db",
    "postgresql://u:{}@[::1]:port/db", "postgres:/u:{}@[::1]:1/db", "postgresql://u:a {}@[::1]:1/db",
    "host=::1 password={}", "postgresql://[::1]:1/db?password={}", "postgresql://[::1]:1/db?passwrd={}",
    "postgresql://[::1]:1/db?sslpassword={}", "jdbc:postgresql://u:{}@[::1]:1/db",
])  # fmt: skip
def test_an_address_with_a_password_is_refused_without_a_word_of_it(way, tmp_path):
    for address in ("", way.format("geheim")):  # of an app, and of a file of the server's
        with pytest.raises((SourceError, UnavailableError)) as caught:
            open_described({"address": way.format("geheim")}, address=address)
        assert "geheim" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


def test_entries_that_are_wrong(address, tmp_path):
    right = {"kind": "postgres", "address": address}
    for entry, message in (({"feed": "magic"}, "no feed"), ({"schemas": []}, "list of names"),
                           ({"lock_s": "soon"}, "number of seconds"), ({"schma": "x"}, "no entry schma")):  # fmt: skip
        with pytest.raises(SourceError, match=message):
            open_source(right | entry, tmp_path)
    with pytest.raises(SourceError, match="only a source server"):
        open_source({"kind": "postgres", "connection": "crm"}, tmp_path)
    opened = open_source(right, tmp_path)
    assert opened.table_names() == []
    opened.close()


def test_a_user_who_is_refused(address):
    run(address, "CREATE ROLE guarded LOGIN PASSWORD 'right'")
    guarded = address.replace("owner@", "guarded@")
    try:
        with pytest.raises(SourceError, match="password authentication failed"):
            PostgresSource(guarded, password="wrong")
        with pytest.raises(SourceError, match="password"):
            PostgresSource(guarded)
        PostgresSource(guarded, password="right").close()
        with pytest.raises(SourceError, match="does not exist"):
            PostgresSource(address.replace("/test_", "/no_test_"))
    finally:
        run(address, "DROP ROLE guarded")


@pytest.mark.parametrize(("said", "message"), [
    ('connection failed: server certificate for "db.example" does not match host name "h"', "db.example"),
    ('failed: root certificate file "/none" does not exist\nEither provide the file', "is not trusted: root.*/none"),
    ('connection is bad: invalid sslmode value: "magic"', "magic"),
    ("connection failed: server does not support SSL, but SSL was required", "does not support SSL"),
])  # fmt: skip
def test_a_server_that_does_not_prove_who_it_is(said, message):
    found = refused(psycopg.OperationalError(said), "h/db")
    assert isinstance(found, SourceError) and "sslrootcert" in found.hint
    with pytest.raises(SourceError, match=message):
        raise found
    lost = refused(psycopg.OperationalError("connection failed: SSL SYSCALL error: EOF detected"), "h/db")
    assert isinstance(lost, UnavailableError)


def test_a_pooler_is_refused(address):
    proxy = Proxy(shared_server().folder)
    database = address.partition("@/")[2].partition("?")[0]
    there = f"postgresql://owner@127.0.0.1:{proxy.port}/{database}?sslmode=disable&gssencmode=disable"
    PostgresSource(there).close()
    proxy.is_pooler = True
    with pytest.raises(SourceError, match="through a pooler") as caught:
        PostgresSource(there)
    assert "PgBouncer" in caught.value.hint
    proxy.close()


def test_a_password_file_is_used(address, tmp_path, monkeypatch):
    run(address, "CREATE ROLE guarded LOGIN PASSWORD 'right'")
    (tmp_path / "pgpass").write_text("*:*:*:guarded:right\n")
    (tmp_path / "pgpass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    try:
        PostgresSource(address.replace("owner@", "guarded@")).close()
    finally:
        run(address, "DROP ROLE guarded")


def test_a_source_for_reading_only(address):
    run(address, ITEMS)
    source = PostgresSource(address, is_read_only=True)
    with pytest.raises(ReadOnlyError):
        source.table("item").commit([Delete((1,), "")])
    assert source.table("item").count(Query()) == 5000
    source.close()


def test_a_call_that_is_given_up_stops(source, address):
    run(address, "CREATE VIEW slow AS SELECT n, pg_sleep(0.01 * n)::text AS word FROM generate_series(1, 100000) AS n")
    for call in (
        lambda: source.table("slow").count(Query(filter="word == 'x'")),
        lambda: source.table("slow").prepare(Query(filter="word * 2 == 1"), lambda part: None),
        lambda: source.table("slow").fetch(Query(filter="word == 'x'"), 0, 10),
    ):
        interrupt = Interrupt()
        threading.Timer(0.05, interrupt.set).start()
        with interruptible(interrupt), pytest.raises(InterruptedCallError):
            call()
    assert source.table("item").count(Query()) == 5000 and source.connections.open_count <= 4
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        source.table("item").commit([Delete((1,), "")])
    assert source.table("item").count(Query()) == 5000


def test_a_statement_that_takes_too_long(address):
    run(address, "CREATE VIEW slow AS SELECT n, pg_sleep(n)::text AS word FROM generate_series(10, 20) AS n")
    source = PostgresSource(address, statement_s=0.05)
    with pytest.raises(TableError, match="took too long"):
        source.table("slow").fetch(Query(), 0, 1)
    source.close()


def test_a_table_that_goes(source, address):
    table = source.table("item")
    query = Query(sort=parse_sort("name"))
    table.prepare(query, lambda part: None)
    run(address, "DROP TABLE item")
    with pytest.raises(UnknownTableError):
        table.fetch(query, 0, 10)
    with pytest.raises(UnknownTableError):
        table.commit([Delete((1,), "")])
    run(address, "CREATE TABLE item (id int PRIMARY KEY, other text)")
    assert table.fetch(Query(), 0, 10).columns == {"id": [], "other": []}


def test_a_filter_of_a_million_characters(source):
    table = source.table("item")
    with pytest.raises(ExpressionError, match="longer"):
        table.count(Query(filter=" or ".join(f"name == 'item {number}'" for number in range(50_000))))
    tests = " or ".join(f"name == 'item {number}'" for number in range(4900, 5300))
    assert table.count(Query(filter=tests)) == 101
    wanted = {"p.many": list(range(4000, 150_000)), "p.names": [f"item {number}" for number in range(4990, 100_000)]}
    assert table.count(Query(filter="id in p.many", parameters=wanted)) == 1001
    assert table.count(Query(filter="name in p.names", parameters=wanted)) == 11
    assert table.count(Query(keys=tuple((number,) for number in wanted["p.many"]))) == 1001
    assert table.count(Query(filter="name contains p.x", parameters={"p.x": "x" * 1_000_000})) == 0


def test_texts_that_postgresql_cannot_hold(source):
    table = source.table("item")
    for text in ("a\0b", "\ud800"):
        for test, count in (("name == p.x", 0), ("name != p.x", 5000), ("name contains p.x", 0), ("name in (p.x,)", 0)):
            assert table.count(Query(filter=test, parameters={"p.x": text})) == count, (test, text)
        assert table.count(Query(filter="name > p.x", parameters={"p.x": text})) in (0, 5000)
