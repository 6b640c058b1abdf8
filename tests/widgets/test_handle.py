"""The handle: answers on the GUI thread, cancelled ones never, states told; live filters."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernel.tables.block import Block
from kernel.tables.change import TableChange
from kernel.tables.error import UnavailableError
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema
from tests.waiting import PATIENCE_S
from widgets.filter import LiveFilter
from widgets.giving_way import SWITCH_S
from widgets.handle import TableHandle
from widgets.handle_worker import Worker
from widgets.scope import Scope

COLUMNS = (Column("id", "integer"), Column("order_id", "integer"), Column("Unit Price", "decimal"))
SCHEMA = Schema("lines", COLUMNS, ("id",))


class FakeTable:
    """Answers when it is let to."""

    schema = SCHEMA

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.threads: list[int] = []
        self.error: Exception | None = None
        self.listener: Any = None

    def count(self, query: Query) -> int:
        self.gate.wait(PATIENCE_S)
        self.threads.append(threading.get_ident())
        if self.error:
            raise self.error
        return 7

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        return Block(start, {"id": [1]}, [(1,)], ["v"])

    def subscribe(self, listener: Any) -> Callable[[], None]:
        self.listener = listener
        return lambda: setattr(self, "listener", None)


@pytest.fixture
def table(qapp: Any) -> FakeTable:
    return FakeTable()


@pytest.fixture
def handle(table: FakeTable) -> Iterator[TableHandle]:
    made = TableHandle(table, "lines")
    yield made
    table.gate.set()
    made.dispose()


def test_answers_come_on_the_gui_thread(table: FakeTable, handle: TableHandle, wait_until: Callable[..., None]) -> None:
    table.gate.set()
    answers: list[tuple[Any, int]] = []
    handle.count(Query(), lambda answer: answers.append((answer, threading.get_ident())))
    wait_until(lambda: answers)
    assert answers == [(7, threading.get_ident())]
    assert threading.get_ident() not in table.threads


def test_a_read_gives_the_lock_away_sooner_while_it_runs(handle: TableHandle, wait_until: Callable[..., None]) -> None:
    during: list[float] = []
    handle.call(lambda _table: sys.getswitchinterval(), during.append)
    wait_until(lambda: during)
    assert during == [pytest.approx(SWITCH_S)]
    # Threads that tests before left at work count as well.
    wait_until(lambda: sys.getswitchinterval() > 2 * SWITCH_S)


def test_numpy_is_asked_for_usual_pages_before_a_table_is_read(
    monkeypatch: pytest.MonkeyPatch, table: FakeTable, wait_until: Callable[..., None]
) -> None:
    monkeypatch.delenv("NUMPY_MADVISE_HUGEPAGE", raising=False)
    made = TableHandle(table, "lines")
    read: list[str | None] = []
    made.call(lambda _table: os.environ.get("NUMPY_MADVISE_HUGEPAGE"), read.append)
    wait_until(lambda: read)
    made.dispose()
    assert read == ["0"]


def test_cancelled_is_never_answered(table: FakeTable, handle: TableHandle, wait_until: Callable[..., None]) -> None:
    answers: list[Any] = []
    handle.count(Query(), answers.append)()
    handle.count(Query(), lambda answer: answers.append("second"))
    table.gate.set()
    wait_until(lambda: answers)
    assert answers == ["second"]
    assert len(table.threads) <= 2


def test_rows_do_not_wait_for_a_count(table: FakeTable, handle: TableHandle, wait_until: Callable[..., None]) -> None:
    told: list[Any] = []
    handle.count(Query(), told.append)
    handle.fetch(Query(), 0, 1, lambda block: told.append(block.keys))
    wait_until(lambda: told)
    assert told == [[(1,)]] and handle.is_busy, "the count has not come yet, and is awaited"
    table.gate.set()
    wait_until(lambda: len(told) == 2 and not handle.is_busy)
    assert told[1] == 7


def test_a_table_is_opened_once(table: FakeTable, wait_until: Callable[..., None]) -> None:
    opened: list[int] = []
    has_asked = threading.Event()

    def open_table() -> FakeTable:
        opened.append(threading.get_ident())
        assert has_asked.wait(PATIENCE_S)
        return table

    table.gate.set()
    handle = TableHandle(open_table, "lines")
    told: list[Any] = []
    handle.count(Query(), told.append)
    handle.fetch(Query(), 0, 1, told.append)
    has_asked.set()
    wait_until(lambda: len(told) == 2)
    handle.dispose()
    assert len(opened) == 1


def test_offline_is_told(table: FakeTable, handle: TableHandle, wait_until: Callable[..., None]) -> None:
    wait_until(lambda: handle.state == "ready")
    table.error = UnavailableError("gone")
    table.gate.set()
    answers: list[Any] = []
    handle.count(Query(), answers.append)
    wait_until(lambda: answers)
    assert isinstance(answers[0], UnavailableError)
    assert handle.state == "offline"


class ChangingTable(FakeTable):
    """Somebody writes to it while it is opened, once its schema was read."""

    @property
    def schema(self) -> Schema:  # type: ignore[override]
        if self.listener is not None:
            self.listener(TableChange("lines", updated=((1,),)))
        return SCHEMA


def test_a_change_while_the_table_is_opened_is_heard(qapp: Any, wait_until: Callable[..., None]) -> None:
    handle, heard = TableHandle(ChangingTable(), "lines"), []
    handle.changed.connect(heard.append)
    wait_until(lambda: heard and handle.state == "ready")
    handle.dispose()


def test_dispose_unsubscribes(table: FakeTable, handle: TableHandle, wait_until: Callable[..., None]) -> None:
    wait_until(lambda: handle.state == "ready")
    assert table.listener is not None
    handle.dispose()
    assert table.listener is None


def test_merge_puts_both_filters_together(handle: TableHandle) -> None:
    handle.set_base("id > 3", {"a.b": 1}, "-id")
    merged = handle.merge(Query(filter="order_id == x.y", parameters={"x.y": 2}))
    assert merged.filter == "(id > 3) and (order_id == x.y)"
    assert merged.parameters == {"a.b": 1, "x.y": 2}
    assert merged.sort[0].is_descending


def test_live_filter_follows_and_is_empty_without_a_row(qapp: Any) -> None:
    scope, seen = Scope(), []
    scope.publish("orders.current", None)
    live = LiveFilter("order_id == orders.current.id", scope, lambda text, parameters: seen.append((text, parameters)))
    live.set_schema(SCHEMA)
    assert seen == [("false", {})]
    scope.publish("orders.current", {"id": 4})
    assert seen[-1] == ("order_id == orders.current.id", {"orders.current.id": 4})
    live.dispose()
    scope.publish("orders.current", None)
    assert len(seen) == 2


def test_an_empty_search_filters_nothing(qapp: Any) -> None:
    scope = Scope()
    told: list[tuple[str, dict[str, Any]]] = []
    text = "id contains find.text or order_id contains find.text"
    live = LiveFilter(text, scope, lambda *what: told.append(what))
    live.set_schema(SCHEMA)
    scope.publish("find.text", "a")
    scope.publish("find.text", "")
    assert told == [("", {}), (text, {"find.text": "a"}), ("", {})]
    live.dispose()


@pytest.mark.parametrize("what", ["stop", "request"])
def test_what_comes_as_the_wait_for_quiet_ends_goes_first(
    qapp: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    worker = Worker("test", is_held=True)
    worker.submit(lambda: "idle", lambda _: None, is_idle=True)
    waits: list[float | None] = []

    def wait(seconds: float | None = None) -> bool:
        waits.append(seconds)
        if what == "stop":
            worker.stop()
        elif len(waits) == 1:
            worker.submit(lambda: "rows", lambda _: None)
        return False

    monkeypatch.setattr(worker._ready, "wait", wait)
    found = worker._next()
    assert (found and found.work()) == (None if what == "stop" else "rows")
    worker.stop()
