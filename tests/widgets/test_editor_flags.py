"""What grids and forms ask of an editor: how high it is, whether Return is its own, whether its list is open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.tables.schema import Column, Reference  # noqa: E402
from widgets.editor.editor import FieldEditor, Subject  # noqa: E402
from widgets.editor.table import EDITORS, make_editor  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier
CUSTOMER = 1


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rows=5, more="ALTER TABLE orders ADD COLUMN story TEXT; UPDATE orders SET story = 'a b'")
    yield made
    made.close()


@pytest.fixture
def grid(world: World, wait_until: Callable[..., None]) -> Iterator[Grid]:
    made = Grid(grid_node(), world.context)
    made.resize(900, 400)
    made.show()
    made.activateWindow()
    wait_until(lambda: made.rows.cache.count == 5)
    made.setFocus()
    yield made
    made.close()


def make(world: World, name: str) -> FieldEditor:
    reference = Reference("customer", "customers", ("customer_id",), ("id",))
    subject = Subject(Column("x", "text"), world.context, world.open("orders"), reference)
    return make_editor(name, subject, None)


def test_editors_say_what_they_need(world: World) -> None:
    editors = {name: make(world, name) for name in EDITORS}
    assert {name for name, editor in editors.items() if editor.is_tall} == {"longtext", "file"}
    assert {name for name, editor in editors.items() if editor.takes_return} == {"longtext"}
    assert not any(editor.is_listing for editor in editors.values())


def test_shift_return_is_a_line_of_a_long_text(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    index = next(at for at, column in enumerate(grid.columns) if column.path == "story")
    grid.columns[index].editor = "longtext"
    grid.go(0, index)
    QTest.keyClick(grid, KEY.Key_F2)
    editor = grid.editing.editor
    assert editor.height() > grid.look.row_height
    editor.text.moveCursor(editor.text.textCursor().MoveOperation.End)
    QTest.keyClick(editor.text, KEY.Key_Return, SHIFT)
    QTest.keyClicks(editor.text, "c")
    QTest.keyClick(editor.text, KEY.Key_Return)
    wait_until(lambda: world.stored("SELECT story FROM orders WHERE id = 1") == "a b\nc")


def test_tab_takes_the_marked_row_of_an_open_list(world: World, grid: Grid, wait_until: Callable[..., None]) -> None:
    grid.go(0, CUSTOMER)
    QTest.keyClick(grid, KEY.Key_F2)
    editor = grid.editing.editor
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "customer 41")
    wait_until(lambda: editor.is_listing)
    QTest.keyClick(editor.line, KEY.Key_Tab)
    wait_until(lambda: world.stored("SELECT customer_id FROM orders WHERE id = 1") == 41)
    assert grid.current.column == CUSTOMER + 1


def press(grid: Grid, letters: str) -> None:
    """Type into whatever has the focus at each letter."""
    for letter in letters:
        QTest.keyClick(grid.window().focusWidget(), letter)


def type_ahead(grid: Grid, letters: str, wait_until: Callable[..., None]) -> Callable[[], None]:
    """Type into a lookup whose rows come when what is answered is called."""
    grid.go(0, CUSTOMER)
    press(grid, letters[0])
    target, asked = grid.editing.editor._target, []
    fetch = target.fetch
    target.fetch = lambda *question: asked.append(question) or (lambda: None)
    press(grid, letters[1:])

    def answer() -> None:
        wait_until(lambda: asked)
        del target.fetch
        fetch(*asked[-1])

    return answer


def test_who_types_ahead_of_the_list_comes_to_the_same(
    world: World, grid: Grid, wait_until: Callable[..., None]
) -> None:
    answer = type_ahead(grid, "customer 41\t2026-02-03\r", wait_until)
    assert grid.editing.editor.is_waiting and grid.editing.editor.line.text() == "customer 41"
    answer()
    wait_until(lambda: world.stored("SELECT customer_id FROM orders WHERE id = 1") == 41)
    wait_until(lambda: world.stored("SELECT placed FROM orders WHERE id = 1") == "2026-02-03")
    assert (grid.current.row, grid.current.column) == (1, CUSTOMER + 1)


def test_keys_typed_ahead_go_with_a_row_that_is_not_there(grid: Grid, wait_until: Callable[..., None]) -> None:
    answer = type_ahead(grid, "nobody\t7\r", wait_until)
    answer()
    wait_until(lambda: not grid.editing.editor.is_waiting)
    assert grid.editing.editor.line.text() == "nobody" and grid.current.column == CUSTOMER
    press(grid, "!")
    assert grid.editing.editor.line.text() == "nobody!"


def test_escape_forgets_what_was_typed_ahead(grid: Grid, wait_until: Callable[..., None]) -> None:
    type_ahead(grid, "customer 41\t9", wait_until)
    QTest.keyClick(grid.window().focusWidget(), KEY.Key_Escape)
    assert grid.editing.cell is None
    QTest.keyClick(grid, KEY.Key_Right)
    assert grid.current.column == CUSTOMER + 1


def test_keys_wait_for_an_answer_no_longer_than_a_person_does(grid: Grid, wait_until: Callable[..., None]) -> None:
    told: list[str] = []
    answer = type_ahead(grid, "customer 41\t9", wait_until)
    reporter, ahead = grid.context.reporter, grid.editing.editor._ahead
    assert ahead._patience.isActive()
    report = reporter.report
    reporter.report = lambda level, text, detail="": told.append(text)
    try:
        ahead.give_up()  # as its timer does
    finally:
        reporter.report = report
    assert told == ["No answer has come yet: what was typed meanwhile is gone"] and ahead.is_left
    press(grid, "!")
    assert grid.editing.editor.line.text() == "customer 41!"
    answer()
    wait_until(lambda: not grid.editing.editor._is_searching)
    assert grid.current.column == CUSTOMER
