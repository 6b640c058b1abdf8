"""What is read behind waits while somebody waits for an answer, and no longer than that or than it is wanted."""

from __future__ import annotations

import contextlib
import sqlite3
import threading

import pytest

from kernel.tables import mirroring
from kernel.tables.change import Insert
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from kernel.tables.sqlite.precedence import Precedence
from tests.large_ways import few_rows_count_as_many
from tests.waiting import PATIENCE_S


@pytest.fixture
def source(tmp_path, monkeypatch):
    path = tmp_path / "p.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")  # who reads keeps nobody from writing
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, city TEXT)")
        connection.executemany("INSERT INTO t (city) VALUES (?)", [("Wien",), ("Graz",), ("Wien",), ("Linz",)])
        connection.commit()
    monkeypatch.setattr(mirroring, "many_rows", 1)
    monkeypatch.setattr(mirroring, "folder", tmp_path / "mirror")
    with few_rows_count_as_many(), contextlib.closing(SqliteSource(path)) as made:
        yield made
    if made.connections.behind is not None:
        made.connections.behind.wait()  # no other test finds what it was about to keep


def test_it_waits_until_the_last_answer_is_given():
    precedence, passed, order = Precedence(), threading.Event(), []

    def read_behind():
        with precedence.behind():
            precedence.give_way()
            order.append("behind")
            passed.set()

    with precedence.asked():
        with precedence.asked():
            thread = threading.Thread(target=read_behind)
            thread.start()
        assert not passed.is_set()
        order.append("answer")
    assert passed.wait(PATIENCE_S)
    thread.join()
    assert order == ["answer", "behind"]


def test_it_never_waits_for_itself():
    precedence = Precedence()
    with precedence.behind(), precedence.asked():
        precedence.give_way()


def test_what_is_given_up_waits_no_longer():
    precedence, interrupt, ended = Precedence(), Interrupt(), []

    def read_behind():
        try:
            with interruptible(interrupt), precedence.behind():
                precedence.give_way()
        except InterruptedCallError as error:
            ended.append(error)

    with precedence.asked():
        thread = threading.Thread(target=read_behind)
        thread.start()
        interrupt.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive() and len(ended) == 1


def test_a_column_is_read_behind_once_no_call_is_under_way(source):
    with source.connections.reader() as reader:  # a long answer
        source.table("t").fetch(Query(group=("city",)), 0, 9)
        assert not [name for name in reader.known._kept if name.startswith("mirror 't' 'city'")]
        thread = source.connections.behind._thread
        assert thread is not None and thread.is_alive()
    source.connections.behind.wait()
    with source.connections.reader() as reader:
        assert [name for name in reader.known._kept if name.startswith("mirror 't' 'city'")]


def test_who_writes_during_a_long_answer_does_not_wait_for_either(source):
    with source.connections.reader():
        source.table("t").fetch(Query(group=("city",)), 0, 9)
        written = threading.Event()

        def write():
            source.table("t").commit([Insert({"city": "Rom"})])
            written.set()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(PATIENCE_S)
        assert written.is_set()
