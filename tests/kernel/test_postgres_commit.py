"""Commits to PostgreSQL: locks, versions, refusals in words, and many writers at once."""

from __future__ import annotations

import threading

import psycopg
import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ConflictError, ConstraintError, LockedError, TableError
from kernel.tables.postgres import PostgresSource
from kernel.tables.query import Query
from tests.kernel.postgres_items import ITEMS, run
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
        (Insert({"id": 6000, "n": 1000}), "N must be less than 1000", "n"),
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
