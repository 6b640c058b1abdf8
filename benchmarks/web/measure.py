"""Milliseconds until a page has been painted first, by the page's own word to a server; and memory then."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from benchmarks.result import Result

ROUNDS, LONGEST_S = 7, 60
#: Ours over the peer's, and the memory that may come on top of it, in MB.
GOAL, MORE_MB = 1.3, 80.0
PAGE = b"""<!doctype html><title>Page</title><h1>Page</h1><script>
requestAnimationFrame(() => requestAnimationFrame(() => fetch('/painted')))</script>"""
_HERE = Path(__file__).parent


class Shown(NamedTuple):
    """One run: ms to the painted page, and the memory of all its processes (PSS) in MB."""

    took: float
    memory: float


class Pages(BaseHTTPRequestHandler):
    """Serves the page and takes its word."""

    painted: queue.Queue[float] = queue.Queue()

    def do_GET(self) -> None:  # the base class's name
        """Answer; the word is answered as well."""
        if self.path == "/painted":
            self.painted.put(time.perf_counter())
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Nothing is written."""


def measure() -> list[Result]:
    """From the process's start, and from an open window."""
    with _server() as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        environ = _environ(folder)
        page, empty = _app(folder / "page", f'web "{url}"'), _app(folder / "empty", 'label "Nothing"')
        espalier, python = str(Path(sys.executable).with_name("espalier")), sys.executable
        starts = {
            "ours": lambda: _from_start([espalier, page], environ),
            "peer": lambda: _from_start([python, str(_HERE / "bare.py"), url], environ),
        }
        opens = {
            "ours": lambda: _from_window([python, str(_HERE / "ours.py"), empty, url], environ),
            "peer": lambda: _from_window([python, str(_HERE / "bare.py"), url, "wait"], environ),
        }
        return _results("web, from start", starts) + _results("web, open window", opens)


def _results(name: str, runs: dict[str, object]) -> list[Result]:
    for run in runs.values():
        run()  # warm
    seen: dict[str, list[Shown]] = {key: [] for key in runs}
    for _ in range(ROUNDS):
        for key, run in runs.items():
            seen[key].append(run())
    took = {key: statistics.median(one.took for one in all_) for key, all_ in seen.items()}
    memory = {key: statistics.median(one.memory for one in all_) for key, all_ in seen.items()}
    more = memory["ours"] - memory["peer"]
    return [
        Result(name, "ms", took["ours"], took["peer"], GOAL, True, "QWebEngineView"),
        Result(f"{name}, more", "MB", more, None, MORE_MB, True),
    ]


def _from_start(command: list[str], environ: dict[str, str]) -> Shown:
    started = time.perf_counter()
    return _shown(_begin(command, environ), started)


def _from_window(command: list[str], environ: dict[str, str]) -> Shown:
    process = _begin(command, environ)
    assert process.stdin is not None and process.stdout is not None
    if process.stdout.readline().strip() != b"ready":
        raise RuntimeError(f"{command[1]} opened no window")
    started = time.perf_counter()
    process.stdin.write(b"show\n")
    process.stdin.flush()
    return _shown(process, started)


def _begin(command: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environ, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _shown(process: subprocess.Popen[bytes], started: float) -> Shown:
    try:
        painted = Pages.painted.get(timeout=LONGEST_S)
        return Shown((painted - started) * 1000, _memory(os.getpgid(process.pid)))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        while not Pages.painted.empty():
            Pages.painted.get()


def _memory(group: int) -> float:
    """PSS of all processes of a group, in MB."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            if os.getpgid(int(entry.name)) == group:
                lines = (entry / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000


@contextlib.contextmanager
def _server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _app(folder: Path, widget: str) -> str:
    folder.mkdir()
    (folder / "app.toml").write_text(f'name = "{folder.name}"\npermissions = ["net"]\n')
    (folder / "main.kdl").write_text(f"layout 2\nwindow width=1000 height=700 {{ {widget} }}\n")
    return str(folder)


def _environ(folder: Path) -> dict[str, str]:
    """A throw-away home without a screen, or a process that is ready."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "ESPALIER_", "XDG_"))}
    own = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "ESPALIER_BASEDIR": str(folder / "espalier"),
           "ESPALIER_START_KEEP_READY": "false", "ESPALIER_SERVER_EMBEDDED": "false",
           # Compiled code is kept, as it is where programs are installed.
           "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}  # fmt: skip
    return kept | own
