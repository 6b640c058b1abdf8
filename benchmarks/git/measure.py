"""First rows of a log: the table in a shell that runs, beside tig in a terminal and gitk under Xvfb; and far ones."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.git.history import COMMITS, make_history
from benchmarks.git.many_files import measure_many_files
from benchmarks.result import Result, interleave
from benchmarks.start.screen import Screen, open_screen

GOAL_MS, ROUNDS, ROWS = 150, 7, 50
#: A history of so many commits, of which a row is asked for that nobody has come near to.
LONG, FAR, FAR_GOAL_MS, FAR_ROUNDS = 1_000_000, 500_000, 1_000, 3
#: What a shell has imported long since is imported first; the plugin and libgit2 are not.
_OURS = """
import sys, time
from pathlib import Path
from plugins.api import *
from kernel.tables.local.source import LocalSource
from kernel.tables.query import Query
from kernel.tables.source import open_source
from plugins.registry import find_plugins, register
for plugin in find_plugins():
    if plugin.id == "git":
        register(plugin)
first, rows = int(sys.argv[2]), int(sys.argv[3])
begun = time.perf_counter()
source = open_source({"kind": "git", "path": sys.argv[1], "branch": "main"}, Path("."), lambda _: None)
block = source.table("log").fetch(Query(), 0, rows)
if first:
    begun = time.perf_counter()
    block = source.table("log").fetch(Query(), first, first + rows)
spent = time.perf_counter() - begun
assert len(block) == rows and block.columns["graph"][0]
print(spent * 1000)
source.close()
"""


def measure() -> list[Result]:
    """Median milliseconds until the first rows are there."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "history.git"
        make_history(folder)
        _ours(folder)  # keeps the compiled code, as an installation does
        runs = {"ours": lambda: _ours(folder)}
        if shutil.which("tig"):
            runs["tig"] = lambda: _tig(folder)
        with contextlib.ExitStack() as stack:
            if shutil.which("gitk") and shutil.which("Xvfb"):
                screen = stack.enter_context(open_screen())
                runs["gitk"] = lambda: _gitk(folder, screen)
            found = interleave(ROUNDS, runs)
        name = f"git, {COMMITS // 1000}k commits"
        missing = "" if "tig" in found else "tig is not installed"
        return [
            Result(name, "ms", found["ours"], None, GOAL_MS, True),
            Result(name, "ms", found["ours"], found.get("tig"), 1, True, "tig", missing),
            Result(name, "ms", found["ours"], found.get("gitk"), 1, True, "gitk",
                   "" if "gitk" in found else "gitk or Xvfb is not installed"),
            _far(Path(place)),
            measure_many_files(Path(place)),
        ]


def _far(place: Path) -> Result:
    """Median milliseconds until rows in the middle of a long history are there, where git keeps its commit-graph."""
    folder = place / "long.git"
    make_history(folder, LONG, has_files=False)
    subprocess.run(["git", "-C", str(folder), "commit-graph", "write", "--reachable", "--no-progress"], check=True)
    ours = interleave(FAR_ROUNDS, {"ours": lambda: _ours(folder, FAR)})["ours"]
    return Result(f"git, row {FAR // 1000}k of {LONG // 1000}k", "ms", ours, None, FAR_GOAL_MS, True)


def _ours(folder: Path, first: int = 0) -> float:
    command = [sys.executable, "-c", _OURS, str(folder), str(first), str(ROWS)]
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
    return float(done.stdout)


def _gitk(folder: Path, screen: Screen) -> float:
    """Until gitk's first picture with commits in it; from its start, as it has no window that waits."""
    environ = {**os.environ, "DISPLAY": screen.display, "GIT_DIR": str(folder), "HOME": str(folder.parent)}
    return screen.time_to_painted(["gitk", "--max-count=2000", "main"], environ)


def _tig(folder: Path) -> float:
    """Until tig has drawn the newest commit and the one at the screen's end."""
    begun = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm", LINES=str(ROWS), COLUMNS="120", HOME=str(folder))
        os.execvp("tig", ["tig", "-C", str(folder), "main"])
    seen = b""
    try:
        while b"Change" not in seen or seen.count(b"Ann") < 20:
            ready, _, _ = select.select([terminal], [], [], 30)
            if not ready:
                raise RuntimeError("tig drew nothing within 30 s")
            seen += os.read(terminal, 1 << 16)
        return (time.perf_counter() - begun) * 1000
    finally:
        os.write(terminal, b"Q")
        os.close(terminal)
        os.waitpid(child, 0)
