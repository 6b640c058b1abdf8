"""Runs the order desk and its peers in turn on one virtual screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.result import Result, interleave
from benchmarks.start.peer_file import write_peer_files
from benchmarks.start.screen import Screen, open_screen

ROUNDS = 7
ROUNDS_OUTSIDE = 5
GOAL_LABEL = 1.8
MISSING = "peer is missing: python -m benchmarks --install-peers"
LABEL = str(Path(__file__).with_name("label.py"))
#: Program of Debian → its arguments before the file, and which of the peer files it opens.
PEERS = {"sqlitebrowser": ([], "orders.sqlite"), "kate": (["--startanon"], "orders.csv")}


def measure() -> list[Result]:
    """Milliseconds from exec to painted, of a warm start."""
    if shutil.which("Xvfb") is None:
        return [Result("start", "ms", None, None, GOAL_LABEL, True, "PySide6 label", MISSING)]
    with open_screen() as screen, tempfile.TemporaryDirectory() as home:
        environ = _environ(home, screen)
        ours = [str(Path(sys.executable).with_name("espalier")), "orders"]
        _inside(ours, environ, timeout_s=120)  # fills the cache and the app's database
        write_peer_files(Path(home))
        by_hook = interleave(
            ROUNDS,
            {
                "ours": lambda: _inside(ours, environ),
                "label": lambda: _inside([sys.executable, LABEL], environ),
            },
        )
        results = [Result("start", "ms", by_hook["ours"], by_hook["label"], GOAL_LABEL, True, "PySide6 label")]
        return results + _beside_programs(screen, ours, environ, Path(home))


def _beside_programs(screen: Screen, ours: list[str], environ: dict[str, str], home: Path) -> list[Result]:
    """All measured from outside, by what the screen shows."""
    measures: dict[str, Callable[[], float]] = {"ours": lambda: screen.time_to_painted(ours, environ)}
    for program, (arguments, file) in PEERS.items():
        if shutil.which(program):
            command = [program, *arguments, str(home / file)]
            measures[program] = lambda command=command: screen.time_to_painted(command, environ)
    for once in measures.values():
        once()  # warm
    medians = interleave(ROUNDS_OUTSIDE, measures)
    return [
        Result(
            "start, from outside", "ms", medians["ours"], medians.get(program), 1, True, program,
            "" if program in medians else MISSING,
        )
        for program in PEERS
    ]  # fmt: skip


def _environ(home: str, screen: Screen) -> dict[str, str]:
    """A throw-away home on the virtual screen, the same for all."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "ESPALIER_", "XDG_"))}
    runtime = Path(home) / "runtime"
    runtime.mkdir(mode=0o700)
    return {
        **kept,
        "DISPLAY": screen.display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": home,
        "XDG_RUNTIME_DIR": str(runtime),
        "ESPALIER_BASEDIR": str(Path(home) / "espalier"),
    }


def _inside(command: list[str], environ: dict[str, str], timeout_s: float = 30) -> float:
    """Milliseconds to the first paint by the program's own note of it."""
    with tempfile.NamedTemporaryFile("r") as note:
        environ = {**environ, "ESPALIER_TRACE_START": note.name, "ESPALIER_TRACE_QUIT": "1"}
        started = time.time()
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=timeout_s)
        for line in note.read().splitlines():
            word, _, at = line.partition(" ")
            if word == "painted":
                return (float(at) - started) * 1000
    lines = done.stderr.strip().splitlines() or [f"{command[0]} ended with {done.returncode}"]
    raise RuntimeError(f"no first paint was noted: {lines[-1]}")
