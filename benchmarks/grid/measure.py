"""Runs the grid's measures in processes of their own on a virtual screen, and sqlitebrowser beside the shell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.grid.opening import opened
from benchmarks.result import Result
from benchmarks.start.measure import MISSING, environ_of
from benchmarks.start.screen import open_screen

#: Name, unit, our figure, the peer's figure, goal, peer.
FRAMES = (
    ("grid, frame anywhere", "ms", "whole", None, 5, ""),
    ("grid, frame anywhere", "ms", "whole", "python", 0.25, "QTableView, Python model"),
    ("grid, frame anywhere", "ms", "whole", "cpp", 0.75, "QTableView, C++ model"),
    ("grid, frame once more", "ms", "again", "cpp", 0.5, "QTableView, C++ model"),
    ("grid, line", "ms", "line", None, 1, ""),
    ("grid, 10^9 rows, open", "ms", "billion_open", "small_open", 1.25, "1,000 rows"),
    ("grid, 10^9 rows, frame", "ms", "billion_frame", "small_frame", 1.25, "1,000 rows"),
    ("grid, 10^9 rows, line", "ms", "billion_line", "small_line", 1.25, "1,000 rows"),
)
SESSION = (
    ("grid, jump, painted", "ms", "jump", "offset", 1, "SQLite OFFSET, data alone"),
    ("grid, jump, sorted", "ms", "sorted_jump", None, 40, ""),
    ("grid, longest gap", "ms", "gap", None, 16, ""),
    ("grid, memory", "MB", "memory", None, 300, ""),
)


def measure() -> list[Result]:
    """95 of 100 frames and jumps; milliseconds of painting are those of the painting thread alone."""
    from benchmarks.tables.data import TABLE, data_file

    if shutil.which("Xvfb") is None:
        return [Result("grid", "ms", None, None, 1, True, "sqlitebrowser", MISSING)]
    file = data_file()
    with open_screen("1700x1100x24") as screen, tempfile.TemporaryDirectory() as home:
        environ = environ_of(home, screen)
        results = opened(screen, environ, file, TABLE)
        results += _results(FRAMES, _run("benchmarks.grid.frames", environ))
        return results + _results(SESSION, _run("benchmarks.grid.session", environ, str(file), TABLE))


def _results(rows: tuple[tuple[Any, ...], ...], figures: dict[str, Any]) -> list[Result]:
    return [
        Result(name, unit, figures[ours], figures[peer] if peer else None, goal, True, peer_name)
        for name, unit, ours, peer, goal, peer_name in rows
    ]


def _run(module: str, environ: dict[str, str], *arguments: str) -> dict[str, Any]:
    """What a module prints when it runs as a process."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=600)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"{module} ended with {done.returncode}"]
        raise RuntimeError(lines[-1])
    return json.loads(done.stdout.splitlines()[-1])
