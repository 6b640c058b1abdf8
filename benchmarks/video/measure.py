"""The film in the kind ``video`` and in cvlc, both under Xvfb, one after the other."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.result import Result, interleave
from benchmarks.start.screen import open_screen

SECONDS, RATE, ROUNDS = 8.0, 30, 3
GOAL = 1.3


def measure() -> list[Result]:
    """Per cent of one core while it plays, and pictures that were lost."""
    with tempfile.TemporaryDirectory() as place, open_screen() as screen:
        film = Path(place) / "film.mp4"
        _make(film)
        Path(place).chmod(0o755)
        lost: list[float] = []
        environ = {**os.environ, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
        runs = {"ours": lambda: _ours(film, environ, lost)}
        problem = "" if shutil.which("cvlc") else "cvlc is not installed"
        if not problem:
            runs["cvlc"] = lambda: _cvlc(film, environ)
        found = interleave(ROUNDS, runs)
        return [
            Result("video, 1080p30", "% of a core", found["ours"], found.get("cvlc"), GOAL, True, "cvlc", problem),
            Result("video, pictures lost", "", max(lost), None, 0, True),
        ]


def _make(film: Path) -> None:
    made = ["-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate={RATE}", "-f", "lavfi", "-i", "sine=frequency=440"]
    kept = ["-t", str(SECONDS + 8), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *made, *kept, str(film)], check=True)


def _ours(film: Path, environ: dict[str, str], lost: list[float]) -> float:
    command = [sys.executable, "-m", "benchmarks.video.player", str(film), str(SECONDS)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=SECONDS * 8)
    shown, too_late, spent = map(float, done.stdout.split())
    lost.append(too_late + max(SECONDS * RATE - shown - 2, 0))
    return spent / SECONDS * 100


def _cvlc(film: Path, environ: dict[str, str]) -> float:
    """cvlc refuses root; then it runs as nobody."""
    command = ["cvlc", "--quiet", "--no-audio", "--play-and-exit", "--no-video-title-show"]
    words = [*command, f"--stop-time={SECONDS}", str(film)]
    person = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    own, nowhere = {**environ, "HOME": str(film.parent)}, subprocess.DEVNULL
    with subprocess.Popen(words, env=own, user=person, stdout=nowhere, stderr=nowhere) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return (used.ru_utime + used.ru_stime) / SECONDS * 100
