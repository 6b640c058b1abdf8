"""exec to first paint of one app: from the cache of a server that is gone, and from its folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.result import Result, interleave
from tests.served import NOTES, ServerProcess, commit, git, in_app

ROUNDS = 15
#: ms that the cache may cost over the folder.
GOAL_MS = 15.0
APP = "notes"


def measure() -> list[Result]:
    """The difference of the medians, in ms."""
    with tempfile.TemporaryDirectory(prefix="espalier-open-") as name:
        folder = Path(name)
        bare, work = folder / "apps.git", folder / "work"
        git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
        git(folder, "clone", "-q", str(bare), str(work))
        git(work, "checkout", "-q", "-b", "main")
        commit(work, in_app(APP, NOTES))
        git(work, "push", "-q", "origin", "main")
        environ = _environ(folder)
        with ServerProcess(bare, log_path=folder / "server.log") as server:
            config = folder / "espalier" / "config" / "config.toml"
            config.parent.mkdir(parents=True)
            config.write_text(f'[servers]\nhome = "{server.address}"\n')
            _painted(f"{APP}@home", environ)
            server.stop()
            targets = {"cache": f"{APP}@home", "folder": str(work / "apps" / APP)}
            measures = {name: lambda target=target: _painted(target, environ) for name, target in targets.items()}
            for once in measures.values():
                once()
            medians = interleave(ROUNDS, measures)
    return [
        Result("open offline", "ms", medians["cache"], medians["folder"], 1.15, True, "plain folder"),
        Result("open offline, more", "ms", medians["cache"] - medians["folder"], None, GOAL_MS, True),
    ]


def _environ(folder: Path) -> dict[str, str]:
    """A throw-away home without a screen, a server of one's own, or a process that is ready."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "ESPALIER_", "XDG_"))}
    own = {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(folder),
        "ESPALIER_BASEDIR": str(folder / "espalier"),
        "ESPALIER_START_KEEP_READY": "false",
        "ESPALIER_SERVER_EMBEDDED": "false",
        "ESPALIER_TRUST_KEYRING": "false",
    }
    return kept | own


def _painted(target: str, environ: dict[str, str]) -> float:
    """ms from exec to the first paint, by the program's own note of it."""
    with tempfile.NamedTemporaryFile("r") as note:
        environ = {**environ, "ESPALIER_TRACE_START": note.name, "ESPALIER_TRACE_QUIT": "1"}
        started = time.time()
        command = [str(Path(sys.executable).with_name("espalier")), target]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
        said = dict(line.split(" ", 1) for line in note.read().splitlines() if " " in line)
    if "painted" not in said:
        raise RuntimeError(f"no first paint was noted: {(done.stderr.strip().splitlines() or ['nothing'])[-1]}")
    return (float(said["painted"]) - started) * 1000
