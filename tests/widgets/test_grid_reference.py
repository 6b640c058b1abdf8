"""References of several columns: the last of them shows the row's label."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402

TRACKS = """
CREATE TABLE track (album_id INTEGER, number INTEGER, title TEXT, PRIMARY KEY (album_id, number));
CREATE TABLE play (id INTEGER PRIMARY KEY, album_id INTEGER, track_number INTEGER,
    FOREIGN KEY (album_id, track_number) REFERENCES track (album_id, number));
INSERT INTO track VALUES (1, 1, 'Dawn'), (1, 2, 'Dusk'), (2, 1, 'Noon'), (2, 2, 'Night');
INSERT INTO play VALUES (1, 1, 2), (2, 1, NULL);
"""


def test_a_reference_of_several_columns_shows_its_label(
    qapp: Any, tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    world = World(tmp_path, rows=1, more=TRACKS)
    world.context.tables["play"] = world.open("play")
    grid = Grid(Node("grid", "plays", {"table": "play"}), world.context)
    grid.resize(600, 300)
    grid.show()
    wait_until(lambda: grid.rows.cache.count == 2)
    assert [grid.cell_text(0, column) for column in range(3)] == ["1", "1", "Dusk"]
    assert grid.cell_text(1, 2) == "empty"
    grid.close()
    grid.deleteLater()
    world.close()


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rows=1, more=TRACKS)
    made.context.tables["play"] = made.open("play")
    made.open("track")
    yield made
    made.close()


@pytest.fixture
def plays(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Any]]:
    shown: list[Any] = []

    def show(**properties: Any) -> Any:
        grid = Grid(Node("grid", "plays", {"table": "play", **properties}), world.context)
        shown.append(grid)
        grid.resize(600, 300)
        grid.show()
        grid.activateWindow()
        wait_until(lambda: bool(grid.rows.cache.count) and world.open("track").schema is not None)
        grid.setFocus()
        wait_until(grid.hasFocus)
        return grid

    yield show
    for grid in shown:
        grid.close()
        grid.deleteLater()


def choose(grid: Any, text: str, wait_until: Callable[..., None]) -> None:
    """Type into the open editor and take the first row of its list."""
    editor = grid.editing.editor
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, text)
    wait_until(lambda: editor.is_listing and bool(editor._found))
    QTest.keyClick(editor.line, Qt.Key.Key_Return)


def test_choosing_a_row_sets_all_columns_at_once(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    grid = plays()
    grid.go(0, 2)
    grid.editing.open()
    assert grid.editing.editor.line.text() == "Dusk"
    choose(grid, "noo", wait_until)
    wait_until(lambda: grid.cell_text(0, 2) == "Noon" and grid.cell_text(0, 1) == "2")
    assert world.stored("SELECT album_id || '-' || track_number FROM play WHERE id = 1") == "2-1"
    # The same number in another album is another row.
    grid.go(0, 2)
    grid.editing.open()
    choose(grid, "dawn", wait_until)
    wait_until(lambda: world.stored("SELECT album_id || '-' || track_number FROM play WHERE id = 1") == "1-1")
    wait_until(lambda: grid.cell_text(0, 2) == "Dawn")
    grid.go(0, 2)
    grid.editing.empty()
    wait_until(lambda: world.stored("SELECT track_number FROM play WHERE id = 1") is None)
    assert world.stored("SELECT album_id FROM play WHERE id = 1") == 1


def test_a_new_row_takes_a_whole_reference(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    grid = plays()
    grid.add_row()
    grid.go(grid.row_count() - 1, 2)
    grid.editing.open()
    choose(grid, "night", wait_until)
    grid.write_row()
    wait_until(lambda: world.stored("SELECT count(*) FROM play WHERE album_id = 2 AND track_number = 2") == 1)


def test_what_the_filter_gave_a_new_row_stays(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    grid = plays(filter="album_id == 1")
    grid.add_row()
    grid.go(grid.row_count() - 1, 2)
    grid.editing.open()
    editor = grid.editing.editor
    editor.open_popup()
    wait_until(lambda: [label for _key, label in editor._found] == ["Dawn", "Dusk"])
    grid.editing.cancel()


def test_a_form_shows_and_sets_a_whole_reference(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    from widgets.form import Form

    grid = plays()
    form = Form(Node("form", "", {"of": formula("plays.current")}), world.context)
    form.resize(400, 300)
    form.show()
    form.activateWindow()
    wait_until(lambda: form.row is not None and form.row.values is not None)
    # What is only a part of the reference has no field of its own.
    assert [field.column_name for field in form.fields] == ["id", "track_number"]
    editor = form.fields[1].editor
    wait_until(lambda: editor.line.text() == "Dusk")
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "noon")
    wait_until(lambda: editor.is_listing and bool(editor._found))
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert form.row.edits == {"album_id": 2, "track_number": 1}
    form.escape("track_number")
    assert form.row.edits == {} and editor.line.text() == "Dusk"
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "noon")
    wait_until(lambda: editor.is_listing and bool(editor._found))
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    form.write_row()
    wait_until(lambda: world.stored("SELECT album_id FROM play WHERE id = 1") == 2)
    wait_until(lambda: grid.cell_text(0, 2) == "Noon" and editor.line.text() == "Noon")
    form.close()
    form.deleteLater()


def test_what_a_given_reference_leads_to_is_called_by_its_label(
    world: World, wait_until: Callable[..., None]
) -> None:
    world.context.tables["orders"] = world.open("orders")
    world.open("customers")
    grid = Grid(grid_node(filter="customer_id == 2"), world.context)
    grid.resize(600, 300)
    grid.show()
    wait_until(lambda: grid.rows.cache.count == 1 and world.open("customers").schema is not None)
    grid.add_row()
    at = next(index for index, column in enumerate(grid.columns) if column.path == "customer_id")
    wait_until(lambda: grid.cell_text(grid.row_count() - 1, at) == "Customer 2")
    assert grid.editing.draft.typed() == {} and not grid.has_edits()
    grid.close()
    grid.deleteLater()


def paste(grid: Any, row: int, column: int, text: str) -> None:
    QApplication.clipboard().setText(text)
    grid.go(row, column)
    QTest.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_label_is_pasted_into_a_whole_reference(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    grid = plays()
    paste(grid, 0, 2, "Noon\nnight")
    wait_until(lambda: world.stored("SELECT group_concat(album_id || '.' || track_number) FROM play") == "2.1,2.2")
    wait_until(lambda: [grid.cell_text(row, 2) for row in range(2)] == ["Noon", "Night"])
    paste(grid, 0, 1, "1\tDusk")
    wait_until(lambda: world.stored("SELECT album_id || '.' || track_number FROM play WHERE id = 1") == "1.2")
    paste(grid, 1, 2, "1")
    wait_until(lambda: world.stored("SELECT album_id || '.' || track_number FROM play WHERE id = 2") == "2.1")


def test_a_label_that_does_not_fit_its_row_is_shown(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    grid = plays()
    for text, said in (("2\tDusk", "there is no row “Dusk” that fits here"), ("1\tMorning", "no row “Morning”")):
        paste(grid, 0, 1, text)
        wait_until(lambda: grid.block.work.preview is not None and grid.block.work.preview.isVisible())
        preview = grid.block.work.preview
        wait_until(lambda preview=preview: bool(preview.grid.editing.marks))
        [problem] = [mark.message for mark in preview.grid.editing.marks.values()]
        assert said in problem
        preview.close_card()
    assert world.stored("SELECT album_id || '.' || track_number FROM play WHERE id = 1") == "1.2"


def test_of_rows_with_the_same_name_the_near_one_is_meant(
    world: World, plays: Any, wait_until: Callable[..., None]
) -> None:
    with sqlite3.connect(world.path) as database:
        database.execute("INSERT INTO track VALUES (1, 3, 'Noon')")
    database.close()
    grid = plays()
    paste(grid, 0, 2, "Noon")
    wait_until(lambda: world.stored("SELECT album_id || '.' || track_number FROM play WHERE id = 1") == "1.3")


def test_filling_down_copies_a_whole_reference(world: World, plays: Any, wait_until: Callable[..., None]) -> None:
    with sqlite3.connect(world.path) as database:
        database.execute("INSERT INTO play VALUES (3, 2, 1), (4, 2, NULL)")
    database.close()
    grid = plays()
    stored = "SELECT group_concat(album_id || '.' || coalesce(track_number, '')) FROM play"
    grid.go(0, 2)
    grid.go(3, 2, is_extending=True)
    QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: world.stored(stored) == "1.2,1.2,1.2,1.2")
    wait_until(lambda: [grid.cell_text(row, 2) for row in range(4)] == ["Dusk"] * 4)
    grid.go(2, 2)
    paste(grid, 2, 2, "Noon")
    wait_until(lambda: world.stored(stored) == "1.2,1.2,2.1,1.2")
    grid.go(2, 2)
    grid.go(3, 2, is_extending=True)
    QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: world.stored(stored) == "1.2,1.2,2.1,2.1")


def test_filling_down_leaves_the_columns_that_no_reference_is_in(
    world: World, plays: Any, wait_until: Callable[..., None]
) -> None:
    with sqlite3.connect(world.path) as database:
        database.execute("INSERT INTO play VALUES (3, 2, 1)")
    database.close()
    grid = plays()
    grid.go(1, 2)
    grid.go(2, 2, is_extending=True)
    QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: world.stored("SELECT track_number IS NULL FROM play WHERE id = 3") == 1)
    assert world.stored("SELECT album_id FROM play WHERE id = 3") == 2


def test_what_is_chosen_for_all_selected_cells_is_a_whole_reference(
    world: World, plays: Any, wait_until: Callable[..., None]
) -> None:
    grid = plays()
    grid.go(0, 2)
    grid.go(1, 2, is_extending=True)
    grid.editing.open()
    editor = grid.editing.editor
    QTest.keyClicks(editor.line, "noon")
    wait_until(lambda: editor.is_listing and bool(editor._found))
    editor.take_listed()
    grid.editing.accept_for_all()
    wait_until(lambda: world.stored("SELECT group_concat(album_id || '.' || track_number) FROM play") == "2.1,2.1")
