"""A PostgreSQL server that is killed in the middle, and connections that break at a commit."""

from __future__ import annotations

import threading

import pytest

from kernel.tables.change import Delete, Insert, Part
from kernel.tables.error import UnavailableError
from kernel.tables.postgres import PostgresSource, fate
from kernel.tables.query import Query, parse_sort
from tests.kernel.postgres_items import ITEMS, named, run
from tests.postgres_proxy import Proxy
from tests.postgres_server import PostgresServer, find_programs, shared_server


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
