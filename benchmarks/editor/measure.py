"""Runs both: keys in a process of their own, the large file as whole programs on a virtual screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.result import Result, interleave
from benchmarks.start.screen import open_screen

ROUNDS, ROUNDS_OF_FILES = 5, 3
#: Bytes of the large file.
LARGE = 200_000_000
MISSING = "peer is missing: python -m benchmarks --install-peers"
_LINE = b"2026-01-01 12:00:00 info  order %08d was taken, its lines are counted and its customer is told of it\n"
_LAYOUT = "layout 1\nwindow {{ editor file={} id=text\n }}\n"


def measure() -> list[Result]:
    """A key to its paint, p95; a file of 200 MB from exec to its picture."""
    rounds = [_keys() for _ in range(ROUNDS)]
    ours, peer = (sorted(one[name] for one in rounds)[ROUNDS // 2] for name in ("ours", "peer"))
    return [Result("editor, a key p95", "ms", ours, peer, 1.2, True, "bare QScintilla"), _large()]


def _keys() -> dict[str, float]:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "benchmarks.editor.keys"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _large() -> Result:
    name = "editor, 200 MB"
    if shutil.which("kate") is None:
        return Result(name, "ms", None, None, 1.0, True, "kate", MISSING)
    with tempfile.TemporaryDirectory() as home, open_screen() as screen:
        file = Path(home) / "large.log"
        with file.open("wb") as target:
            lines = b"".join(_LINE % number for number in range(10_000))
            for _ in range(LARGE // len(lines) + 1):
                target.write(lines)
        app = Path(home) / "app"
        app.mkdir()
        (app / "app.toml").write_text('name = "large"\n')
        (app / "main.kdl").write_text(_LAYOUT.format(json.dumps(str(file))))
        (Path(home) / "runtime").mkdir(mode=0o700)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "ESPALIER_", "XDG_"))}
        environ = {
            **kept, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "HOME": home,
            "XDG_RUNTIME_DIR": f"{home}/runtime", "ESPALIER_BASEDIR": f"{home}/espalier",
            "ESPALIER_START_KEEP_READY": "false",
        }  # fmt: skip
        ours = [sys.executable, "-m", "shell.main", str(app)]
        kate = ["kate", "--startanon", str(file)]
        measures = {
            "ours": lambda: screen.time_to_painted(ours, environ), "kate": lambda: screen.time_to_painted(kate, environ)
        }  # fmt: skip
        found = interleave(ROUNDS_OF_FILES, measures)
    return Result(name, "ms", found["ours"], found["kate"], 1.0, True, "kate")
