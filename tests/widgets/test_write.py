"""Edited cells on their way to the file: whatever happens to one edit of a row, none of the others is lost."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.error import UnavailableError  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
NUMBER, PLACED, TOTAL, REMARK = 0, 2, 5, 6


class Desk:
    """A grid of orders over a file that others write too."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grid = Grid(grid_node(), world.context)
        self.grid.resize(900, 420)
        self.grid.show()
        self.grid.activateWindow()

    def by_others(self, sql: str) -> None:
        """Another program changes the file; nobody tells us."""
        with sqlite3.connect(self.world.path) as database:
            database.execute(sql)
        database.close()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The file cannot be written for a while."""
        lock = sqlite3.connect(self.world.path, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        yield
        lock.execute("ROLLBACK")
        lock.close()

    def type_cell(self, row: int, column: int, text: str, end: Qt.Key = KEY.Key_Tab) -> None:
        self.grid.go(row, column)
        QTest.keyClick(self.grid, KEY.Key_F2)
        line = self.grid.editing.editor.line
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, end)

    def said(self) -> str:
        """What stands beside the cell."""
        return self.grid.editing.notice.text

    def answers(self) -> dict[str, QPushButton]:
        """The answers that stand beside the cell."""
        bubble = self.grid.editing.notice.bubble
        buttons = bubble.findChildren(QPushButton) if bubble is not None and not bubble.isHidden() else []
        return {button.text(): button for button in buttons}

    def stored(self, column: str, number: int = 1) -> Any:
        return self.world.stored(f"SELECT {column} FROM orders WHERE id = {number}")


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    world = World(tmp_path, rows=20)
    made = Desk(world)
    wait_until(lambda: made.grid.rows.cache.count == 20)
    made.grid.setFocus()
    yield made
    made.grid.close()
    world.close()


def test_a_row_is_edited_on_after_a_conflict_was_given_up(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    wait_until(lambda: "50" in desk.said())
    desk.grid.setFocus()
    QTest.keyClick(desk.grid, KEY.Key_Escape)
    assert not desk.grid.has_edits()
    desk.type_cell(0, REMARK, "later")
    wait_until(lambda: desk.stored("remark") == "later")
    wait_until(lambda: not desk.grid.has_edits())
    assert desk.stored("total") == 50


@pytest.mark.parametrize(("answer", "kept"), [("Take theirs", 50), ("Keep mine", 60)])
def test_edits_behind_a_conflict_are_written(
    desk: Desk, wait_until: Callable[..., None], answer: str, kept: int
) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    desk.type_cell(0, REMARK, "behind")
    wait_until(lambda: answer in desk.answers())
    desk.answers()[answer].click()
    wait_until(lambda: desk.stored("remark") == "behind")
    wait_until(lambda: desk.stored("total") == kept and not desk.grid.has_edits())
    wait_until(lambda: desk.grid.cell_text(0, TOTAL) == f"{kept}.00")


def test_a_conflict_is_still_asked_about_after_a_walk(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    wait_until(lambda: "Keep mine" in desk.answers())
    desk.grid.setFocus()
    desk.grid.go(5, TOTAL)
    assert not desk.said()
    desk.grid.go(0, TOTAL)
    assert desk.grid.hasFocus()
    desk.answers()["Keep mine"].click()
    wait_until(lambda: desk.stored("total") == 60 and not desk.grid.has_edits())


def test_a_conflict_takes_no_keys_from_an_open_editor(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    desk.grid.go(3, REMARK)
    QTest.keyClick(desk.grid, KEY.Key_F2)
    wait_until(lambda: desk.grid.editing.marks.has_refused())
    line = desk.grid.editing.editor.line
    assert desk.grid.window().focusWidget() is line
    QTest.keyClicks(line, "going on")
    QTest.keyClick(line, KEY.Key_Return)
    wait_until(lambda: desk.stored("remark", 4) == "going on")
    assert desk.grid.has_edits()


def test_a_conflicted_cell_is_typed_again(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.by_others("UPDATE orders SET total = 50 WHERE id = 1")
    desk.type_cell(0, TOTAL, "60")
    wait_until(lambda: "50" in desk.said())
    desk.type_cell(0, TOTAL, "50")
    wait_until(lambda: not desk.grid.has_edits())
    desk.type_cell(0, TOTAL, "51")
    wait_until(lambda: desk.stored("total") == 51 and not desk.grid.has_edits())


def test_edits_behind_a_changed_key_follow_it(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type_cell(0, NUMBER, "777")
    desk.type_cell(0, REMARK, "behind")
    wait_until(lambda: desk.stored("remark", 777) == "behind")
    wait_until(lambda: not desk.grid.has_edits() and not desk.grid.editing.marks)


def test_edits_behind_a_failed_refresh_are_written(
    desk: Desk, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, handle = desk.grid.handle.fetch, desk.grid.handle

    def fail(query: Any, start: int, stop: int, done: Any, **more: Any) -> Any:
        if query.keys:
            return fetch(query, start, stop, lambda _answer: done(UnavailableError("gone")), **more)
        return fetch(query, start, stop, done, **more)

    monkeypatch.setattr(handle, "fetch", fail)
    desk.type_cell(0, TOTAL, "61")
    desk.type_cell(0, REMARK, "behind")
    wait_until(lambda: desk.stored("remark") == "behind")
    wait_until(lambda: not desk.grid.has_edits())
    assert desk.stored("total") == 61


def test_a_row_that_was_deleted_meanwhile_names_what_was_typed(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.by_others("DELETE FROM orders WHERE id = 1")
    desk.type_cell(0, REMARK, "in vain")
    wait_until(lambda: "deleted meanwhile" in desk.said())
    assert "in vain" in desk.said()
    assert not desk.grid.has_edits()


def test_the_stored_value_typed_again_wins_over_the_write_under_way(
    desk: Desk, wait_until: Callable[..., None]
) -> None:
    desk.type_cell(0, TOTAL, "60")
    desk.type_cell(0, TOTAL, "1")
    wait_until(lambda: not desk.grid.has_edits() and not desk.grid.editing.marks)
    assert desk.stored("total") == 1


def test_a_value_on_its_way_is_an_edit(desk: Desk, wait_until: Callable[..., None]) -> None:
    with desk.locked():
        desk.type_cell(0, TOTAL, "60")
        assert desk.grid.has_edits()
    wait_until(lambda: not desk.grid.has_edits())
    assert desk.stored("total") == 60


def test_a_new_row_on_its_way_is_an_edit(desk: Desk, wait_until: Callable[..., None]) -> None:
    QTest.keyClick(desk.grid, KEY.Key_Insert, CTRL)
    draft = desk.grid.editing.draft
    draft.values.update({"customer_id": 3, "status": "open", "placed": date(2026, 5, 5), "total": 5})
    draft.given.update(draft.values)
    with desk.locked():
        draft.write()
        assert desk.grid.has_edits()
        QTest.keyClick(desk.grid, KEY.Key_Escape)
        assert desk.grid.editing.draft is draft
    wait_until(lambda: desk.grid.rows.cache.count == 21 and not desk.grid.has_edits())


def test_what_is_typed_into_a_new_row_on_its_way_is_written_too(desk: Desk, wait_until: Callable[..., None]) -> None:
    QTest.keyClick(desk.grid, KEY.Key_Insert, CTRL)
    draft = desk.grid.editing.draft
    draft.values.update({"customer_id": 3, "status": "open", "placed": date(2026, 5, 5), "total": 5})
    with desk.locked():
        draft.write()
        desk.type_cell(20, TOTAL, "6")
        desk.grid.go(20, REMARK)
        QTest.keyClick(desk.grid, KEY.Key_F2)
        QTest.keyClicks(desk.grid.editing.editor.line, "open while it came")
    wait_until(lambda: desk.grid.editing.draft is None)
    QTest.keyClick(desk.grid.editing.editor.line, KEY.Key_Return)
    wait_until(lambda: not desk.grid.has_edits())
    assert desk.stored("total", 21) == 6
    assert desk.stored("remark", 21) == "open while it came"
