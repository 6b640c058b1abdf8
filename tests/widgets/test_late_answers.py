"""Answers that come when the view that asked is gone: nobody is asked any more, and nothing fails."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from kernel.tables.query import Query
from layouts.node import Node
from tests.waiting import PATIENCE_S
from tests.widgets.grid_world import World
from widgets.grid.grid import Grid
from widgets.list.list import List

WaitUntil = Callable[..., None]


class HeldTable:
    """A table whose answers wait until they are let go; notes which calls were begun."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.holds = ""
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._table, name)
        return found if name != self.holds else lambda *given: self._wait(found, *given)

    def _wait(self, call: Callable[..., Any], *given: Any) -> Any:
        answer = call(*given)
        self.begun.set()
        assert self.goes_on.wait(PATIENCE_S)
        return answer


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What failed in the event loop, where a test would not hear of it."""
    caught: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: caught.append(str(error)))
    return caught


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    for handle in made.handles.values():
        handle.dispose()


def _held(world: World, call: str) -> HeldTable:
    """The table of the world's handle, which holds that call's answers from now on."""
    handle = world.open("orders")
    held = HeldTable(handle.table())
    handle._opened, held.holds = held, call
    return held


def _view(kind: type, world: World) -> Any:
    node = Node("grid" if kind is Grid else "list", "view", {"table": "orders"})
    parent = QWidget()
    parent.resize(600, 400)
    view = kind(node, world.context, parent)
    parent.show()
    view.holder = parent
    return view


@pytest.mark.parametrize("kind", [Grid, List])
@pytest.mark.parametrize("call", ["fetch", "estimate"])
def test_rows_that_come_when_their_view_is_gone_reach_nobody(
    world: World, failures: list[str], wait_until: WaitUntil, kind: type, call: str
) -> None:
    held, handle = _held(world, call), world.open("orders")
    view = _view(kind, world)
    wait_until(held.begun.is_set)
    delete(view.holder)
    held.goes_on.set()
    wait_until(lambda: not handle.is_busy)
    assert failures == []


def test_what_nobody_takes_back_reaches_no_view_that_is_gone(
    world: World, failures: list[str], wait_until: WaitUntil
) -> None:
    view, handle = _view(Grid, world), world.open("orders")
    wait_until(lambda: view.rows.is_showing and not handle.is_busy)
    held, heard = _held(world, "fetch"), []
    view.rows.patched.connect(heard.append)
    view.rows.pages.refresh([(1,)], heard.append)
    wait_until(held.begun.is_set)
    delete(view.holder)
    held.goes_on.set()
    wait_until(lambda: not handle.is_busy)
    assert (heard, failures) == ([], [])


def test_an_answer_reaches_a_view_that_is_there(world: World, wait_until: WaitUntil) -> None:
    view, heard = _view(Grid, world), []
    wait_until(lambda: view.rows.is_showing)
    world.open("orders").fetch(Query(), 0, 1, view.rows.if_there(heard.append))
    wait_until(lambda: len(heard) == 1)
    assert len(heard[0]) == 1
    delete(view.holder)
