"""Runs the order desk, the first time and when a process is ready for it, and its peers in turn on one screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.result import Result, interleave
from benchmarks.start.peer_file import write_peer_files
from benchmarks.start.ready import kept_ready
from benchmarks.start.screen import Screen, open_screen

ROUNDS = 9
ROUNDS_OUTSIDE = 7
MISSING = "peer is missing: python -m benchmarks --install-peers"
LABEL = str(Path(__file__).with_name("label.py"))
#: Peer → its command before the file, and which of the peer files it opens. The first shows what tables there are, the
#: second the rows of one, as the order desk does.
PEERS = {
    "sqlitebrowser": (["sqlitebrowser"], "orders.sqlite"),
    "sqlitebrowser's rows": (["sqlitebrowser", "-t", "orders"], "orders.sqlite"),
    "kate": (["kate", "--startanon"], "orders.csv"),
}
#: Times that a start is tried until it goes the way that is measured: a busy machine may answer too late.
TRIES = 10


class Way(NamedTuple):
    """One way to start the order desk.

    Attributes:
        name: Of its figures.
        word: How the start trace calls it.
        goals: Peer → bound on the ratio. The first one cannot be ahead of sqlitebrowser: Python with Qt and a label
            alone take three quarters of its time.
        runtime: Its directory for sockets below the home: where nobody is ready the start looks for it in vain.
    """

    name: str
    word: str
    goals: dict[str, float]
    runtime: str

    def environ(self, environ: dict[str, str]) -> dict[str, str]:
        """The environment of such a start."""
        return {**environ, "XDG_RUNTIME_DIR": str(Path(environ["HOME"]) / self.runtime)}


_GOALS = dict.fromkeys(PEERS, 1.0)
WAYS = (
    Way("start, first", "first", dict(_GOALS, **{"PySide6 label": 1.8}), "nobody"),
    Way("start, ready", "ready", dict(_GOALS, **{"PySide6 label": 1.1}), "runtime"),
)


def measure() -> list[Result]:
    """Milliseconds from exec to painted, of a warm start; by the programs' own notes, then by what the screen shows."""
    if shutil.which("Xvfb") is None:
        return [Result("start, first", "ms", None, None, 1.8, True, "PySide6 label", MISSING)]
    # The server that the windows shared ends by itself, and may still write meanwhile.
    with open_screen() as screen, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environ = environ_of(home, screen)
        ours = [str(Path(sys.executable).with_name("espalier")), "orders"]
        _inside(ours, WAYS[0].environ(environ), timeout_s=120)  # fills the cache and the app's database
        write_peer_files(Path(home))
        with kept_ready(ours, environ):
            return _beside_label(ours, environ) + _beside_programs(screen, ours, environ, Path(home))


def _beside_label(ours: list[str], environ: dict[str, str]) -> list[Result]:
    measures: dict[str, Callable[[], float]] = {
        way.name: lambda way=way: _inside(ours, way.environ(environ), way.word) for way in WAYS
    }
    measures["PySide6 label"] = lambda: _inside([sys.executable, LABEL], environ)
    medians = interleave(ROUNDS, measures)
    return [_result(way, "PySide6 label", "", medians) for way in WAYS]


def _beside_programs(screen: Screen, ours: list[str], environ: dict[str, str], home: Path) -> list[Result]:
    measures: dict[str, Callable[[], float]] = {
        way.name: lambda way=way: outside(screen, ours, way.environ(environ), way.word) for way in WAYS
    }
    for peer, (words, file) in PEERS.items():
        if shutil.which(words[0]):
            command = [*words, str(home / file)]
            measures[peer] = lambda command=command: screen.time_to_painted(command, environ)
    for once in measures.values():
        once()  # warm
    medians = interleave(ROUNDS_OUTSIDE, measures)
    return [_result(way, peer, ", seen", medians) for way in WAYS for peer in PEERS]


def _result(way: Way, peer: str, seen: str, medians: dict[str, float]) -> Result:
    problem = "" if peer in medians else MISSING
    return Result(way.name + seen, "ms", medians[way.name], medians.get(peer), way.goals[peer], True, peer, problem)


def environ_of(home: str, screen: Screen) -> dict[str, str]:
    """A throw-away home on the virtual screen, the same for all."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "ESPALIER_", "XDG_"))}
    for way in WAYS:
        (Path(home) / way.runtime).mkdir(mode=0o700)
    return {
        **kept,
        "DISPLAY": screen.display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": home,
        "XDG_RUNTIME_DIR": str(Path(home) / "runtime"),
        "ESPALIER_BASEDIR": str(Path(home) / "espalier"),
    }


def _inside(command: list[str], environ: dict[str, str], way: str = "", timeout_s: float = 30) -> float:
    """Milliseconds to the first paint by the program's own note of it, of a start that went this way."""
    for _ in range(TRIES):
        with tempfile.NamedTemporaryFile("r") as note:
            environ = {**environ, "ESPALIER_TRACE_START": note.name, "ESPALIER_TRACE_QUIT": "1"}
            started = time.time()
            done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=timeout_s)
            said = _said(note.read())
        if "painted" not in said:
            lines = done.stderr.strip().splitlines() or [f"{command[0]} ended with {done.returncode}"]
            raise RuntimeError(f"no first paint was noted: {lines[-1]}")
        if said.get("start", "").startswith(way):
            return (float(said["painted"]) - started) * 1000
    raise RuntimeError(f"no start went the way {way}: {said.get('start')}")


def outside(screen: Screen, command: list[str], environ: dict[str, str], way: str) -> float:
    """Milliseconds to the settled picture, of a start that went this way."""
    for _ in range(TRIES):
        with tempfile.NamedTemporaryFile("r") as note:
            taken = screen.time_to_painted(command, {**environ, "ESPALIER_TRACE_START": note.name})
            said = _said(note.read())
        if said.get("start", "").startswith(way):
            return taken
    raise RuntimeError(f"no start went the way {way}: {said.get('start')}")


def _said(note: str) -> dict[str, str]:
    """The lines of a start trace by their first words."""
    return dict(line.split(" ", 1) for line in note.splitlines() if " " in line)
