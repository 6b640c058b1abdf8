"""What a reload and a closed window leave behind: nothing."""

from __future__ import annotations

import gc
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

SCHEMA = """
CREATE TABLE singer (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE song (id INTEGER PRIMARY KEY, singer_id INTEGER REFERENCES singer (id), title TEXT);
INSERT INTO singer VALUES (1, 'Ada'); INSERT INTO song VALUES (1, 1, 'Loops');
"""


def found() -> list[Any]:
    """The windows, grids and handles that there are, whoever keeps them."""
    from shell.window import Window
    from widgets.grid import Grid
    from widgets.handle import TableHandle

    gc.collect()
    kinds = (Window, Grid, TableHandle)
    return [one for one in gc.get_objects() if isinstance(one, QObject) and isinstance(one, kinds) and isValid(one)]


def test_reloads_and_closed_windows_leave_nothing(basedir: Path, tmp_path: Path, wait_until: Any, monkeypatch) -> None:
    from shell import desk
    from shell.boot import boot
    from shell.session import Given
    from shell.window import open_window
    from widgets.grid import Grid

    monkeypatch.setattr(desk, "_DESKS", {})
    path = tmp_path / "songs.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
    gc.unfreeze()  # what is kept out of collections is not found either
    before = found()  # what other tests left

    def alive() -> dict[str, int]:
        names = [type(one).__name__ for one in found() if not any(one is old for old in before)]
        return dict(Counter(names))

    def is_shown(window: Any) -> bool:
        grids = window.body.findChildren(Grid)
        known = [grid.rows.cache for grid in grids if grid.isVisible()]
        return bool(grids) and all(cache.count is not None and cache.is_exact for cache in known)

    session = boot(str(path), Given(basedir=str(basedir)))
    window = session.windows[0]
    wait_until(lambda: is_shown(window))
    one = alive()
    for _ in range(3):
        window.reload()
        wait_until(lambda: is_shown(window))
    wait_until(lambda: alive() == one)
    for _ in range(3):
        other = open_window(session)
        wait_until(lambda other=other: is_shown(other))
        other.close()
    wait_until(lambda: alive() == one)
    window.close()
    session.close()
    wait_until(lambda: alive() == {})
