"""A virtual screen whose pixels can be read without asking it: Xvfb with its frame buffer in a file.

That measures every program in the same way, from outside: it is painted when what it shows is what it goes on
showing.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from operator import ne
from pathlib import Path

#: One pixel of so many is looked at.
STEP = 61
#: Part of the settled picture's pixels that must be there.
LIKENESS = 0.95
#: Part of the screen that a blinking caret may take.
CARET = 0.001
#: Seconds without a change that mean settled, and between looks; in all it is waited ten times as long.
SETTLED_S, LOOK_S = 1.2, 0.002
#: Seconds that a program has to end when it is told to.
ENDED_S = 5


class Screen:
    """A running Xvfb.

    Attributes:
        display: What ``DISPLAY`` is for it.
        process: Its id.
    """

    def __init__(self, display: str, process: int, pixels: memoryview) -> None:
        self.display, self.process = display, process
        self._pixels = pixels
        self._empty = self.look()

    def look(self) -> bytes:
        """A sample of what is on the screen now."""
        return self._pixels[::STEP].tobytes()

    def time_to_painted(
        self,
        command: list[str],
        environ: dict[str, str],
        *,
        settled_s: float = SETTLED_S,
        at_end: Callable[[int], None] | None = None,
    ) -> float:
        """Milliseconds from exec until the settled picture is there; ends the program afterwards.

        Args:
            command: The program.
            environ: Its environment.
            settled_s: Seconds without a change that mean settled: longer than it takes to show what it loads.
            at_end: Called with its process before it is ended.

        Raises:
            RuntimeError: the program ended, or showed nothing.
        """
        empty = self._empty
        self._wait_until_empty()
        started = time.perf_counter()
        process = subprocess.Popen(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            seen = self._watch(process, started, empty, settled_s)
            if at_end is not None:
                at_end(process.pid)
        finally:
            _end(process)
        if len(seen) < 2:
            raise RuntimeError(f"{command[0]} showed nothing")
        return _first_like_last(seen, empty) * 1000

    def _watch(
        self, process: subprocess.Popen, started: float, empty: bytes, settled_s: float
    ) -> list[tuple[float, bytes]]:
        seen = [(0.0, empty)]
        while True:
            now, picture = time.perf_counter() - started, self.look()
            if _is_other(picture, seen[-1][1]):
                seen.append((now, picture))
            elif now > 10 * settled_s or (len(seen) > 1 and now - seen[-1][0] > settled_s):
                return seen
            if process.poll() is not None and len(seen) < 2:
                raise RuntimeError(f"{process.args[0]} ended with {process.returncode} before it showed anything")
            time.sleep(LOOK_S)

    def _wait_until_empty(self) -> None:
        end = time.perf_counter() + 5
        while self.look() != self._empty:
            if time.perf_counter() > end:
                raise RuntimeError("the virtual screen still shows the program before")
            time.sleep(0.01)


def _end(process: subprocess.Popen) -> None:
    """End it as a session does that ends: the start after a crash is another one, which brings back what was open."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ENDED_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_other(picture: bytes, before: bytes) -> bool:
    """Whether more changed than a blinking caret."""
    if picture == before:
        return False
    now, then = memoryview(picture).cast("I"), memoryview(before).cast("I")
    return sum(map(ne, now, then)) > CARET * len(now)


def _first_like_last(seen: list[tuple[float, bytes]], empty: bytes) -> float:
    """The time of the first picture that has nearly all of what the last one shows."""
    last, before = memoryview(seen[-1][1]).cast("I"), memoryview(empty).cast("I")
    places = [place for place in range(len(last)) if last[place] != before[place]]
    for at, picture in seen:
        now = memoryview(picture).cast("I")
        if sum(now[place] == last[place] for place in places) >= LIKENESS * len(places):
            return at
    return seen[-1][0]


@contextlib.contextmanager
def open_screen(size: str = "1280x800x24") -> Iterator[Screen]:
    """A screen of its own, gone afterwards.

    Raises:
        FileNotFoundError: Xvfb is not installed.
    """
    with tempfile.TemporaryDirectory() as directory:
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-fbdir", directory, "-nolisten", "tcp"]
        process = subprocess.Popen([*command, "-noreset", "-nocursor"], pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        try:
            with open(reader) as file:
                number = file.readline().strip()
            if not number:
                raise RuntimeError("Xvfb did not start")
            with open(Path(directory) / "Xvfb_screen0", "rb") as file:
                buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            head = struct.unpack_from(">25I", buffer)
            start, width, height, stride = head[0] + 12 * head[19], head[4], head[5], head[12]
            if stride != width * 4:
                raise RuntimeError("the virtual screen has no 32-bit pixels")
            yield Screen(f":{number}", process.pid, memoryview(buffer)[start : start + stride * height].cast("I"))
        finally:
            process.terminate()
            process.wait()
