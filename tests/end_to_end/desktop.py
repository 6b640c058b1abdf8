"""A virtual desktop for end-to-end tests: Xvfb, real processes, real keys and clicks.

Everything it starts ends with it; processes are ended by their own ids.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.waiting import LOOK_S, PATIENCE_S, wait_for

ESPALIER = Path(sys.executable).with_name("espalier")
#: The key that the throw-away home binds to writing the tree of widgets, by Espalier's name and xdotool's.
TREE_KEY, TREE_PRESS = "Ctrl+F12", "ctrl+F12"
#: What a terminal or a shell sends.
HEARD = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP, signal.SIGUSR1)


class Process:
    """A started `espalier` with what it has printed so far, kept in files."""

    def __init__(self, arguments: list[str], environment: dict[str, str], directory: Path, cwd: Path | None) -> None:
        self.arguments = arguments
        #: Whether the test itself looks at what stands on standard error.
        self.may_complain = False
        number = len(list(directory.glob("*.out")))
        self._out = directory / f"{number}.out"
        self._err = directory / f"{number}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err, usual_signals():
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

    def wait(self, timeout_s: float = PATIENCE_S) -> int:
        """The exit code; fails with the output when it does not end in time."""
        try:
            return self.popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running: {self.arguments}\n{self.out}\n{self.err}") from None

    def wait_for_line(self, text: str, timeout_s: float = PATIENCE_S) -> str:
        """The first line of standard output with ``text`` in it."""
        wait_for(lambda: text in self.out or self.popen.poll() is not None, timeout_s)
        found = [line for line in self.out.splitlines() if text in line]
        assert found, f"{text!r} never came from {self.arguments}\n{self.out}\n{self.err}"
        return found[0]

    def end(self) -> int:
        """Ask it to end (SIGTERM), insist when it does not; the exit code."""
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait(PATIENCE_S)
        return self.popen.returncode

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self.popen.kill()
        self.popen.wait(PATIENCE_S)


class Desktop:
    """A display, a throw-away home, and hands: keys, text, clicks, pictures."""

    def __init__(self, directory: Path, size: str = "1400x900x24") -> None:
        self.directory = directory
        self.home = directory / "home"
        self.base = self.home / "base"
        (self.base / "config").mkdir(parents=True)
        (self.base / "config" / "keys.toml").write_text(f'[test]\n"{TREE_KEY}" = "debug.save-tree"\n')
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
            "ESPALIER_BASEDIR": str(self.base),
        }
        for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            self.environment.pop(name, None)

    def start(self, *arguments: str, cwd: Path | None = None, program: Path = ESPALIER, **environment: str) -> Process:
        """Start `espalier ARGUMENTS` on this desktop."""
        process = Process([str(program), *arguments], {**self.environment, **environment}, self.directory, cwd)
        self._processes.append(process)
        return process

    def run(self, *arguments: str, timeout_s: float = PATIENCE_S, **environment: str) -> Process:
        """Start it and wait for its end."""
        process = self.start(*arguments, **environment)
        process.wait(timeout_s)
        return process

    def open(
        self, *arguments: str, title: str, timeout_s: float = PATIENCE_S, program: Path = ESPALIER, **environment: str
    ) -> Process:
        """Start `espalier ARGUMENTS`, wait until its window is painted with its rows, and focus it."""
        trace = self.directory / f"painted-{len(self._processes)}"
        process = self.start(*arguments, program=program, ESPALIER_TRACE_START=str(trace), **environment)
        wait_for(lambda: "modules" in text_of(trace) or process.popen.poll() is not None, timeout_s)
        assert process.popen.poll() is None, f"it ended: {process.out}\n{process.err}"
        # A machine that is busy may be late with the rows; what a test needs of them it waits for.
        assert text_of(trace).startswith(("painted ", "late ")), text_of(trace)
        self.window(title, process=process)
        return process

    def window(self, title: str, timeout_s: float = PATIENCE_S, process: Process | None = None) -> str:
        """The X id of the visible window whose title has ``title`` in it (of that process), focused."""
        of = ("--all", "--pid", str(process.popen.pid)) if process else ()
        found = wait_for(lambda: self._tool("search", *of, "--onlyvisible", "--name", title).split(), timeout_s)
        window = found[-1]
        self._tool("windowfocus", "--sync", window)
        return window

    def second_window(self, title: str) -> None:
        """Wait for another window with such a title, and focus it, as a window manager does."""
        before = self._tool("getwindowfocus").split()
        search = ("search", "--onlyvisible", "--name", title)
        new = wait_for(lambda: [window for window in self._tool(*search).split() if window not in before])
        self._tool("windowfocus", "--sync", new[-1])

    def resize(self, title: str, width: int, height: int) -> None:
        """Give a window another size, in pixels."""
        self._tool("windowsize", self.window(title), str(width), str(height))

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
        self._tool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "60", str(button))

    def tree(self) -> str:
        """What the focused window shows: its tree of widgets as a person would save it, without the hidden ones."""
        path = self.base / "state" / "tree.txt"
        path.unlink(missing_ok=True)
        self.keys(TREE_PRESS)
        wait_for(path.exists)
        return _in_sight(path.read_text())

    def until_shown(self, text: str, timeout_s: float = PATIENCE_S) -> str:
        """Wait until the tree has ``text`` in it; the tree."""
        end = time.monotonic() + timeout_s
        while text not in (tree := self.tree()):
            assert time.monotonic() < end, f"{text!r} is not shown within {timeout_s} s:\n{tree}"
            time.sleep(LOOK_S)
        return tree

    def focus(self, part: str, key: str = "F6") -> str:
        """Walk from pane to pane, or by another key, until what has ``part`` in its line of the tree has the focus."""
        for _ in range(12):
            tree = self.tree()
            if any(part in line and line.endswith(" focus") for line in tree.splitlines()):
                return tree
            self.keys(key)
        raise AssertionError(f"{key} never comes to {part!r}:\n{tree}")

    def until_current(self, part: str) -> str:
        """Wait until the list with ``part`` in its line of the tree has a current row, which keys need; the tree."""

        def found() -> str:
            tree = self.tree()
            lines = tree.splitlines()
            for number, line in enumerate(lines):
                if part in line and any(row.lstrip().startswith("| > ") for row in _lines_of(lines, number)):
                    return tree
            return ""

        return wait_for(found)

    def place(self, part: str) -> tuple[int, int]:
        """The middle, on the screen, of the first widget with ``part`` in its line of the tree, once it is there."""
        return _place(self.until_shown(part), part)

    def complaints(self) -> str:
        """What no process should have said: anything on standard error, any failure in the log."""
        said = [f"{process.arguments}: {process.err}" for process in self._processes
                if process.err and not process.may_complain]  # fmt: skip
        logs = [log.read_text() for log in self.base.glob("state/espalier.log")]
        return "\n".join([*said, *(log for log in logs if "Traceback" in log)])

    def picture(self, path: Path) -> Path:
        """The whole screen as a PNG, through ImageMagick's `import` where it is installed."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True, timeout=PATIENCE_S)
        return path

    def close(self) -> None:
        """End every process, then the display."""
        for process in reversed(self._processes):
            process.end()
        for number in self._embedded_servers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
            wait_for(lambda number=number: not is_running(number))
        self._xvfb.terminate()
        self._xvfb.wait(PATIENCE_S)

    def _embedded_servers(self) -> list[int]:
        """The servers that processes of this home have started."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    line = (entry / "cmdline").read_bytes()
                    if b"--embedded" in line and os.fsencode(self.base) in line:
                        found.append(int(entry.name))
        return found

    def _tool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        environment, seconds = self.environment, PATIENCE_S
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds).stdout


def _lines_of(lines: list[str], number: int) -> list[str]:
    """The lines that a list's own line is followed by, of its rows."""
    end = number + 1
    while end < len(lines) and (_depth(lines[end]) > _depth(lines[number]) or lines[end].lstrip().startswith("|")):
        end += 1
    return lines[number + 1 : end]


def _place(tree: str, part: str) -> tuple[int, int]:
    above: list[tuple[int, int, int]] = []
    for line in tree.splitlines():
        depth = _depth(line)
        found = re.search(r" (-?\d+),(-?\d+) (\d+)×(\d+)", line)
        if line.lstrip().startswith("|") or not found:
            continue
        x, y, width, height = map(int, found.groups())
        above = [one for one in above if one[0] < depth]
        if above:
            x, y = x + above[-1][1], y + above[-1][2]
        above.append((depth, x, y))
        if part in line:
            return x + width // 2, y + height // 2
    raise AssertionError(f"nothing with {part!r} has a place:\n{tree}")


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip())) // 2


def _in_sight(tree: str) -> str:
    """The lines of a tree without hidden widgets and what is in them."""
    lines: list[str] = []
    hidden = -1
    for line in tree.splitlines():
        if hidden >= 0 and (_depth(line) > hidden or (_depth(line) == hidden and line.lstrip().startswith("|"))):
            continue
        hidden = _depth(line) if line.endswith(" hidden") else -1
        if hidden < 0:
            lines.append(line)
    return "\n".join(lines)


@contextlib.contextmanager
def usual_signals() -> Iterator[None]:
    """Within the block processes are started that hear signals, also where the tests themselves were started to ignore
    some: by ``nohup``, or in the background of a shell."""
    ignored = [number for number in HEARD if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)  # what is started does what is usual again, and does not ignore it
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)


def text_of(path: Path) -> str:
    """What stands in a file; empty while there is none."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def is_running(number: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def has_display_tools() -> bool:
    """Whether Xvfb and xdotool are installed (`make test` installs them)."""
    return bool(shutil.which("Xvfb") and shutil.which("xdotool"))
