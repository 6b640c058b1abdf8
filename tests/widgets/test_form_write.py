"""A form over a slow source: nothing that is typed is lost or lands in another row."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

sys.path.insert(0, str(Path(__file__).parent))
from form_desk import Desk  # noqa: E402
from grid_world import World  # noqa: E402

from kernel.tables.change import Delete, Update  # noqa: E402
from widgets.conflict_card import ConflictCard  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    world = World(tmp_path)
    made = Desk(world)
    wait_until(lambda: made.grid.rows.cache.count == 300 and made.form.row and made.form.row.values)
    yield made
    made.window.close()
    world.close()


@pytest.fixture
def lock(desk: Desk) -> Iterator[sqlite3.Connection]:
    """Another program that holds the file, so that writes wait until ``rollback``."""
    other = sqlite3.connect(desk.world.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def row(desk: Desk, key: int) -> tuple[Any, ...]:
    """Total and remark as they are stored."""
    with sqlite3.connect(desk.world.path) as database:
        return database.execute("SELECT total, remark FROM orders WHERE id = ?", (key,)).fetchone()


def test_what_is_typed_while_the_left_row_is_written_is_written_too(
    desk: Desk, lock: sqlite3.Connection, wait_until: Callable[..., None]
) -> None:
    desk.type("total", "8.5")
    desk.grid.go(1, 0)
    wait_until(lambda: desk.form.row.is_writing)
    desk.type("remark", "typed on")
    lock.rollback()
    wait_until(lambda: desk.form.row.key == (2,) and desk.line("total").text() == "2.00")
    assert row(desk, 1) == (8.5, "typed on")
    assert row(desk, 2) == (2, None)


def test_an_edit_taken_back_while_it_is_written_is_told_and_the_form_follows(
    desk: Desk, lock: sqlite3.Connection, wait_until: Callable[..., None]
) -> None:
    desk.type("total", "8.5")
    desk.grid.go(2, 0)
    wait_until(lambda: desk.form.row.is_writing)
    desk.form.revert_row()
    assert "being written" in desk.form.bar.text.text()
    assert desk.line("total").text() == "8.5"
    lock.rollback()
    wait_until(lambda: desk.form.row.key == (3,) and desk.line("total").text() == "3.00")
    assert row(desk, 1) == (8.5, None)
    assert not desk.form.bar.isVisible()


def test_a_value_typed_back_while_another_is_written_is_written(
    desk: Desk, lock: sqlite3.Connection, wait_until: Callable[..., None]
) -> None:
    desk.type("total", "8.5")
    QTest.keyClick(desk.line("total"), KEY.Key_S, CTRL)
    wait_until(lambda: desk.form.row.is_writing)
    desk.type("total", "1")
    QTest.keyClick(desk.line("total"), KEY.Key_S, CTRL)
    lock.rollback()
    wait_until(lambda: not desk.form.row.is_writing and not desk.form.has_edits())
    assert row(desk, 1) == (1, None)


def test_an_edit_under_way_is_an_edit(desk: Desk, lock: sqlite3.Connection, wait_until: Callable[..., None]) -> None:
    desk.type("total", "8.5")
    QTest.keyClick(desk.line("total"), KEY.Key_S, CTRL)
    wait_until(lambda: desk.form.row.is_writing)
    desk.type("total", "1")
    assert desk.form.has_edits()
    lock.rollback()
    wait_until(lambda: not desk.form.row.is_writing)
    assert desk.form.has_edits()


def test_edits_of_a_row_that_is_deleted_elsewhere_stay(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("remark", "a long story")
    desk.world.source.table("orders").commit([Delete((1,), "")])
    wait_until(lambda: desk.grid.current_key == (2,))
    wait_until(lambda: "deleted meanwhile" in desk.form.bar.text.text())
    assert desk.line("remark").text() == "a long story"
    assert desk.line("remark").isVisible()
    assert desk.form.has_edits()
    QTest.mouseClick(desk.form.bar.first, Qt.MouseButton.LeftButton)
    wait_until(lambda: desk.form.row.key == (2,) and desk.form.row.values is not None)
    assert not desk.form.has_edits()
    assert not desk.form.bar.isVisible()


def test_leaving_the_form_for_the_list_writes_the_row(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("remark", "left")
    desk.line("total").setFocus()
    desk.type("total", "5")
    QTest.qWait(0)
    assert not desk.form.row.is_writing
    desk.grid.setFocus(Qt.FocusReason.MouseFocusReason)
    wait_until(lambda: row(desk, 1) == (5, "left"))
    assert desk.form.row.key == (1,)


def test_a_card_over_the_window_writes_nothing(desk: Desk) -> None:
    desk.type("remark", "left")
    desk.grid.setFocus(Qt.FocusReason.PopupFocusReason)
    QTest.qWait(0)
    assert not desk.form.row.is_writing
    assert row(desk, 1) == (1, None)


def test_a_conflict_of_two_columns_is_chosen_about_one_by_one(desk: Desk, wait_until: Callable[..., None]) -> None:
    desk.type("remark", "mine")
    desk.type("total", "8.5")
    theirs = {"remark": "theirs", "total": 3}
    desk.world.source.table("orders").commit([Update((1,), "", theirs)])
    QTest.keyClick(desk.line("total"), KEY.Key_S, CTRL)
    wait_until(lambda: desk.form.bar.is_asking and "Choose for each" in desk.form.bar.first.text())
    desk.form.bar.first.click()
    card = desk.form.window().findChild(ConflictCard)
    assert card is not None and card.editors["remark"].value() == "mine"
    next(button for button in card.body.findChildren(QPushButton) if button.text() == "theirs").click()
    card.save.click()
    wait_until(lambda: not desk.form.has_edits() and not desk.form.row.is_writing)
    assert row(desk, 1) == (8.5, "theirs")


def test_what_is_typed_before_the_next_row_is_here_is_no_edit_of_it(
    desk: Desk, wait_until: Callable[..., None]
) -> None:
    desk.grid.go(1, 0)
    # The form shows the first row still.
    assert desk.form.row.key == (2,) and desk.line("total").text() == "1.00"
    desk.type("total", "9")
    assert not desk.form.has_edits()
    wait_until(lambda: desk.line("total").text() == "2.00")
    desk.type("total", "8")
    desk.form.write_row()
    wait_until(lambda: row(desk, 2)[0] == 8)
