"""A desktop with a process that is ready, and a small app to open on it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from desktop import ESPALIER, Desktop, Process, is_running, text_of, usual_signals, wait_for

from tests.waiting import PATIENCE_S

LAYOUT = 'layout 1 title="Ready"\nwindow {\n    label "Here"\n}\n'
#: Starts the process that is ready as a window does, without one.
START = """
import sys
from shell.ready import keep, place, way
way.tell("first: a test", place.socket_path())
keep._CODE = sys.argv[2] + keep._CODE
keep.start(place.socket_path(), float(sys.argv[1]))
"""
#: The `espalier` of a machine that is fast enough, whatever this one is; behind the line that names the interpreter.
PATIENT = """
import sys
from shell.ready import message
message.PATIENCE_S = 30.0
from shell.main import main
sys.exit(main())
"""


class ReadyDesk:
    """A desktop on which starts may be ready ones.

    Args:
        desktop: Gets a runtime directory of its own, which a socket's short path has room in.
    """

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.runtime = Path(tempfile.mkdtemp(prefix="ready-"))
        desktop.environment["XDG_RUNTIME_DIR"] = str(self.runtime)
        desktop.environment.pop("ESPALIER_START_KEEP_READY", None)
        self.app = desktop.directory / "app"
        self.app.mkdir()
        (self.app / "app.toml").write_text('name = "ready"\ntitle = "Ready"\nversion = "1"\n')
        (self.app / "main.kdl").write_text(LAYOUT)
        # Under its own name: that of any other program would be an app's.
        self.patient = desktop.directory / "patient" / ESPALIER.name
        self.patient.parent.mkdir()
        self.patient.write_text(ESPALIER.read_text().splitlines()[0] + PATIENT)
        self.patient.chmod(0o755)
        self._seeds: set[int] = set()

    def make_ready(self, idle_s: float = 600, before: str = "", pass_fds: tuple[int, ...] = ()) -> int:
        """Have a process ready; its id. ``before`` is run in it first; ``pass_fds`` are open in who starts it."""
        python = ESPALIER.read_text().splitlines()[0].removeprefix("#!")
        command = [python, "-c", START, str(idle_s), before]
        with usual_signals():
            subprocess.run(command, env=self.desktop.environment, check=True, timeout=PATIENCE_S, pass_fds=pass_fds)
        return wait_for(self.seed)

    def seed(self) -> int:
        """The id of the process that listens; 0 when none does."""
        for path in (self.runtime / "espalier").glob("ready-*.socket"):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                try:
                    probe.connect(str(path))
                except OSError:
                    continue
                facts = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
                number = int.from_bytes(facts[:4], sys.byteorder)
                self._seeds.add(number)
                return number
        return 0

    def open(
        self, *arguments: str, cwd: Path | None = None, program: Path = ESPALIER, **environment: str
    ) -> tuple[Process, str]:
        """Start `espalier ARGUMENTS` until it is painted; the process, and which way it started."""
        trace = self.runtime / f"painted-{len(list(self.runtime.iterdir()))}"
        arguments = arguments or (str(self.app),)
        environment["ESPALIER_TRACE_START"] = str(trace)
        process = self.desktop.start(*arguments, cwd=cwd, program=program, **environment)
        wait_for(lambda: "modules" in text_of(trace) or process.popen.poll() is not None)
        assert process.popen.poll() is None, f"it ended: {process.out}\n{process.err}"
        lines = dict(line.split(" ", 1) for line in text_of(trace).splitlines())
        return process, lines["start"]

    def open_ready(self, *arguments: str, **options) -> Process:
        """The same by a launcher that waits for long, until a start is a ready one: what is ready may be too slow."""
        for _ in range(20):
            process, way = self.open(*arguments, program=self.patient, **options)
            if way == "ready":
                return process
            assert way.startswith(("first: timed out", "first: the process that is ready could not")), way
            process.end()
        raise AssertionError("no start was a ready one")

    def close(self) -> None:
        """End what is ready."""
        self.seed()
        for number in self._seeds:
            if is_running(number):
                os.kill(number, signal.SIGKILL)
                wait_for(lambda number=number: not is_running(number))
        shutil.rmtree(self.runtime, ignore_errors=True)


def child(number: int) -> int:
    """The id of the one child that a process has; another may still be on its way out."""
    return wait_for(lambda: found[0] if len(found := children(number)) == 1 else 0)


def children(number: int) -> list[int]:
    """The ids of a process's children, those that have ended and were not looked after among them."""
    return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
