"""What listeners of PostgreSQL tables are told: own commits at once, others' writes when the source looks."""

from __future__ import annotations

import time

import psycopg
import pytest

from kernel.tables.change import Delete, Insert, Part, TableChange, Update
from kernel.tables.error import ReadOnlyError, TableError
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Query
from tests.postgres_server import shared_server
from tests.waiting import PATIENCE_S

SQL = """
    CREATE TABLE item (id int PRIMARY KEY, name text); CREATE TABLE other (id int PRIMARY KEY);
    CREATE TABLE part (id int PRIMARY KEY, item_id int REFERENCES item ON DELETE CASCADE);
    CREATE TABLE pair (a char(4), b text, n int, PRIMARY KEY (b, a));
    CREATE VIEW names AS SELECT name FROM item;
    INSERT INTO item VALUES (1, 'one'), (2, 'two'); INSERT INTO part VALUES (1, 1);
"""


@pytest.fixture
def address():
    address = shared_server().new_database()
    run(address, SQL)
    return address


@pytest.fixture(params=[False, True], ids=["poll", "triggers"])
def source(request, address):
    source = PostgresSource(address, has_triggers=request.param)
    yield source
    source.close()


def run(address, sql):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql)


def listen(source, *tables):
    heard = []
    for table in tables:
        source.table(table).subscribe(heard.append)
    return heard


def look(source, is_enough=lambda: True):
    """Look until enough is seen: PostgreSQL counts a write when the writer's process ends, which takes a moment."""
    end = time.monotonic() + PATIENCE_S
    while not (source.poll() and is_enough()):
        if time.monotonic() > end:
            pytest.fail("nothing was seen")


def all_of(*tables):
    return [TableChange(table, is_everything=True) for table in tables]


def references_of(table):
    return TableChange(table, has_changed_references=True)


def test_writes_of_others_are_heard(source, address):
    heard = listen(source, "item", "other", "names", "part")
    assert not source.poll() and not heard
    run(address, "UPDATE item SET name = 'ONE' WHERE id = 1")
    look(source)
    assert {change.table for change in heard} == {"item", "names", "part"}
    assert all_of("names")[0] in heard and references_of("part") in heard
    assert source.table("item").fetch(Query(), 0, 9).columns["name"] == ["ONE", "two"]
    heard.clear()
    run(address, "TRUNCATE other")
    look(source)
    assert all_of("other")[0] in heard and "item" not in {change.table for change in heard}


@pytest.fixture
def triggered(address):
    """(source, what its listeners hear, a function that runs SQL elsewhere and answers what is heard of it)."""
    run(address, "CREATE TABLE mark (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")
    source = PostgresSource(address, has_triggers=True)
    heard = listen(source, "item", "pair", "mark")

    def told(sql):
        heard.clear()
        run(address, sql)
        run(address, "INSERT INTO mark DEFAULT VALUES")  # notifications come in the order of commits
        look(source, lambda: any(change.table == "mark" for change in heard))
        return [change for change in heard if change.table != "mark"]

    yield source, heard, told
    source.close()


def test_triggers_tell_rows(triggered, address):
    source, heard, told = triggered
    assert told("INSERT INTO item VALUES (7, 'x'), (8, 'y')") == [TableChange("item", inserted=((7,), (8,)))]
    assert told("UPDATE item SET name = 'z' WHERE id > 6") == [TableChange("item", updated=((7,), (8,)))]
    assert told("UPDATE item SET id = CASE id WHEN 7 THEN 9 ELSE id END WHERE id > 6") == [
        TableChange("item", inserted=((9,),), updated=((8,),), deleted=((7,),))
    ]  # fmt: skip
    assert told("BEGIN; DELETE FROM item WHERE id = 8; INSERT INTO item VALUES (8, 'again'); COMMIT") == [
        TableChange("item", deleted=((8,),)), TableChange("item", inserted=((8,),))
    ]  # fmt: skip
    assert told("INSERT INTO pair VALUES ('ab', 'ü \"%s\"', 1)") == [
        TableChange("pair", inserted=(("ü \"%s\"", "ab"),))
    ]  # fmt: skip
    assert source.table("pair").fetch(Query(keys=(heard[0].inserted[0],)), 0, 1).columns["n"] == [1]


def test_triggers_tell_a_table_where_rows_are_many(triggered):
    _, _, told = triggered
    assert told("INSERT INTO item SELECT i FROM generate_series(100, 250) AS i") == all_of("item")
    assert told("TRUNCATE item CASCADE") == all_of("item")
    many = "; ".join(f"INSERT INTO item VALUES ({number})" for number in range(150))
    assert told(f"BEGIN; {many}; COMMIT")[-1:] == all_of("item")
    assert told("INSERT INTO pair VALUES ('a', repeat('x', 9000), 1)") == all_of("pair")

def test_a_write_that_changes_nothing_is_not_told(triggered, address):
    source, heard, told = triggered
    run(address, "UPDATE item SET name = 'x' WHERE id = 77; DELETE FROM item WHERE id = 77")
    assert told("INSERT INTO item VALUES (5)") == [TableChange("item", inserted=((5,),))]


def test_triggers_stand_a_table_that_is_altered(triggered, address):
    source, heard, told = triggered
    assert set(told("ALTER TABLE item RENAME id TO number; INSERT INTO item VALUES (5)")) == set(all_of("item"))
    assert told("INSERT INTO item VALUES (6)") == [TableChange("item", inserted=((6,),))]
    run(address, "CREATE TABLE later (id int PRIMARY KEY)")
    source.table("later").subscribe(heard.append)
    assert told("INSERT INTO later VALUES (1)") == all_of("later")  # which had no trigger yet
    assert told("INSERT INTO later VALUES (2)") == [TableChange("later", inserted=((2,),))]
    run(address, "SELECT pg_notify('espalier_feed', 'junk'); SELECT pg_notify('espalier_feed', '{\"t\": 1}')")
    assert told("DELETE FROM later WHERE id = 2") == [TableChange("later", deleted=((2,),))]


def test_parts_of_a_table_are_told_as_the_whole(address):
    run(address, """
        CREATE SCHEMA "Mixed Case"; CREATE TABLE "Mixed Case"."Or'der" ("The Id" int PRIMARY KEY, v text)
            PARTITION BY RANGE ("The Id");
        CREATE TABLE "Mixed Case"."P 1" PARTITION OF "Mixed Case"."Or'der" FOR VALUES FROM (0) TO (10);
    """)
    source = PostgresSource(address, schemas=("Mixed Case", "public"), has_triggers=True)
    heard = listen(source, "Or'der")
    run(address, """INSERT INTO "Mixed Case"."Or'der" VALUES (1); INSERT INTO "Mixed Case"."P 1" VALUES (2)""")
    look(source, lambda: len(heard) == 2)
    assert heard == [TableChange("Or'der", inserted=((key,),)) for key in (1, 2)]
    source.close()


def test_a_lost_listener_tells_everything_and_hears_again(triggered, address):
    source, heard, told = triggered
    run(address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    look(source, lambda: len(heard) == 3)
    assert heard == all_of("item", "pair", "mark")
    assert told("INSERT INTO item VALUES (5)") == [TableChange("item", inserted=((5,),))]


def sessions(address):
    """The sessions that sources have at the server."""
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                  " AND application_name = 'espalier'").fetchone()[0]


def test_a_source_leaves_no_connection_behind(triggered, address):
    source, _, _ = triggered
    assert sessions(address) > 1
    source.close()
    end = time.monotonic() + PATIENCE_S
    while sessions(address):
        assert time.monotonic() < end


def test_nobody_hears_where_nobody_listens(address):
    source = PostgresSource(address, has_triggers=True)
    dispose = source.table("item").subscribe(lambda change: None)
    before = source.connections.open_count
    dispose()
    assert source.connections.open_count == before - 1 and not source.poll()
    source.close()


def test_own_commits_are_heard_once(source, address):
    heard = listen(source, "item", "names")
    source.table("item").commit([Insert({"id": 3}), Update((2,), "", {"name": "x"}), Delete((3,), "")])
    told = list(heard)
    assert [change.table for change in told] == ["item", "names"]
    run(address, "INSERT INTO other VALUES (1)")  # its counters come after ours
    other = listen(source, "other")
    look(source)
    assert other and [change for change in heard if change.table == "item"] == told[:1]


def test_deleting_what_others_hang_on_tells_everybody(source):
    heard = listen(source, "item", "part")
    source.table("item").commit([Delete((1,), "")])
    assert heard == [
        TableChange("item", deleted=((1,),), is_everything=True), TableChange("part", is_everything=True)
    ]  # fmt: skip
    assert source.table("part").count(Query()) == 0


def test_triggers_need_the_right_to_make_them(address):
    run(address, "CREATE ROLE looker LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    try:
        with pytest.raises(ReadOnlyError, match="may not make the triggers"):
            PostgresSource(address.replace("owner@", "looker@"), has_triggers=True)
        PostgresSource(address, has_triggers=True).close()
        PostgresSource(address.replace("owner@", "looker@"), has_triggers=True).close()
    finally:
        run(address, "DROP OWNED BY looker; DROP ROLE looker")


class _Check:
    """Looks at a commit as a source server does."""

    def __init__(self, source, refuses=False):
        self._source = source
        self._refuses = refuses
        self.seen = []

    def before(self):
        self.seen.append(self._source.table("item").fetch(Query(filter="length(name) == 3"), 0, 9).columns["name"])

    def after(self, done):
        self.seen.append(self._source.table("item").fetch(Query(sort=()), 0, 9).columns["name"])
        if self._refuses:
            raise TableError("no")
        return b"who did it"


def test_a_check_sees_the_commit_from_inside(source):
    check = _Check(source)
    parts = [Part("item", (Update((1,), "", {"name": "new"}), Insert({"id": 5, "name": "five"})))]
    source.commit(parts, id="e" * 32, check=check)
    assert check.seen == [["one", "two"], ["new", "two", "five"]]
    taken = []
    assert source.take_notes(taken.extend) and [row[1:] for row in taken] == [("e" * 32, b"who did it")]
    assert not source.take_notes(taken.extend)
    with pytest.raises(TableError, match="^no$"):
        source.commit([Part("item", (Delete((2,), ""),))], id="f" * 32, check=_Check(source, True))
    assert source.table("item").count(Query()) == 3 and not source.take_notes(taken.extend)
