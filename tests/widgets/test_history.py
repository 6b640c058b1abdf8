"""Undo over the views of a window: typed cells, new and deleted rows, names in the scope, the table of edits."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.change import Delete, Insert, Update  # noqa: E402
from kernel.tables.error import (  # noqa: E402
    ConflictError,
    ForbiddenError,
    InterruptedCallError,
    UnavailableError,
)
from kernel.tables.merge import MINE, THEIRS, decided  # noqa: E402
from kernel.tables.query import Query  # noqa: E402
from widgets import history_turn  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.history import History  # noqa: E402
from widgets.history_card import HistoryCard  # noqa: E402
from widgets.history_turn import Surroundings  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
TOTAL = 5


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    history = History(made.context.scope)
    made.history = history
    made.handles["orders"].open_history = lambda: history
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(), world.context)
    made.resize(900, 400)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == 300)
    made.go(0, TOTAL)
    yield made
    made.close()


def type_cell(grid: Grid, text: str) -> None:
    QTest.keyClicks(grid, text[0])
    QTest.keyClicks(grid.editing.editor.line, text[1:])
    QTest.keyClick(grid.editing.editor.line, KEY.Key_Return)


def total(world: World, row: int) -> Any:
    return world.stored(f"SELECT total FROM orders WHERE id = {row}")


def test_a_typed_value_goes_back_and_forth(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    type_cell(grid, "17.25")
    wait_until(lambda: world.context.scope.read("history.undo"))
    assert world.context.scope.read("history.undo") == "Edit Total in Orders"
    told: list[Any] = []
    world.history.undo(lambda entry, error: told.append(error))
    wait_until(lambda: told)
    assert (told, total(world, 1)) == ([None], 1)
    wait_until(lambda: grid.content.texts(0)[TOTAL][0] == "1.00")
    assert world.context.scope.read("history.undo") is None
    assert world.context.scope.read("history.redo") == "Edit Total in Orders"
    world.history.redo(lambda entry, error: told.append(error))
    wait_until(lambda: len(told) == 2)
    assert total(world, 1) == 17.25


def test_undo_twice_in_a_moment_takes_two_edits_back(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    told: list[Any] = []
    for number in (5, 6):
        grid.handle.commit([Update((number,), "", {"total": 70})], told.append)
    wait_until(lambda: len(world.history.journal.entries) == 2 and len(told) == 2)
    told.clear()
    for _ in range(3):
        world.history.undo(lambda entry, error: told.append(error))
    wait_until(lambda: len(told) == 2)
    assert (told, total(world, 5), total(world, 6)) == ([None, None], 5, 6)


def test_somebody_elses_change_of_another_column_goes_together_with_the_undo(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    type_cell(grid, "17")
    wait_until(lambda: world.context.scope.read("history.undo"))
    world.source.table("orders").commit([Update((1,), "", {"remark": "theirs"})])
    told: list[Any] = []
    world.history.undo(lambda entry, error: told.append((error, world.history.merged)))
    wait_until(lambda: told)
    assert told == [(None, 1)]
    assert (total(world, 1), world.stored("SELECT remark FROM orders WHERE id = 1")) == (1, "theirs")
    world.history.redo(lambda entry, error: told.append((error, world.history.merged)))
    wait_until(lambda: len(told) == 2)
    assert told[1] == (None, 0) and total(world, 1) == 17


def test_an_older_undo_does_not_take_somebody_elses_change_for_the_persons(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    told: list[Any] = []
    for values in ({"total": 70}, {"remark": "mine"}):
        grid.handle.commit([Update((1,), "", values)], told.append)
    wait_until(lambda: len(told) == 2 and len(world.history.journal.entries) == 2)
    world.source.table("orders").commit([Update((1,), "", {"total": 99})])
    told.clear()
    for _ in range(2):
        world.history.undo(lambda entry, error: told.append(error))
    wait_until(lambda: len(told) == 2)
    assert told[0] is None and isinstance(told[1], ConflictError)
    assert (total(world, 1), world.stored("SELECT remark FROM orders WHERE id = 1")) == (99, None)


def test_an_undo_that_clashes_is_decided(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    told: list[Any] = []
    grid.handle.commit([Update((at,), "", {"total": 70, "remark": "mine"}) for at in (1, 2, 3)], told.append)
    wait_until(lambda: told and world.history.journal.entries)
    table = world.source.table("orders")
    table.commit([Update((1,), "", {"total": 99}), Update((2,), "", {"total": 98}), Delete((3,), "")])
    asked: list[Any] = []
    world.history.surroundings = Surroundings(decide=lambda *question: asked.append(question))
    told.clear()
    world.history.undo(lambda entry, error: told.append((entry.state, error)))
    wait_until(lambda: asked)
    entry, merge, take, later = asked[0]
    found = sorted((clash.change.key, clash.columns, clash.theirs["total"]) for clash in merge.clashes)
    assert found == [((1,), ("total",), 99), ((2,), ("total",), 98)]
    assert all(clash.base == {"total": 70, "remark": "mine"} for clash in merge.clashes)
    assert len(merge.gone) == 1 and not told and entry.state == "done"
    later()
    assert told.pop()[0] == "done" and total(world, 1) == 99
    world.history.undo(lambda entry, error: told.append((entry.state, error)))
    wait_until(lambda: len(asked) == 2)
    _, merge, take, _ = asked[1]
    take(decided(merge, [THEIRS if clash.change.key == (1,) else MINE for clash in merge.clashes]))
    wait_until(lambda: told)
    assert told == [("undone", None)]
    block = table.fetch(Query(keys=((1,), (2,))), 0, 2)
    assert (block.columns["total"], block.columns["remark"]) == ([99, 2], [None, None])
    world.history.redo(lambda entry, error: told.append((entry.state, error)))
    wait_until(lambda: len(told) == 2)
    block = table.fetch(Query(keys=((1,), (2,))), 0, 2)
    assert told[1] == ("done", None)
    assert (block.columns["total"], block.columns["remark"]) == ([99, 98], ["mine", "mine"])


def test_a_long_undo_is_shown_and_given_up(
    world: World, grid: Grid, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_turn, "MANY", 2)
    told: list[Any] = []
    grid.handle.commit([Update((at,), "", {"total": 70}) for at in (1, 2, 3)], told.append)
    wait_until(lambda: told and world.history.journal.entries)
    run = grid.block.work.run
    texts: list[str] = []

    def watched(text: str, work: Any, done: Any, **more: Any) -> None:
        texts.append(text)

        def waiting(report: Any) -> Any:
            grid.block.work.cancel()
            return work(report)

        run(text, waiting if len(texts) == 1 else work, done, **more)

    world.history.surroundings = Surroundings(long_work=lambda _entry: watched)
    told.clear()
    world.history.undo(lambda entry, error: told.append((entry.state, error)))
    wait_until(lambda: told)
    assert told[0][0] == "done" and isinstance(told[0][1], InterruptedCallError) and total(world, 1) == 70
    assert texts == ["Undoing “Edit 3 rows in Orders”"]
    world.history.undo(lambda entry, error: told.append((entry.state, error)))
    wait_until(lambda: len(told) == 2)
    assert told[1] == ("undone", None) and total(world, 1) == 1


def test_a_clash_stops_the_undo_where_nobody_can_be_asked(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    type_cell(grid, "17")
    wait_until(lambda: world.context.scope.read("history.undo"))
    world.source.table("orders").commit([Update((1,), "", {"total": 18})])
    told: list[Any] = []
    world.history.undo(lambda entry, error: told.append((entry.state, error)))
    wait_until(lambda: told)
    state, error = told[0]
    assert isinstance(error, ConflictError) and state == "gone"
    assert total(world, 1) == 18
    assert world.context.scope.read("history.undo") is None


def test_an_undo_that_does_not_reach_the_source_can_be_tried_again(
    world: World, grid: Grid, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_cell(grid, "17")
    wait_until(lambda: world.context.scope.read("history.undo"))
    told: list[Any] = []

    def away(_changes: Any) -> Any:
        raise UnavailableError("the server is away")

    table = world.source.table("orders")
    with monkeypatch.context() as patched:
        patched.setattr(table, "commit", away)
        world.history.undo(lambda entry, error: told.append(error))
        wait_until(lambda: told)
    assert isinstance(told[0], UnavailableError)
    world.history.undo(lambda entry, error: told.append(error))
    wait_until(lambda: len(told) == 2)
    assert (told[1], total(world, 1)) == (None, 1)


def test_an_edit_that_may_not_be_undone_does_not_hide_the_one_below(
    world: World, grid: Grid, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (5, 6):
        grid.handle.commit([Update((number,), "", {"total": 70})], lambda answer: None)
    wait_until(lambda: len(world.history.journal.entries) == 2)
    told: list[Any] = []

    def refuse(_changes: Any) -> Any:
        raise ForbiddenError("you may not change rows of orders")

    with monkeypatch.context() as patch:
        patch.setattr(grid.handle.table(), "commit", refuse)
        world.history.undo(lambda entry, error: told.append(error))
        wait_until(lambda: told)
    assert isinstance(told[0], ForbiddenError) and total(world, 6) == 70
    world.history.undo(lambda entry, error: told.append(error))
    wait_until(lambda: len(told) == 2)
    assert (told[1], total(world, 5), total(world, 6)) == (None, 5, 70)


def test_a_refused_edit_is_no_entry(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.setFocus()
    type_cell(grid, "-7")
    wait_until(lambda: grid.editing.message())
    assert world.history.journal.entries == []


def test_the_edits_are_shown_as_a_table(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    told: list[Any] = []

    def undo() -> None:
        world.history.undo(lambda entry, error: told.append(error))

    window = QWidget()
    window.resize(900, 600)
    window.show()
    card = HistoryCard(window, world.context, undo, lambda: None)
    card.show_history(world.history)
    wait_until(lambda: card.grid.condition.view.isVisible())
    assert card.grid.condition.view.title.text() == "Nothing was edited in this window yet"
    assert not card.undo.isEnabled()
    grid.handle.commit([Update((1,), "", {"total": 5})], told.append, "Fill 1 cell")
    grid.handle.commit([Insert({"remark": "x"})], told.append)
    wait_until(lambda: len(told) == 2 and card.grid.rows.cache.count == 1 and card.grid.content.texts(0))
    assert [text for text, *_ in card.grid.content.texts(0)][1:] == ["Fill 1 cell", "Orders", ""]
    told.clear()
    QTest.keyClick(card.grid, KEY.Key_Z, CTRL)
    wait_until(lambda: told and card.grid.content.texts(0)[3][0] == "undone")
    assert card.redo.isEnabled() and not card.undo.isEnabled()
    card.close_card()
    window.close()


def test_an_edit_that_is_under_way_is_waited_for_and_taken_back(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    is_free, told = threading.Event(), []
    try:
        grid.handle.call(lambda _table: is_free.wait(60), lambda _answer: None, is_write=True)
        type_cell(grid, "17.25")
        assert world.context.scope.read("history.writing") and not world.history.journal.entries
        world.history.undo(lambda _entry, error: told.append(error))
        assert not told
    finally:
        is_free.set()
    wait_until(lambda: told)
    assert (told, total(world, 1)) == ([None], 1)
    wait_until(lambda: not world.context.scope.read("history.writing"))


def test_an_edit_that_comes_to_nothing_takes_no_older_one_back(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    type_cell(grid, "17.25")
    wait_until(lambda: world.history.journal.entries and not world.context.scope.read("history.writing"))
    is_free, told = threading.Event(), []
    try:
        grid.handle.call(lambda _table: is_free.wait(60), lambda _answer: None, is_write=True)
        grid.handle.commit([Update((1,), "", {"total": -1})], told.append)
        world.history.undo(lambda _entry, error: told.append(error))
    finally:
        is_free.set()
    wait_until(lambda: told and not world.context.scope.read("history.writing"))
    assert len(told) == 1 and "Total must be at least 0" in str(told[0])
    assert str(total(world, 1)) == "17.25"
