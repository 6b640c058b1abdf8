"""The film in the kind ``video`` and in cvlc, both under Xvfb, one after the other."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.result import Result, interleave
from benchmarks.start.screen import open_screen

SECONDS, RATE, ROUNDS = 8.0, 30, 3
GOAL = 1.3


def measure() -> list[Result]:
    """Processor time for a picture that was shown, and pictures that were lost.

    A player that loses pictures does less: what it takes in all says nothing beside one that shows all of them.
    """
    with tempfile.TemporaryDirectory() as place, open_screen() as screen:
        film = Path(place) / "film.mp4"
        _make(film)
        Path(place).chmod(0o755)
        lost: dict[str, list[float]] = {"ours": [], "cvlc": []}
        environ = {**os.environ, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
        runs = {"ours": lambda: _ours(film, environ, lost["ours"])}
        problem = "" if shutil.which("cvlc") else "cvlc is not installed"
        if not problem:
            runs["cvlc"] = lambda: _cvlc(film, environ, lost["cvlc"])
        found = interleave(ROUNDS, runs)
        return [
            Result("video, 1080p30", "ms a picture", found["ours"], found.get("cvlc"), GOAL, True, "cvlc", problem),
            Result("video, pictures lost", "", max(lost["ours"]), max(lost["cvlc"], default=None), 0, True, "cvlc"),
        ]


def _make(film: Path) -> None:
    made = ["-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate={RATE}", "-f", "lavfi", "-i", "sine=frequency=440"]
    kept = ["-t", str(SECONDS + 8), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *made, *kept, str(film)], check=True)


def _ours(film: Path, environ: dict[str, str], lost: list[float]) -> float:
    command = [sys.executable, "-m", "benchmarks.video.player", str(film), str(SECONDS)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=SECONDS * 8)
    shown, too_late, spent, took = map(float, done.stdout.split())
    # What VLC says it has lost, and what is missing of a rate that is known; one picture is on its way.
    lost.append(too_late + max(round(took * RATE) - shown - 1, 0))
    return spent / shown * 1000


def _cvlc(film: Path, environ: dict[str, str], lost: list[float]) -> float:
    """cvlc refuses root; then it runs as nobody. What it has lost it says when it is asked (its interface rc)."""
    words = ["cvlc", "--quiet", "--intf=rc", "--no-audio", "--no-video-title-show", str(film)]
    person = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    own, pipe = {**environ, "HOME": str(film.parent)}, subprocess.PIPE
    with subprocess.Popen(
        words, env=own, user=person, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        time.sleep(SECONDS)
        process.stdin.write("stats\n")
        process.stdin.flush()
        told = {name: float(count) for name, count in itertools.islice(_counts(process.stdout), 2)}
        process.stdin.write("quit\n")
        process.stdin.close()
        process.stdout.read()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    lost.append(told["lost"])
    return (used.ru_utime + used.ru_stime) / told["displayed"] * 1000


def _counts(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What it has counted of the frames: displayed, then lost."""
    for line in lines:
        if "frames " in line:
            name, _, count = line.partition("frames ")[2].partition(":")
            yield name.strip(), count
