"""``espalier tree`` on a layout of 200 nodes: the whole process, and that it never imports Qt."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.result import Result, interleave

NODES = 200
GOAL_MS = 150
ROUNDS = 9
#: Runs the command in a process that fails when Qt was imported.
WITHOUT_QT = """
import sys
from shell.main import main
try:
    code = main(["espalier", *sys.argv[1:]])
except SystemExit as end:
    code = end.code
sys.exit("Qt was imported" if any(name.startswith("PySide6") for name in sys.modules) else code)
"""


def layout_text(nodes: int = NODES) -> str:
    """A layout with that many nodes: rows of a label and two buttons in tabs."""
    lines = ['layout 1 title="Two hundred"', "window {", "    column {"]
    count = 2
    while count + 4 <= nodes:
        buttons = "; ".join(f'button "{word} {count}" command=window.close' for word in ("First", "Second"))
        lines.append(f'        row {{ label "Row {count}"; {buttons} }}')
        count += 4
    lines += [f'        label "Last {number}"' for number in range(nodes - count)]
    return "\n".join([*lines, "    }", "}", ""])


def measure() -> list[Result]:
    """Median milliseconds of the whole process."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "main.kdl"
        path.write_text(layout_text())
        environ = {**os.environ, "ESPALIER_BASEDIR": home}
        program = [str(Path(sys.executable).with_name("espalier"))]
        shown = _run([sys.executable, "-c", WITHOUT_QT, "tree", str(path)], environ)
        if len(shown.splitlines()) < NODES:
            raise RuntimeError(f"the tree has {len(shown.splitlines())} lines, not {NODES}")

        def once() -> float:
            started = time.perf_counter()
            _run([*program, "tree", str(path)], environ)
            return (time.perf_counter() - started) * 1000

        return [Result("tree", "ms", interleave(ROUNDS, {"tree": once})["tree"], None, GOAL_MS, True)]


def _run(command: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"{command[0]} ended with {done.returncode}"]
        raise RuntimeError(lines[-1])
    return done.stdout
