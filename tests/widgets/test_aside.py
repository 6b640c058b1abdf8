"""Questions aside: stopped when their handle goes, and nothing of Qt's left at what ends on a thread of its own."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from types import FunctionType
from typing import Any

from kernel.tables.interrupt import current
from kernel.tables.schema import Column, Schema
from tests.waiting import PATIENCE_S
from widgets.aside import Aside
from widgets.handle import TableHandle


class Slow:
    """A table whose questions take until they are stopped."""

    schema = Schema("lines", (Column("id", "integer"),), ("id",))

    def __init__(self) -> None:
        self.begun, self.stopped = threading.Event(), threading.Event()

    def subscribe(self, _listener: Any) -> Callable[[], None]:
        return lambda: None

    def wait(self) -> None:
        with current().stopping(self.stopped.set):
            self.begun.set()
            self.stopped.wait(PATIENCE_S)
        current().check()


def test_what_is_asked_aside_stops_with_the_handle(qapp: Any, wait_until: Callable[..., None]) -> None:
    table, answers = Slow(), []
    handle = TableHandle(table, "lines")
    aside = Aside(handle, "sums")
    aside.ask(lambda found: found.wait(), answers.append)
    wait_until(table.begun.is_set)
    handle.dispose()
    wait_until(table.stopped.is_set)
    wait_until(lambda: not threads("sums of lines"))
    assert answers == []


def test_signals_hold_nothing_that_ends_on_a_thread(qapp: Any, wait_until: Callable[..., None]) -> None:
    handle, answers = TableHandle(Slow(), "lines"), []
    aside = Aside(handle, "sums")
    aside.ask(lambda _table: threading.current_thread(), answers.append)
    wait_until(lambda: answers)
    worker = aside._worker
    # PySide notes a connection to an object's method by a weak reference with a callback that is no Python function.
    noted = [at for at in weakref.getweakrefs(worker) if not isinstance(at.__callback__, FunctionType | None)]
    assert noted == []
    aside.close()
    wait_until(lambda: not answers[0].is_alive())
    handle.dispose()


def threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]
