"""The grid follows what others do: rows that move into its filter, out of it, and within its order."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from kernel.tables.change import Update  # noqa: E402
from kernel.tables.query import Query, Sort  # noqa: E402
from layouts.node import Node  # noqa: E402
from widgets.form_row import FormRow  # noqa: E402
from widgets.grid import Grid  # noqa: E402


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def shown(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    made: list[Grid] = []

    def show(**properties: Any) -> Grid:
        children = properties.pop("children", [])
        grid = Grid(msgspec.structs.replace(grid_node(**properties), children=children), world.context)
        made.append(grid)
        grid.resize(900, 400)
        grid.show()
        wait_until(lambda: not grid.rows.is_loading and grid.rows.cache.count is not None)
        return grid

    yield show
    for grid in made:
        grid.close()
        grid.deleteLater()


def write_aside(world: World, sql: str) -> None:
    """What another program writes to the file."""
    with sqlite3.connect(world.path) as database:
        database.executescript(sql)
    database.close()
    world.source.poll()


def change(world: World, table: str, key: int, **values: Any) -> None:
    """What somebody else writes."""
    world.source.table(table).commit([Update((key,), "", values)])


def test_a_row_that_another_moves_comes_and_goes_with_the_filter(world, shown, wait_until) -> None:
    grid = shown(filter=formula("customer_id == 7"))
    assert grid.row_count() == 6 and grid.row_key(0) == (6,)
    grid.go(1, 0)
    here = grid.current_key
    change(world, "orders", 7, customer_id=7)
    wait_until(lambda: grid.row_count() == 7)
    assert grid.current_key == here and grid.row_key(grid.current_row) == here
    change(world, "orders", 6, customer_id=8)
    wait_until(lambda: grid.row_count() == 6)
    assert grid.row_key(0) == (7,) and grid.current_key == here


def test_a_changed_row_moves_within_the_order_and_stays_current(world, shown, wait_until) -> None:
    grid = shown(sort="-total")
    assert grid.row_key(0) == (300,)
    grid.go(0, 0)
    change(world, "orders", 5, total=1000)
    wait_until(lambda: grid.row_key(0) == (5,))
    assert grid.current_key == (300,) and grid.current_row == 1


def test_a_plain_list_is_patched_where_it_stands(world, shown, wait_until) -> None:
    grid = shown()
    before = grid.rows.cache
    change(world, "orders", 2, remark="seen")
    wait_until(lambda: "seen" in [text for text, *_ in grid.content.texts(1) or ()])
    assert grid.rows.cache is before


def test_labels_of_referenced_rows_are_read_again(world, shown, wait_until) -> None:
    grid = shown()
    name = next(at for at, column in enumerate(grid.columns) if column.path == "customer_id")
    grid.go(3, name)
    wait_until(lambda: grid.cell_text(0, name) == "Customer 2")
    change(world, "customers", 2, name="Renamed")
    wait_until(lambda: grid.cell_text(0, name) == "Renamed")
    assert grid.current_row == 3


def test_the_form_reads_labels_of_referenced_rows_again(world, wait_until) -> None:
    row = FormRow(world.open("orders"), world.context.theme)
    wait_until(lambda: row.handle.schema is not None)
    row.load((1,))
    wait_until(lambda: row.values is not None)
    row.edit("remark", "mine")
    change(world, "customers", 2, name="Renamed")
    wait_until(lambda: row.values["customer:label"] == "Renamed")
    assert row.edits == {"remark": "mine"} and row.messages == {}


def test_steady_changes_do_not_keep_the_rows_from_coming(world, shown, wait_until) -> None:
    grid = shown(sort="-total")
    readings: list[object] = []
    grid.rows.reloaded.connect(readings.append)
    left = list(range(1, 40))
    change(world, "orders", 40, total=2000)

    def has_come() -> bool:
        if left and world.handles["orders"].is_busy:
            change(world, "orders", left.pop(), total=2001 + len(left))
        return bool(readings)

    wait_until(has_come)
    assert left, "a reading ended while changes went on"
    highest = world.source.table("orders").fetch(Query(sort=(Sort("total", True),)), 0, 1)
    wait_until(lambda: grid.row_key(0) == highest.keys[0])


def test_a_column_that_is_dropped_is_left_out_and_told(world, shown, wait_until) -> None:
    paths = ("id", "remark", "total")
    grid = shown(children=[Node("show", properties={"column": path}) for path in paths])
    write_aside(world, "ALTER TABLE orders DROP COLUMN remark; UPDATE orders SET total = 77 WHERE id = 1")
    wait_until(lambda: grid.columns and [column.path for column in grid.columns] == ["id", "total"])
    wait_until(lambda: grid.cell_text(0, 1) == "77.00")
    assert grid.condition.strip.isVisible() and "no column remark" in grid.condition.strip.label.text()


def test_rows_that_cannot_be_read_again_are_said_to_be_old(world, shown, wait_until) -> None:
    grid = shown(sort="-remark")
    write_aside(world, "ALTER TABLE orders DROP COLUMN remark")
    wait_until(lambda: grid.condition.strip is not None and grid.condition.strip.isVisible())
    assert grid.row_count() == 300
    assert "no column remark" in grid.condition.strip.label.text() and grid.condition.strip.button.isVisible()
    write_aside(world, "ALTER TABLE orders ADD COLUMN remark TEXT")
    wait_until(lambda: grid.condition.strip.isHidden())


def test_a_wrong_filter_is_said_to_be_wrong_and_taken_back(world, shown, wait_until) -> None:
    grid = shown()
    grid.filters.set_base("id <= 7", {})
    wait_until(lambda: grid.row_count() == 7)
    grid.filters.set_base("id > 1 and " * 100_000 + "true", {})
    wait_until(lambda: grid.condition.strip is not None and grid.condition.strip.isVisible())
    text, button = grid.condition.strip.label.text(), grid.condition.strip.button
    assert "filter cannot be used" in text and "longer than 10,000 characters" in text and "old" not in text
    assert button.text() == "Take the filter back" and button.isVisible() and grid.row_count() == 7
    button.click()
    wait_until(lambda: grid.condition.strip.isHidden())
    assert grid.rows.filter_text == "id <= 7" and grid.row_count() == 7
