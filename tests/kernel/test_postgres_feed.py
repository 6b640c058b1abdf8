"""What listeners of PostgreSQL tables are told: own commits at once, others' writes when the source looks."""

from __future__ import annotations

import psycopg
import pytest

from kernel.tables.change import Delete, Insert, Part, TableChange, Update
from kernel.tables.error import ReadOnlyError, TableError
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Query
from tests.postgres_server import shared_server

SQL = """
    CREATE TABLE item (id int PRIMARY KEY, name text); CREATE TABLE other (id int PRIMARY KEY);
    CREATE TABLE part (id int PRIMARY KEY, item_id int REFERENCES item ON DELETE CASCADE);
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


def look(source):
    """Look until something is seen: PostgreSQL counts a write when the writer's process ends, which takes a moment."""
    for _ in range(2000):
        if source.poll():
            return
    pytest.fail("nothing was seen")


def test_writes_of_others_are_heard(source, address):
    heard = listen(source, "item", "other", "names")
    assert not source.poll() and not heard
    run(address, "UPDATE item SET name = 'ONE' WHERE id = 1")
    look(source)
    assert heard == [TableChange("item", is_everything=True), TableChange("names", is_everything=True)]
    assert source.table("item").fetch(Query(), 0, 9).columns["name"] == ["ONE", "two"]
    heard.clear()
    run(address, "TRUNCATE other")
    look(source)
    assert TableChange("other", is_everything=True) in heard and TableChange("item", is_everything=True) not in heard


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
