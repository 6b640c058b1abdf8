"""``espalier do`` from exec to exit, beside what it cannot do without, and beside other programs that ask."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.do.another import another_window
from benchmarks.do.exec import run
from benchmarks.do.peers import PEERS, answering
from benchmarks.result import Result, interleave
from benchmarks.start.measure import MISSING, environ_of
from benchmarks.start.screen import open_screen
from shell.do.place import sockets

ROUNDS = 25
#: Milliseconds of the whole process.
GOAL_MS = 60
#: Seconds until the order desk listens, the first time that it is opened.
LONGEST_S = 120
#: What is asked: a value that the window has, so that the way there and back is all that is measured.
LINE = "table.count orders"
#: Python by itself; the way to the window and back is the rest.
PYTHON = "python -c pass"
#: Peer → bound on the ratio. Programs without an interpreter are no goal: Python alone takes three times theirs.
GOALS = {PYTHON: 2.5, "kitty": 1.0, "emacsclient": 20.0, "tmux": 20.0, "dbus-send": 20.0}


def measure() -> list[Result]:
    """Milliseconds from exec to exit; and from a command to the paint of another window."""
    if shutil.which("Xvfb") is None:
        return [Result("do", "ms", None, None, GOAL_MS, True, problem=MISSING)]
    with open_screen() as screen, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environ = {**environ_of(home, screen), "ESPALIER_START_KEEP_READY": "false"}
        # Compiled once, as installations have it; nothing is written into the tree.
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environ["PYTHONPYCACHEPREFIX"] = str(Path(home) / "compiled")
        with opened(environ), answering(environ, Path(home)) as peers:
            return [*_beside(environ, peers), another_window(environ)]


def _beside(environ: dict[str, str], peers: dict[str, list[str]]) -> list[Result]:
    ours = [str(Path(sys.executable).with_name("espalier")), "do", LINE]
    commands = {"do": ours, PYTHON: [sys.executable, "-c", "pass"], **peers}
    for command in commands.values():
        run(command, environ)  # warm
    medians = interleave(ROUNDS, {name: lambda line=line: run(line, environ) for name, line in commands.items()})
    names = [PYTHON, *(peer.program for peer in PEERS)]
    own = Result("do", "ms", medians["do"], None, GOAL_MS, True)
    return [own, *(_result(name, medians) for name in names)]


def _result(peer: str, medians: dict[str, float]) -> Result:
    problem = "" if peer in medians else MISSING
    return Result("do", "ms", medians["do"], medians.get(peer), GOALS[peer], True, peer, problem)


@contextlib.contextmanager
def opened(environ: dict[str, str]) -> Iterator[None]:
    """The order desk in a window that listens.

    Raises:
        RuntimeError: it never did.
    """
    environ["ESPALIER_TRACE_START"] = str(Path(environ["HOME"]) / "painted")
    window = subprocess.Popen(
        [str(Path(sys.executable).with_name("espalier")), "orders"], env=environ, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    runtime, end = str(Path(environ["ESPALIER_BASEDIR"]) / "runtime"), time.monotonic() + LONGEST_S
    try:
        while window.pid not in dict(sockets(runtime)):
            if window.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the order desk does not listen")
            time.sleep(0.1)
        yield
    finally:
        window.terminate()
        window.wait()
