"""The film in the kind ``video`` and in cvlc, in pictures of the same size under Xvfb, in turn.

cvlc plays it twice: told to draw by X11, which is the least that it can do here, and as a person starts it. Its own
choice is OpenGL, which without a graphics card is drawn by the processor. All decode the sound and play it to nobody.
"""

from __future__ import annotations

import os
import pwd
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.result import Result
from benchmarks.start.screen import Screen, open_screen

FILM, RATE = (1920, 1080), 30
#: Seconds of the film that nothing is counted, while windows open; that are counted; and how often.
OPENING_S, SECONDS, ROUNDS = 2, 8.0, 3
#: How cvlc draws: the name of the row's peer, what it is told, and how often it is played.
OUTPUTS = (("cvlc by X11", ["--vout=xcb_x11"], ROUNDS), ("cvlc as it starts", [], 1))
#: Seconds after which a player has hung, and between two looks where it is.
LONGEST_S, LOOK_S = 60, 0.1
GOAL = 1.3
#: How large the picture is shown: as it is, and within a window.
SIZES = (("its own size", (1920, 1080)), ("in a window", (1280, 720)))
#: The screen has room for the film, its controls and a margin.
SCREEN = "2048x1280x24"


class Played(NamedTuple):
    """Milliseconds of processor time a picture, the X server's with it; and pictures that were not seen."""

    spent: float
    lost: float


def measure() -> list[Result]:
    """Processor time for a picture that was seen, and pictures that were lost."""
    problem = "" if shutil.which("cvlc") else "cvlc is not installed"
    with tempfile.TemporaryDirectory() as place, open_screen(SCREEN) as screen:
        film = Path(place) / "film.mp4"
        _make(film)
        Path(place).chmod(0o755)
        return [result for name, size in SIZES for result in _results(name, size, film, screen, problem)]


def _results(name: str, size: tuple[int, int], film: Path, screen: Screen, problem: str) -> Iterator[Result]:
    ours: list[Played] = []
    peers: dict[str, list[Played]] = {peer: [] for peer, _, _ in OUTPUTS}
    for number in range(ROUNDS):
        ours.append(_ours(film, size, screen))
        for peer, words, rounds in OUTPUTS:
            if number < rounds and not problem:
                peers[peer].append(_cvlc(film, size, screen, words))
    title, spent = f"1080p30, {name}", _median(ours).spent
    for peer, played in peers.items():
        yield Result(title, "ms a picture", spent, _median(played).spent if played else None, GOAL, True, peer, problem)
    # Where cvlc by X11 loses pictures as well, the machine has something else to do.
    beside = " and ".join(f"{_median(played).lost:g}" for played in peers.values() if played)
    yield Result(f"{title}, lost", f"(cvlc {beside})" if beside else "", _median(ours).lost, None, 0, True)


def _median(played: list[Played]) -> Played:
    return Played(*map(statistics.median, zip(*played, strict=True)))


def _make(film: Path) -> None:
    picture = f"testsrc2=size={FILM[0]}x{FILM[1]}:rate={RATE}"
    made = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=frequency=440"]
    length = OPENING_S + SECONDS + 6
    kept = ["-t", str(length), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *made, *kept, str(film)], check=True)


def _ours(film: Path, size: tuple[int, int], screen: Screen) -> Played:
    environ = {**os.environ, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    return _played([sys.executable, "-m", "benchmarks.video.player", str(film), *map(str, size)], environ, None, screen)


def _cvlc(film: Path, size: tuple[int, int], screen: Screen, output: list[str]) -> Played:
    """cvlc refuses root; then it runs as nobody."""
    zoom = size[0] / FILM[0]
    words = ["cvlc", "--quiet", "--intf=rc", "--aout=dummy", *output, "--no-video-title-show",
             f"--zoom={zoom:.5f}", str(film)]  # fmt: skip
    person = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    return _played(words, {**os.environ, "DISPLAY": screen.display, "HOME": str(film.parent)}, person, screen)


def _played(command: list[str], environ: dict[str, str], person: int | None, screen: Screen) -> Played:
    """Both answer ``get_time`` and ``stats`` as VLC's interface rc does, and end at ``quit``."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environ, user=person, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        hung = threading.Timer(LONGEST_S, process.kill)
        hung.start()
        while _asked(process, "get_time", "> ") < OPENING_S:
            time.sleep(LOOK_S)
        lost, began = _asked(process, "stats", "frames lost"), time.monotonic()
        spent = _spent(process.pid) + _spent(screen.process)
        time.sleep(SECONDS)
        spent = _spent(process.pid) + _spent(screen.process) - spent
        lost, took = _asked(process, "stats", "frames lost") - lost, time.monotonic() - began
        process.stdin.write("quit\n")
        process.stdin.close()
        process.stdout.read()
        hung.cancel()
    return Played(spent / (took * RATE - lost) * 1000, lost)


def _asked(process: subprocess.Popen[str], command: str, name: str) -> int:
    """The number on the line of that name; 0 where there is none."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{command}\n")
    process.stdin.flush()
    for line in process.stdout:
        if name in line:
            return int("".join(filter(str.isdecimal, line)) or 0)
    raise RuntimeError("a player has ended before its film")


def _spent(process: int) -> float:
    """Seconds of all its threads, those that have ended too (proc(5), utime and stime)."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
