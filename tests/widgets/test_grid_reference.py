"""References of several columns: the last of them shows the row's label."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World  # noqa: E402

from layouts.node import Node  # noqa: E402
from widgets.grid import Grid  # noqa: E402

TRACKS = """
CREATE TABLE track (album_id INTEGER, number INTEGER, title TEXT, PRIMARY KEY (album_id, number));
CREATE TABLE play (id INTEGER PRIMARY KEY, album_id INTEGER, track_number INTEGER,
    FOREIGN KEY (album_id, track_number) REFERENCES track (album_id, number));
INSERT INTO track VALUES (1, 1, 'Dawn'), (1, 2, 'Dusk');
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
    grid.go(0, 2)
    grid.editing.open()
    grid.editing.editor.line.setText("1")
    grid.editing.editor.touch()
    grid.editing.accept()
    wait_until(lambda: grid.cell_text(0, 2) == "Dawn")
    assert world.stored("SELECT track_number FROM play WHERE id = 1") == 1
    grid.close()
    grid.deleteLater()
    world.close()
