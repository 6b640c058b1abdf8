"""From exec to the first rows of a large table on the screen, seen from outside, beside sqlitebrowser's Browse tab."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.result import Result, interleave
from benchmarks.start.measure import MISSING, WAYS, outside
from benchmarks.start.ready import kept_ready
from benchmarks.start.screen import Screen

#: Opening is timed so often, in turn.
ROUNDS = 5
PEER = "sqlitebrowser"
#: How each way of starting is called here: alone, and with a process that an earlier window left ready.
NAMES = {"first": "grid, open, first", "ready": "grid, open, ready"}


def opened(screen: Screen, environ: dict[str, str], file: Path, table: str) -> list[Result]:
    """Both ways that Espalier starts, and the peer, on the same file in turn; each was started once before."""
    if shutil.which(PEER) is None:
        return [Result(name, "ms", None, None, 1, True, PEER, MISSING) for name in NAMES.values()]
    ours = [str(Path(sys.executable).with_name("espalier")), "open", str(file)]
    measures: dict[str, Callable[[], float]] = {
        way.word: lambda way=way: outside(screen, ours, way.environ(environ), way.word) for way in WAYS
    }
    measures[PEER] = lambda: screen.time_to_painted([PEER, "--table", table, str(file)], environ)
    with kept_ready(ours, environ):
        for once in measures.values():
            once()
        medians = interleave(ROUNDS, measures)
    return [Result(name, "ms", medians[word], medians[PEER], 1, True, PEER) for word, name in NAMES.items()]
