"""What belongs to the GUI thread is let go of there, whatever other threads still hold of it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject

from kernel.tables.query import Query
from tests.waiting import PATIENCE_S
from tests.widgets.test_handle import SCHEMA
from widgets import gui_thread
from widgets.handle import TableHandle
from widgets.job import Job


class Thread:
    """Does one thing after the other, when told to."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def do(self, work: Callable[[], object]) -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


class Asker(QObject):
    """Something of the GUI; tells on which thread it went."""

    def __init__(self, gone_on: list[int]) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self._gone = weakref.finalize(self, lambda: gone_on.append(threading.get_ident()))

    def hear(self, *what: Any) -> None:
        self.heard.append(what)


class KeepingTable:
    """Keeps what it is given for as long as it likes, as a source's threads do."""

    schema = SCHEMA

    def __init__(self, kept: list[Any]) -> None:
        self.kept = kept

    def subscribe(self, listener: Any) -> Callable[[], None]:
        self.kept.append(listener)
        return lambda: None

    on_state = subscribe

    def prepare(self, query: Query, report: Any) -> int:
        self.kept.append(report)
        return 7


@pytest.fixture
def source(qapp: Any) -> Thread:
    return Thread()


def test_a_listener_tells_on_the_gui_thread_and_keeps_nobody(source: Thread, wait_until: Any) -> None:
    gui_thread.prepare()
    gone_on: list[int] = []
    asker = Asker(gone_on)
    tell = gui_thread.listener(asker.hear)
    source.do(lambda: tell(1, 2))
    assert asker.heard == [], "not on the thread that tells"
    wait_until(lambda: asker.heard == [(1, 2)])
    source.do(lambda: tell(3))
    asker = None
    assert gone_on == [threading.get_ident()], "the listener keeps it"
    source.do(lambda: tell(4))
    is_over: list[bool] = []
    gui_thread.hand(lambda: is_over.append(True))
    wait_until(lambda: is_over)


def test_a_source_that_tells_of_changes_keeps_no_handle(source: Thread, wait_until: Any) -> None:
    handle = TableHandle(KeepingTable(source.kept), "lines")
    wait_until(lambda: len(source.kept) == 2)
    gone_on: list[int] = []
    weakref.finalize(handle, lambda: gone_on.append(threading.get_ident()))
    handle.dispose()
    wait_until(lambda: not handle.is_busy)
    handle = None
    wait_until(lambda: gone_on)
    source.do(source.kept.clear)
    assert gone_on == [threading.get_ident()]


def test_a_source_that_reports_late_keeps_no_asker(source: Thread, wait_until: Any) -> None:
    handle = TableHandle(KeepingTable(source.kept), "lines")
    gone_on: list[int] = []
    asker = Asker(gone_on)
    handle.prepare(Query(), asker.hear, asker.hear)
    wait_until(lambda: asker.heard)
    asker = None
    assert gone_on == [threading.get_ident()]
    source.kept[-1](1.0)
    handle.dispose()


def test_a_prepare_that_was_cancelled_keeps_no_asker(source: Thread, wait_until: Any) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    class SlowTable(KeepingTable):
        def prepare(self, query: Query, report: Any) -> int:
            begun.set()
            goes_on.wait(PATIENCE_S)
            return super().prepare(query, report)

    handle = TableHandle(SlowTable(source.kept), "lines")
    gone_on: list[int] = []
    asker = Asker(gone_on)
    cancel = handle.prepare(Query(), asker.hear, asker.hear)
    assert begun.wait(PATIENCE_S)
    cancel()
    asker = cancel = None
    assert not gone_on, "the worker is still at it"
    goes_on.set()
    wait_until(lambda: gone_on)
    assert gone_on == [threading.get_ident()]
    handle.dispose()


def test_a_job_is_let_go_of_on_the_gui_thread(source: Thread, wait_until: Any) -> None:
    gone_on: list[int] = []
    asker = Asker(gone_on)

    def work(report: Any) -> int:
        source.kept.append(report)
        raise KeyError("nothing")

    job = Job("work", work, asker.hear, asker.hear)
    wait_until(lambda: not job.is_running)
    assert isinstance(asker.heard[0][0], KeyError)
    asker = job = None
    wait_until(lambda: gone_on)
    source.do(source.kept.clear)
    assert gone_on == [threading.get_ident()]
