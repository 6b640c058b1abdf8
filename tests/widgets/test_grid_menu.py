"""The menu of a grid: every line of it can be chosen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from widgets.grid import Grid  # noqa: E402
from widgets.grid.menu import ITEMS, make_menu  # noqa: E402


@pytest.fixture
def grid(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Grid]:
    world = World(tmp_path)
    made = Grid(grid_node(), world.context)
    made.resize(900, 400)
    made.show()
    wait_until(lambda: made.rows.cache.count == 300)
    made.go(0, 0)
    yield made
    made.close()
    world.close()


def test_every_line_does_something_that_is_there(grid: Grid) -> None:
    methods = [item[2] for _, items in ITEMS for item in items if item is not None]
    assert "block.copy" in methods
    assert [method for method in methods if not callable(attrgetter(method)(grid))] == []


def test_copy_is_chosen(grid: Grid, wait_until: Callable[..., None]) -> None:
    QGuiApplication.clipboard().clear()
    menu = make_menu(grid)
    next(action for action in menu.actions() if action.text().startswith("Copy\t")).trigger()
    wait_until(lambda: QGuiApplication.clipboard().text() != "")
    assert QGuiApplication.clipboard().text().strip() == "1"
