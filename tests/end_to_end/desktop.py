"""A virtual desktop for end-to-end tests: Xvfb, real processes, real keys and clicks.

Everything it starts ends with it; processes are ended by their own ids.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ESPALIER = Path(sys.executable).with_name("espalier")
POLL_S = 0.02


class Process:
    """A started `espalier` with what it has printed so far, kept in files."""

    def __init__(self, arguments: list[str], environment: dict[str, str], directory: Path, cwd: Path | None) -> None:
        self.arguments = arguments
        number = len(list(directory.glob("*.out")))
        self._out = directory / f"{number}.out"
        self._err = directory / f"{number}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.popen = subprocess.Popen(
                arguments, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd
            )

    @property
    def out(self) -> str:
        """Standard output so far."""
        return self._out.read_text(errors="replace")

    @property
    def err(self) -> str:
        """Standard error so far."""
        return self._err.read_text(errors="replace")

    def wait(self, timeout_s: float = 30.0) -> int:
        """The exit code; fails with the output when it does not end in time."""
        try:
            return self.popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running: {self.arguments}\n{self.out}\n{self.err}") from None

    def wait_for_line(self, text: str, timeout_s: float = 20.0) -> str:
        """The first line of standard output with ``text`` in it."""
        wait_for(lambda: any(text in line for line in self.out.splitlines()) or self.popen.poll() is not None, timeout_s)
        found = [line for line in self.out.splitlines() if text in line]
        assert found, f"{text!r} never came from {self.arguments}\n{self.out}\n{self.err}"
        return found[0]

    def end(self) -> int:
        """Ask it to end (SIGTERM), insist after ten seconds; the exit code."""
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait(5)
        return self.popen.returncode

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self.popen.kill()
        self.popen.wait(5)


class Desktop:
    """A display, a throw-away home, and hands: keys, text, clicks, pictures."""

    def __init__(self, directory: Path, size: str = "1400x900x24") -> None:
        self.directory = directory
        self.home = directory / "home"
        self.home.mkdir(parents=True)
        self._processes: list[Process] = []
        reading, writing = os.pipe()
        self._xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
            pass_fds=(writing,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as lines:
            number = lines.readline().strip()
        assert number, "Xvfb did not start"
        self.environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(self.home),
            "ESPALIER_BASEDIR": str(self.home / "base"),
        }
        for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            self.environment.pop(name, None)

    def start(self, *arguments: str, cwd: Path | None = None, program: Path = ESPALIER, **environment: str) -> Process:
        """Start `espalier ARGUMENTS` on this desktop."""
        process = Process([str(program), *arguments], {**self.environment, **environment}, self.directory, cwd)
        self._processes.append(process)
        return process

    def run(self, *arguments: str, timeout_s: float = 30.0, **environment: str) -> Process:
        """Start it and wait for its end."""
        process = self.start(*arguments, **environment)
        process.wait(timeout_s)
        return process

    def window(self, title: str, timeout_s: float = 20.0) -> str:
        """The X id of the visible window whose title has ``title`` in it, focused."""
        found = wait_for(lambda: self._tool("search", "--onlyvisible", "--name", title).split(), timeout_s)
        window = found[-1]
        self._tool("windowfocus", "--sync", window)
        return window

    def has_window(self, title: str) -> bool:
        """Whether such a window is visible now."""
        return bool(self._tool("search", "--onlyvisible", "--name", title).split())

    def keys(self, *names: str) -> None:
        """Press keys by xdotool's names: ``keys("ctrl+Return", "Down")``."""
        self._tool("key", "--delay", "12", *names)

    def text(self, text: str) -> None:
        """Type a text."""
        self._tool("type", "--delay", "12", text)

    def click(self, x: int, y: int, *, button: int = 1, times: int = 1) -> None:
        """Click at a place of the screen."""
        self._tool("mousemove", "--sync", str(x), str(y), "click", "--repeat", str(times), "--delay", "60", str(button))

    def picture(self, path: Path) -> Path:
        """The whole screen as a PNG, through ImageMagick's `import` where it is installed."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True, timeout=20)
        return path

    def close(self) -> None:
        """End every process, then the display."""
        for process in reversed(self._processes):
            process.end()
        self._xvfb.terminate()
        self._xvfb.wait(10)

    def _tool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout


def wait_for(predicate, timeout_s: float = 10.0):  # noqa: ANN001, ANN201 - any callable, its own answer
    """The predicate's first true answer; fails after ``timeout_s`` seconds."""
    end = time.monotonic() + timeout_s
    while True:
        answer = predicate()
        if answer:
            return answer
        assert time.monotonic() < end, f"not within {timeout_s} s: {predicate}"
        time.sleep(POLL_S)


def has_display_tools() -> bool:
    """Whether Xvfb and xdotool are installed (`make test` installs them)."""
    return bool(shutil.which("Xvfb") and shutil.which("xdotool"))
