"""What is wrong with cells and rows is shown where it is, all at once; nothing wrong is written, nothing is lost."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter

sys.path.insert(0, str(Path(__file__).parent))
from block_world import CUSTOMER, STATUS, TOTAL, MemoryWorld  # noqa: E402
from grid_world import World, formula, grid_node  # noqa: E402

from kernel.tables.change import Update  # noqa: E402
from kernel.tables.query import Query  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.form import Form  # noqa: E402
from widgets.grid import Grid  # noqa: E402

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
RULES = [
    Node("check", properties={"when": formula("status == 'shipped' and total < 100"), "column": "total",
                              "message": "Small orders are not shipped"}),
    Node("check", properties={"when": formula("remark == 'bad'"), "message": "This is a bad row"}),
]  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def world(request: Any, qapp: Any, tmp_path: Path) -> Iterator[Any]:
    made: Any = MemoryWorld(30) if request.param == "memory" else World(tmp_path, 30)
    yield made
    made.close()


@pytest.fixture
def grid(world: Any, wait_until: Callable[..., None]) -> Iterator[Grid]:
    node = Node("grid", "list", grid_node().properties, list(RULES))
    made = Grid(node, world.context)
    made.resize(900, 400)
    made.show()
    made.activateWindow()
    made.setFocus()
    wait_until(lambda: made.rows.cache.count == 30)
    made.go(0, 0)
    yield made
    made.close()


def stored(world: Any, number: int) -> dict[str, Any]:
    return world.source.table("orders").fetch(Query(keys=((number,),)), 0, 1).row(0)


def type_cell(grid: Grid, column: int, text: str, end: Qt.Key = KEY.Key_Return) -> None:
    grid.go(grid.current_row, column)
    QTest.keyClick(grid, KEY.Key_F2)
    line = grid.editing.editor.line
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, end)


def pick_shipped(grid: Grid) -> None:
    grid.go(grid.current_row, STATUS)
    QTest.keyClick(grid, KEY.Key_F2)
    QTest.keyClicks(grid.editing.editor.box, "s")
    grid.editing.accept_and_go(1, 0)


def test_a_row_that_breaks_a_rule_waits_and_is_written_whole(
    world: Any, grid: Grid, wait_until: Callable[..., None]
) -> None:
    pick_shipped(grid)
    assert grid.current_row == 1
    mark = grid.editing.marks[(1,), "status"]
    assert (mark.text, mark.message) == ("shipped", "Small orders are not shipped")
    assert stored(world, 1)["status"] == "open"
    assert grid.has_edits()
    grid.go(0, STATUS)
    assert grid.editing.notice.text == "Small orders are not shipped"
    type_cell(grid, TOTAL, "120")
    wait_until(lambda: not grid.editing.marks)
    assert (stored(world, 1)["status"], stored(world, 1)["total"]) == ("shipped", 120)


def test_escape_gives_a_waiting_edit_up(world: Any, grid: Grid, wait_until: Callable[..., None]) -> None:
    pick_shipped(grid)
    grid.go(0, STATUS)
    QTest.keyClick(grid, KEY.Key_Escape)
    assert not grid.editing.marks
    type_cell(grid, TOTAL, "5")
    wait_until(lambda: not grid.has_edits())
    assert (stored(world, 1)["status"], stored(world, 1)["total"]) == ("open", 5)


def test_what_was_wrong_before_does_not_stop_other_edits_of_the_row(
    world: Any, grid: Grid, wait_until: Callable[..., None]
) -> None:
    world.source.table("orders").commit([Update((1,), "", {"status": "shipped"})])
    wait_until(lambda: grid.content.texts(0)[STATUS][0] == "shipped")
    type_cell(grid, 6, "fine")
    wait_until(lambda: not grid.has_edits())
    assert stored(world, 1)["remark"] == "fine"


def test_everything_wrong_with_a_new_row_is_marked_at_once(world: Any, grid: Grid) -> None:
    QTest.keyClick(grid, KEY.Key_Insert, CTRL)
    type_cell(grid, 6, "bad")
    messages = {path: mark.message for (key, path), mark in grid.editing.marks.items() if key is None}
    required = {"customer_id": "Customer is required", "placed": "Placed is required", "status": "Status is required",
                "total": "Total is required"}  # fmt: skip
    assert messages == required
    assert (grid.current_row, grid.current_column) == (30, CUSTOMER)
    assert grid.editing.notice.text == "Customer is required. This is a bad row"
    assert grid.editing.draft.values["remark"] == "bad"
    assert world.source.table("orders").count(Query()) == 30
    grid.go(0, 0)
    assert grid.editing.draft is not None


def test_pasted_rows_are_held_against_the_rules(
    qapp: Any, world: Any, grid: Grid, wait_until: Callable[..., None]
) -> None:
    qapp.clipboard().setText("shipped\tyes\t7\nshipped\tyes\t700")
    grid.go(0, STATUS)
    QTest.keyClick(grid, KEY.Key_V, CTRL)
    wait_until(lambda: not grid.block.work.is_busy)
    preview = grid.block.work.preview
    assert preview.title.text() == "Paste: 1 cell does not fit"
    QTest.mouseClick(preview.accept, Qt.MouseButton.LeftButton)
    wait_until(lambda: not grid.block.work.is_busy)
    assert (stored(world, 1)["status"], stored(world, 2)["total"]) == ("open", 700)


def test_a_form_says_everything_at_once(world: Any, wait_until: Callable[..., None]) -> None:
    window = QSplitter()
    form = Form(Node("form", "form", {"of": formula("list.current")}, list(RULES)), world.context, window)
    view = Grid(grid_node(), world.context, window)
    window.resize(1100, 600)
    window.show()
    window.activateWindow()
    wait_until(lambda: view.rows.cache.count == 30 and form.row and form.row.values)
    fields = {field.column_name: field for field in form.fields}
    assert "check" not in {field.node.kind for field in form.fields}
    for name, text in (("placed", ""), ("remark", "bad")):
        line = fields[name].editor.line
        line.setFocus()
        line.selectAll()
        QTest.keyClick(line, KEY.Key_Delete)
        QTest.keyClicks(line, text)
    form.row.edit("status", "shipped")
    QTest.keyClick(form, KEY.Key_S, CTRL)
    form.write_row()
    assert form.row.messages == {
        "placed": "Placed is required", "total": "Small orders are not shipped", "": "This is a bad row"
    }  # fmt: skip
    assert stored(world, 1)["remark"] is None
    assert form.has_edits()
    form.revert_row()
    window.close()
