"""Another window of the running shell: from the command that asks for it to its first paint with all its rows."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.result import Result
from shell.do import client

ROUNDS = 15
GOAL_MS = 30
#: Seconds that a window may take, and that it is left alone before the next one.
LONGEST_S, PAUSE_S = 20, 0.3


def another_window(environ: dict[str, str]) -> Result:
    """Milliseconds, the median, by the window's own note of its paint.

    Args:
        environ: Of the process with the window; names its base directory and where it notes paints.
    """
    note = Path(environ["ESPALIER_TRACE_START"])
    return Result("do, a window", "ms", statistics.median(_once(environ, note) for _ in range(ROUNDS)), None, GOAL_MS,
                  True)  # fmt: skip


def _once(environ: dict[str, str], note: Path) -> float:
    painted = len(_paints(note))
    started = time.time()
    _do(environ, "window.new")
    end = time.monotonic() + LONGEST_S
    while len(found := _paints(note)) <= painted:
        if time.monotonic() > end:
            raise RuntimeError("no window came")
        time.sleep(0.005)
    time.sleep(PAUSE_S)
    _do(environ, "window.close")
    time.sleep(PAUSE_S)
    return (found[-1] - started) * 1000


def _do(environ: dict[str, str], line: str) -> None:
    given = client.Wanted()
    given.basedir, given.words = environ["ESPALIER_BASEDIR"], [line]
    if client.run(given):
        raise RuntimeError(f"{line} failed")


def _paints(note: Path) -> list[float]:
    return [float(line.split()[1]) for line in note.read_text().splitlines() if line.startswith("painted ")]
