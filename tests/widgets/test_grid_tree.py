"""Rows of a grid as a tree: opened and closed, filtered with what they stand under, moved by editing their parent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kernel.tables.change import Insert, Update
from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Reference, Schema
from layouts.node import Node
from widgets.context import Context
from widgets.grid import Grid
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme
from widgets.tree import Tree

KEY, MODIFIER = Qt.Key, Qt.KeyboardModifier
SCHEMA = Schema(
    "parts",
    (Column("id", "integer", is_key=True), Column("name", "text"), Column("part_of", "integer")),
    ("id",),
    (Reference("part_of", "parts", ("part_of",), ("id",)),),
    ("name",),
)
ROWS = [(1, "bicycle", None), (2, "frame", 1), (3, "wheel", 1), (4, "rim", 3), (5, "spoke", 3), (6, "bell", None)]


class Desk:
    """A grid's surroundings over a table in memory."""

    def __init__(self) -> None:
        rows = [dict(zip(("id", "name", "part_of"), row, strict=True)) for row in ROWS]
        self.source = MemorySource([(SCHEMA, rows)])
        self.table = self.source.table("parts")
        self.handle = TableHandle(self.table, "parts")
        self.context = Context(
            scope=Scope(), commands=None, reporter=None, theme=Theme("light"), tables={"parts": self.handle},
            open_table=lambda _handle, _name: self.handle, read_file=lambda _path: None,
        )  # fmt: skip


@pytest.fixture
def desk(qapp: Any) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.handle.dispose()


@pytest.fixture
def open_tree(desk: Desk, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    grids: list[Grid] = []

    def open_it(rows: int = 2) -> Grid:
        shows = [Node("show", properties={"column": path}) for path in ("name", "part_of", "id")]
        made = Tree(Node("tree", "list", {"table": "parts", "by": "part_of"}, children=shows), desk.context)
        grids.append(made)
        made.resize(700, 300)
        made.show()
        made.activateWindow()
        wait_until(lambda: made.rows.cache.count == rows and made.widths.is_fitted)
        made.go(0, 0)
        made.setFocus()
        return made

    yield open_it
    for grid in grids:
        grid.close()
        grid.deleteLater()


def names(grid: Grid) -> list[str]:
    return [grid.content.cell_text(row, 0) for row in range(grid.row_count())]


def press(grid: Grid, key: Qt.Key, modifiers: Any = MODIFIER.NoModifier) -> None:
    QTest.keyClick(grid.window().focusWidget() or grid, key, modifiers)


def test_keys_open_and_close_and_it_is_kept(open_tree, wait_until) -> None:
    tree = open_tree()
    assert names(tree) == ["bicycle", "bell"]
    assert "bicycle, closed, 2 below, level 1" in tree.accessibleDescription()
    press(tree, KEY.Key_Right)
    wait_until(lambda: names(tree) == ["bicycle", "frame", "wheel", "bell"])
    press(tree, KEY.Key_Right)
    assert tree.current_column == 1, "an open row is left to the right"
    press(tree, KEY.Key_Left)
    tree.go(2, 0)
    press(tree, KEY.Key_Space)
    wait_until(lambda: names(tree) == ["bicycle", "frame", "wheel", "rim", "spoke", "bell"])
    tree.go(4, 0)
    press(tree, KEY.Key_Left)
    assert tree.current_row == 2
    again = open_tree(6)
    assert [again.outline.branch(row).depth for row in range(6)] == [0, 1, 1, 2, 2, 0]
    press(tree, KEY.Key_Left)
    wait_until(lambda: tree.row_count() == 4)
    tree.go(0, 0)
    press(tree, KEY.Key_PageUp, MODIFIER.AltModifier)
    wait_until(lambda: tree.row_count() == 2)
    press(tree, KEY.Key_Asterisk)
    wait_until(lambda: tree.row_count() == 6)


def test_a_filter_shows_what_its_rows_stand_under(open_tree, wait_until) -> None:
    tree = open_tree()
    tree.filters.set_part(("row", "name"), "name contains 'r'")
    wait_until(lambda: names(tree) == ["bicycle", "frame", "wheel", "rim"])
    assert [tree.outline.branch(row).is_match for row in range(4)] == [False, True, False, True]
    assert all(cell.color in ("muted", "dash") for cell in tree.ready.cells(0))
    tree.filters.clear()
    wait_until(lambda: names(tree) == ["bicycle", "bell"])


def test_rows_are_moved_by_editing_their_parent_and_added_below(desk, open_tree, wait_until) -> None:
    tree = open_tree()
    press(tree, KEY.Key_PageDown, MODIFIER.AltModifier)
    wait_until(lambda: tree.row_count() == 6)
    tree.go(2, 0)
    desk.table.commit([Update((3,), "", {"part_of": 6})])
    wait_until(lambda: names(tree) == ["bicycle", "frame", "bell", "wheel", "rim", "spoke"])
    assert tree.current_key == (3,) and tree.current_row == 3
    desk.table.commit([Update((6,), "", {"part_of": 4})])
    wait_until(lambda: names(tree) == ["bicycle", "frame", "wheel", "rim", "bell", "spoke"])
    assert tree.outline.branch(2).is_cycle
    desk.table.commit([Update((6,), "", {"part_of": None}), Insert({"name": "lamp", "part_of": None})])
    wait_until(lambda: names(tree)[-1] == "lamp")
    tree.go(0, 0)
    tree.add_row()
    assert tree.editing.draft.values["part_of"] == 1


def test_a_person_turns_the_tree_into_a_list_and_back(open_tree, wait_until) -> None:
    tree = open_tree()
    press(tree, KEY.Key_T, MODIFIER.AltModifier)
    wait_until(lambda: tree.row_count() == 6)
    assert tree.outline is None
    again = open_tree(6)
    assert again.outline is None
    press(again, KEY.Key_T, MODIFIER.AltModifier)
    wait_until(lambda: again.row_count() == 2)
    assert open_tree(2).outline is not None


def test_a_row_that_is_hidden_is_gone_to(open_tree, wait_until) -> None:
    tree = open_tree()
    tree.go_to((5,))
    wait_until(lambda: tree.current_key == (5,) and tree.row_count() == 6)


def test_the_kind_takes_the_reference_of_the_table_to_itself(desk: Desk, wait_until: Callable[..., None]) -> None:
    for properties in ({}, {"by": "part_of"}):
        made = Tree(Node("tree", "parts", {"table": "parts", **properties}), desk.context)
        made.resize(500, 400)
        made.show()
        wait_until(lambda made=made: made.row_count() == 2 and made.outline is not None)
        made.close()
        made.deleteLater()


def test_a_table_that_refers_to_no_row_of_its_own_is_a_list_and_says_so(
    qapp: Any, desk: Desk, wait_until: Callable[..., None]
) -> None:
    said: list[tuple[str, ...]] = []
    flat = Schema("flat", (Column("id", "integer", is_key=True), Column("name")), ("id",), (), ("name",))
    handle = TableHandle(MemorySource([(flat, [{"id": 1, "name": "one"}])]).table("flat"), "flat")
    desk.context.tables["flat"] = handle
    desk.context.reporter = type("Reports", (), {"report": lambda self, *message: said.append(message)})()
    made = Tree(Node("tree", "", {"table": "flat"}), desk.context)
    made.resize(500, 400)
    made.show()
    wait_until(lambda: made.row_count() == 1)
    assert made.outline is None and said[0][1] == "Flat has no reference to itself"
    made.close()
    made.deleteLater()
    handle.dispose()


def test_levels_are_seen_in_a_column_of_numbers(open_tree, wait_until) -> None:
    grid = open_tree()
    grid.outline.open_level(True)
    wait_until(lambda: grid.row_count() > 3 and grid.ready.cells(grid.row_count() - 1) is not None)
    column = grid.columns[0]
    column.align = "end"
    grid.ready.forget()
    offsets = {grid.outline.branch(row).depth: grid.ready.cells(row)[0].offset for row in range(grid.row_count())}
    assert len(offsets) > 1 and sorted(offsets.values()) == [offsets[depth] for depth in sorted(offsets)]
    assert len(set(offsets.values())) == len(offsets)
