"""A PostgreSQL server that is away, refuses, is killed in the middle, is locked; and calls that are given up."""

from __future__ import annotations

import threading

import psycopg
import pytest

from kernel.expression import ExpressionError
from kernel.tables.change import Delete, Insert, Part, Update
from kernel.tables.error import (
    ConflictError,
    ConstraintError,
    InterruptedCallError,
    LockedError,
    ReadOnlyError,
    SourceError,
    TableError,
    UnavailableError,
    UnknownTableError,
)
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.postgres import PostgresSource, fate
from kernel.tables.query import Query, parse_sort
from kernel.tables.source import open_source
from tests.postgres_proxy import Proxy
from tests.postgres_server import PostgresServer, find_programs, shared_server

ITEMS = """
    CREATE TABLE item (id int PRIMARY KEY, name text UNIQUE, n int CHECK (n < 1000), parent int REFERENCES item);
    INSERT INTO item SELECT i, 'item ' || i, i % 7 FROM generate_series(1, 5000) AS i; ANALYZE item;
"""


@pytest.fixture
def address():
    return shared_server().new_database()


@pytest.fixture
def source(address):
    run(address, ITEMS)
    source = PostgresSource(address, lock_s=0.3)
    yield source
    source.close()


@pytest.fixture(scope="module")
def mortal():
    """A server of this module's own, which may be killed."""
    shared_server()
    server = PostgresServer(find_programs())
    yield server
    server.close()


@pytest.fixture
def shaky(mortal):
    """(source, proxy, server): a source whose connections go through a proxy."""
    address = mortal.new_database()
    run(address, ITEMS)
    proxy = Proxy(mortal.folder)
    database = address.partition("@/")[2].partition("?")[0]
    source = PostgresSource(f"postgresql://owner@127.0.0.1:{proxy.port}/{database}?sslmode=disable&gssencmode=disable")
    run(address, "ALTER ROLE owner SET synchronous_commit = on")
    yield source, proxy, mortal
    source.close()
    proxy.close()


def run(address, sql):
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(sql)


def named(source, name):
    return source.table("item").count(Query(filter="name == p.x", parameters={"p.x": name}))


@pytest.mark.parametrize(
    ("address", "error", "message"),
    [
        ("postgresql://nobody@/none?host=/nowhere", UnavailableError, "cannot be reached"),
        ("postgresql://nobody@127.0.0.1:1/none", UnavailableError, "127.0.0.1:1/none cannot be reached"),
        ("postgresql://[half", SourceError, "cannot be read|cannot be reached|invalid"),
        ("postgresql://a:secret@host/db", SourceError, "holds a password"),
        ("mysql://a@b/c", SourceError, "no address of PostgreSQL"),
        ("", SourceError, "no address of PostgreSQL"),
    ],
)
def test_an_address_that_leads_nowhere(address, error, message, tmp_path):
    with pytest.raises((error, ValueError), match=message):
        open_source({"kind": "postgres", "address": address}, tmp_path)


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


def test_pages_go_on_after_the_server_was_killed_and_started(mortal):
    address = mortal.new_database()
    run(address, ITEMS)
    source = PostgresSource(address)
    table = source.table("item")
    query = Query(sort=parse_sort("-n,name"), columns=("name",))
    table.prepare(query, lambda part: None)
    before = table.fetch(query, 3000, 3010)
    mortal.kill()
    with pytest.raises(UnavailableError):
        table.fetch(query, 3010, 3020)
    with pytest.raises(UnavailableError):
        table.commit([Delete((1,), "")])
    mortal.start()
    assert table.fetch(query, 3000, 3010) == before
    table.commit([Delete((1,), "")])
    mortal.stop()
    mortal.start()
    table.commit([Delete((2,), "")])  # the kept connection is broken, which is found out before anything is written
    assert table.count(Query()) == 4998
    source.close()


def test_a_commit_whose_answer_is_lost_is_known_to_be_written(shaky):
    source, proxy, _ = shaky
    proxy.at_commit = lambda pass_on: pass_on()
    assert source.table("item").commit([Insert({"id": 9001, "name": "lost answer"})]).keys == ((9001,),)
    assert named(source, "lost answer") == 1


def test_a_commit_that_never_arrived_is_known_not_to_be_written(shaky):
    source, proxy, _ = shaky
    proxy.at_commit = lambda pass_on: None
    with pytest.raises(UnavailableError, match="nothing was written"):
        source.table("item").commit([Insert({"id": 9001, "name": "never"})])
    assert named(source, "never") == 0


@pytest.mark.parametrize("is_written", [True, False])
def test_a_server_killed_in_the_middle_of_a_commit(shaky, is_written):
    source, proxy, server = shaky

    def kill(pass_on):
        if is_written:
            pass_on()
        server.kill()
        threading.Thread(target=server.start, daemon=True).start()

    proxy.at_commit = kill
    changes = [Insert({"id": 9001, "name": "killed"}), Delete((7,), "")]
    if is_written:
        assert source.commit([Part("item", tuple(changes))], id="d" * 32)[0].keys == ((9001,), (7,))
    else:
        with pytest.raises(UnavailableError, match="nothing was written"):
            source.table("item").commit(changes)
    assert named(source, "killed") == is_written and named(source, "item 7") == (not is_written)


def test_a_commit_of_which_nobody_can_tell(shaky, monkeypatch):
    source, proxy, server = shaky
    monkeypatch.setattr(fate, "PATIENCE_S", 0.3)
    proxy.at_commit = lambda pass_on: server.kill()
    with pytest.raises(UnavailableError, match="not known whether"):
        source.table("item").commit([Insert({"id": 9001, "name": "who knows"})])
    server.start()
    assert named(source, "who knows") == 0


def test_a_row_that_another_holds(source, address):
    table = source.table("item")
    with psycopg.connect(address) as other:
        other.execute("UPDATE item SET n = 0 WHERE id = 3")
        with pytest.raises(LockedError):
            table.commit([Insert({"id": 6000}), Update((3,), "", {"n": 1})])
        assert table.count(Query()) == 5000
    table.commit([Update((3,), "", {"n": 1})])
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LockedError):
            table.fetch(Query(), 0, 1)


def test_a_version_is_of_what_was_read(source, address):
    table = source.table("item")
    before = table.fetch(Query(keys=((3,),)), 0, 1).versions[0]
    run(address, "VACUUM FULL item")
    table.commit([Update((3,), before, {"n": 1})])
    run(address, "UPDATE item SET n = 1 WHERE id = 3")  # the same values, but somebody wrote them
    with pytest.raises(ConflictError):
        table.commit([Update((3,), table.fetch(Query(keys=((3,),)), 0, 1).versions[0] + "0", {"n": 2})])
    run(address, "DELETE FROM item WHERE id = 3; INSERT INTO item VALUES (3, 'again')")
    with pytest.raises(ConflictError, match="changed") as caught:
        table.commit([Update((3,), before, {"n": 2}), Delete((5,), "")])
    assert caught.value.current.columns["name"] == ["again"] and table.count(Query(keys=((5,),))) == 1


def test_writers_in_opposite_order_do_not_lock_each_other_out(source, address):
    other = PostgresSource(address)
    errors = []

    def write(one, keys):
        for number in range(25):
            try:
                one.table("item").commit([Update((key,), "", {"n": number}) for key in keys])
            except TableError as error:
                errors.append(error)

    threads = [threading.Thread(target=write, args=(source, range(1, 30))),
               threading.Thread(target=write, args=(other, range(29, 0, -1)))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert not errors


def test_counting_up_together_loses_nothing(source, address):
    others = [source, PostgresSource(address)]
    run(address, "UPDATE item SET n = 0 WHERE id = 1")

    def count(one):
        for _ in range(20):
            while True:
                block = one.table("item").fetch(Query(keys=((1,),)), 0, 1)
                try:
                    one.table("item").commit([Update((1,), block.versions[0], {"n": block.columns["n"][0] + 1})])
                    break
                except ConflictError:
                    continue

    threads = [threading.Thread(target=count, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    others[1].close()
    assert source.table("item").fetch(Query(keys=((1,),)), 0, 1).columns["n"] == [40]


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


def test_refusals_of_every_kind(source, address):
    run(address, """
        CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.name = 'forbidden' THEN RAISE 'not that name' USING COLUMN = 'name'; END IF;
            IF NEW.name = 'ignored' THEN RETURN NULL; END IF; RETURN NEW; END $$;
        CREATE TRIGGER no BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION no();
        CREATE UNIQUE INDEX ON item (lower(name));
        ALTER TABLE item ADD UNIQUE (n, parent) DEFERRABLE INITIALLY DEFERRED;
        UPDATE item SET parent = 1 WHERE id = 2;
    """)
    table = source.table("item")
    for change, message, column in (
        (Insert({"id": 6000, "n": 1000}), "N must satisfy n < 1000", "n"),
        (Insert({"id": 6000, "name": "item 1"}), "already a row with that Name", "name"),
        (Insert({"id": 6000, "name": "ITEM 1"}), "already a row with that Name", "name"),
        (Insert({"id": 6000, "name": "forbidden"}), "not that name", "name"),
        (Insert({"id": 6000, "name": "ignored"}), "did not take", ""),
        (Insert({"id": 6000, "parent": 7777}), "Parent 7777 does not exist", "parent"),
        (Update((5,), "", {"parent": 7777}), "Parent 7777 does not exist", "parent"),
        (Delete((1,), ""), "Item 1 is still used by 1 row of Item", ""),
        (Update((1,), "", {"id": 6000}), "Item 1 is still used by 1 row of Item", ""),
        (Insert({"id": 6000, "n": 2, "parent": 1}), "already a row with that", "n"),
    ):
        with pytest.raises(ConstraintError, match=message) as caught:
            table.commit([Insert({"id": 7000}), change])
        assert (caught.value.column, caught.value.index) == (column, 1), change
    assert table.count(Query()) == 5000


def test_rows_that_refer_to_each_other_are_written_in_any_order(source):
    table = source.table("item")
    table.commit([Insert({"id": 8001, "parent": 8002}), Insert({"id": 8002, "parent": 8003}), Insert({"id": 8003})])
    table.commit([Delete((8003,), ""), Delete((8002,), ""), Delete((8001,), "")])
    with pytest.raises(ConstraintError, match="Parent 9003 does not exist"):
        table.commit([Insert({"id": 9001, "parent": 9002}), Insert({"id": 9002, "parent": 9003})])
    assert table.count(Query()) == 5000


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


def test_orders_are_kept_and_given_up(source, address):
    table = source.table("item")
    query = Query(sort=parse_sort("-name"), columns=("name",))
    assert table.prepare(query, lambda part: None) == 5000
    last = table.fetch(query, 4990, 5000)
    run(address, "DELETE FROM item WHERE name = '" + last.columns["name"][-1] + "'")
    assert len(table.fetch(query, 4990, 5000)) == 9 and table.locate(query, last.keys[-1]) is None
    table.commit([Insert({"id": 5001, "name": "zzz"})])
    assert table.fetch(query, 0, 1).columns["name"] == ["zzz"] and table.locate(query, (5001,)) == 0


def test_estimates(address):
    run(address, "CREATE TABLE big AS SELECT i AS id, i % 10 AS n FROM generate_series(1, 60000) AS i;"
                 " ALTER TABLE big ADD PRIMARY KEY (id); ANALYZE big")  # fmt: skip
    source = PostgresSource(address)
    table = source.table("big")
    assert table.estimate(Query()).count == 60_000 and not table.estimate(Query()).is_exact
    guess = table.estimate(Query(filter="n == 3"))
    assert not guess.is_exact and 4_000 < guess.count < 8_000
    assert table.prepare(Query(filter="n == 3"), lambda part: None) == 6_000
    assert table.estimate(Query(filter="n == 3")).is_exact and table.estimate(Query(filter="n == 3")).count == 6_000
    source.close()
