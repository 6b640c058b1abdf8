"""Commits that come at the same time: one transaction for many, each whole, refused or done for itself."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.tables.change import Change, Committed, Delete, Insert, Part, Update
from kernel.tables.error import ConflictError, ConstraintError, TableError
from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from kernel.tables.together import Asked
from tests.contract.sqlite_writer import write_tables
from tests.contract.table_contract import CUSTOMER_ROWS, CUSTOMERS, ORDER_ROWS, ORDERS
from tests.waiting import PATIENCE_S


@pytest.fixture
def source(tmp_path: Path) -> SqliteSource:
    write_tables(tmp_path / "t.sqlite", [(CUSTOMERS, CUSTOMER_ROWS), (ORDERS, ORDER_ROWS)])
    return SqliteSource(tmp_path / "t.sqlite")


def together(source: SqliteSource, commits: list[tuple[str, Change]]) -> list[Any]:
    """Answers or errors of commits that all wait while the first one is being written."""
    answers: list[Any] = [None] * len(commits)
    held, entered = threading.Event(), threading.Event()

    class Held:
        def before(self) -> None:
            entered.set()
            assert held.wait(PATIENCE_S)

        def after(self, done: tuple[Committed, ...]) -> None:
            return None

    def commit(index: int, table: str, change: Change) -> None:
        try:
            answers[index] = source.commit([Part(table, (change,))], id=f"{index:032}")[0]
        except Exception as error:  # an answer like others
            answers[index] = error

    first = threading.Thread(target=lambda: source.commit([], check=Held()))
    first.start()
    assert entered.wait(PATIENCE_S)
    threads = []
    for index, (table, change) in enumerate(commits):
        threads.append(threading.Thread(target=commit, args=(index, table, change)))
        threads[-1].start()
        _wait(lambda index=index: len(source.turns._waiting) == index + 1)
    held.set()
    for thread in (first, *threads):
        thread.join(PATIENCE_S)
    return answers


def _wait(is_so: Callable[[], bool]) -> None:
    while not is_so():
        threading.Event().wait(0.001)


def count_transactions(source: SqliteSource) -> list[str]:
    """The commits that the writer makes from now on."""
    said: list[str] = []
    source.connections.writer().set_trace_callback(lambda sql: said.append(sql) if sql == "COMMIT" else None)
    return said


def test_many_are_one_transaction_and_each_has_its_own_answer(source: SqliteSource) -> None:
    said = count_transactions(source)
    answers = together(source, [
        ("customers", Insert({"name": "new"})), ("customers", Insert({})), ("orders", Update((1,), "", {"note": "a"})),
        ("orders", Update((1,), "an old version", {"note": "b"})), ("orders", Delete((2,), "")),
    ])  # fmt: skip
    assert len(said) == 2, "the held one, and all the others"
    assert answers[0].keys == ((4,),) and answers[2].change.updated == ((1,),) and answers[4].change.deleted == ((2,),)
    assert isinstance(answers[1], ConstraintError) and isinstance(answers[3], ConflictError)
    assert answers[3].current.columns["note"] == ["a"]
    assert source.table("customers").count(Query()) == 4 and source.table("orders").count(Query()) == 19


def test_a_broken_reference_undoes_only_its_own(source: SqliteSource) -> None:
    answers = together(source, [
        ("orders", Insert({"note": "kept"})), ("orders", Insert({"customer_id": 77})),
        ("customers", Delete((3,), "")), ("orders", Insert({"note": "kept"})),
    ])  # fmt: skip
    assert [type(answer) for answer in answers] == [Committed, ConstraintError, ConstraintError, Committed]
    assert "77 does not exist" in answers[1].message and "still used" in answers[2].message
    assert source.table("orders").count(Query(filter="note == 'kept'")) == 2


def test_commits_of_several_people_are_handed_in_together(source: SqliteSource) -> None:
    said, heard = count_transactions(source), []
    source.table("orders").subscribe(heard.append)
    changes = [Insert({"note": "a"}), Insert({"customer_id": "no number"}), Update((1,), "", {"note": "b"})]
    asked = [Asked((Part("orders", (change,)),), f"{number:032}", None) for number, change in enumerate(changes)]
    first, refused, last = source.commit_together(asked)
    assert len(said) == 1 and isinstance(refused.error, ConstraintError)
    assert first.result()[0].change.inserted == heard[0].inserted and last.result()[0].keys == ((1,),)
    assert len(heard) == 2 and source.commit_together([]) == []
    assert source.commit_together(asked[:1])[0].result() == first.result(), "it is known by its id"
    with pytest.raises(ConstraintError):
        refused.result()


def test_more_than_one_transaction_takes_are_all_written(source: SqliteSource) -> None:
    asked = [Asked((Part("orders", (Insert({"note": "many"}),)),), f"{number:032}", None) for number in range(70)]
    keys = [outcome.result()[0].keys for outcome in source.commit_together(asked)]
    assert len(set(keys)) == 70 and source.table("orders").count(Query(filter="note == 'many'")) == 70


def test_a_full_disk_has_everybody_told(source: SqliteSource) -> None:
    source.connections.writer().execute("PRAGMA max_page_count = 1")
    answers = together(source, [("orders", Insert({"note": "x" * 100_000})) for _ in range(3)])
    assert all(isinstance(answer, TableError) for answer in answers)
    assert source.table("orders").count(Query()) == 20


def test_nothing_is_lost_among_many_threads(source: SqliteSource) -> None:
    heard: list[Any] = []
    source.table("orders").subscribe(heard.append)

    def write(name: int) -> None:
        for number in range(20):
            source.commit([Part("orders", (Insert({"note": f"{name}-{number}"}),))], id=f"{name:016}{number:016}")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    block = source.table("orders").fetch(Query(filter="note contains '-'"), 0, 999)
    assert sorted(block.columns["note"]) == sorted(f"{name}-{number}" for name in range(8) for number in range(20))
    assert {key for change in heard for key in change.inserted} == set(block.keys) and len(heard) == 160
    with sqlite3.connect(source.path) as connection:
        assert connection.execute("SELECT count(*) FROM espalier_ledger").fetchone() == (160,)
    connection.close()
