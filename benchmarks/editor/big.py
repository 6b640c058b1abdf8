"""Files of 200 MB and 1 GB: from exec to the picture, and the memory then, beside Kate; keys and a search in ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.result import Result, interleave
from benchmarks.start.screen import Screen, open_screen

#: Name, bytes, rounds.
FILES: tuple[tuple[str, int, int], ...] = (("200 MB", 200_000_000, 3), ("1 GB", 1_000_000_000, 2))
#: What stands at the end of a file, and nowhere else.
NEEDLE = b"here is the needle\n"
#: Seconds without a change that mean shown: Kate's window stands empty while it reads.
SETTLED_S = 9.0
_LINE = b"2026-01-01 12:00:00 info  order %08d was taken, its lines are counted and its customer is told of it\n"
_LAYOUT = "layout 1\nwindow {{ editor file={} id=text\n }}\n"
MISSING = "peer is missing: python -m benchmarks --install-peers"


def measure() -> list[Result]:
    """Milliseconds and megabytes beside Kate; a key's p95 at any place of 200 MB; a search through 1 GB."""
    found: list[Result] = []
    with tempfile.TemporaryDirectory() as home, open_screen() as screen:
        for name, size, rounds in FILES:
            file = Path(home) / "large.log"
            write_file(file, size)
            app = write_app(Path(home) / "app", file)
            found += _opened(screen, Path(home), app, file, name, rounds)
            found += _inside(app, name)
    return found


def write_file(file: Path, size: int) -> None:
    """A log of that many bytes, the needle at its end."""
    lines = b"".join(_LINE % number for number in range(10_000))
    with file.open("wb") as target:
        for _ in range(size // len(lines) + 1):
            target.write(lines)
        target.write(NEEDLE)


def write_app(folder: Path, file: Path) -> Path:
    """An app that edits the file."""
    folder.mkdir(exist_ok=True)
    (folder / "app.toml").write_text('name = "large"\n')
    (folder / "main.kdl").write_text(_LAYOUT.format(json.dumps(str(file))))
    return folder


def _opened(screen: Screen, home: Path, app: Path, file: Path, name: str, rounds: int) -> list[Result]:
    if shutil.which("kate") is None:
        return [Result(f"bigfile, {name}", "ms", None, None, 1.0, True, "kate", MISSING)]
    (home / "runtime").mkdir(mode=0o700, exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "ESPALIER_", "XDG_"))}
    environ = {
        **kept, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "HOME": str(home),
        "XDG_RUNTIME_DIR": f"{home}/runtime", "ESPALIER_BASEDIR": f"{home}/espalier",
        "ESPALIER_START_KEEP_READY": "false",
    }  # fmt: skip
    commands = {
        "ours": [sys.executable, "-m", "shell.main", str(app)], "kate": ["kate", "--startanon", str(file)]
    }  # fmt: skip
    memory: dict[str, float] = {}

    def time_of(who: str) -> float:
        def look(process: int) -> None:
            memory[who] = _memory(process)

        return screen.time_to_painted(commands[who], environ, settled_s=SETTLED_S, at_end=look)

    times = interleave(rounds, {who: lambda who=who: time_of(who) for who in commands})
    return [
        Result(f"bigfile, {name}", "ms", times["ours"], times["kate"], 1.0, True, "kate"),
        Result(f"bigfile, {name} memory", "MB", memory["ours"], memory["kate"], 1.0, True, "kate"),
    ]


def _memory(process: int) -> float:
    """Megabytes of a process that are its own, and its part of what it shares (PSS)."""
    with open(f"/proc/{process}/smaps_rollup") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024


def _inside(app: Path, name: str) -> list[Result]:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "benchmarks.editor.big_inside", str(app)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return [
        Result(f"bigfile, {name} a key", "ms", found["key"], None, 2.0, True),
        Result(f"bigfile, {name} a search", "ms", found["search"], None, 500, True),
        Result(f"bigfile, {name} any case", "ms", found["any case"], None, 500, True),
    ]
