"""Runs the three servers, each in a process of its own, and their clients in turn."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.peer import peer_python
from benchmarks.result import Result, interleave

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ROUNDS = 5
#: Requests of one run: ours, pyzmq's, uvicorn's; about a second each.
COUNTS = {"ours": 100_000, "zmq": 15_000, "http": 30_000}
MISSING = "peer is missing: python -m benchmarks --install-peers"


def measure() -> list[Result]:
    """Answers per second beside pyzmq and uvicorn."""
    python = peer_python()
    with contextlib.ExitStack() as servers:
        ours = servers.enter_context(_server([sys.executable, "-m", "benchmarks.wire.ours_server"]))
        measures = {"ours": _client([sys.executable, "-m", "benchmarks.wire.ours_client", ours, str(COUNTS["ours"])])}
        if python is not None:
            zmq = servers.enter_context(_server([str(python), str(HERE / "zmq_server.py")]))
            http = servers.enter_context(_server([str(python), str(HERE / "http_server.py")]))
            client = [str(python), str(HERE / "http_client.py"), http, str(COUNTS["http"])]
            measures["zmq"] = _client([str(python), str(HERE / "zmq_client.py"), zmq, str(COUNTS["zmq"])])
            measures["http, one connection"] = _client([*client, "1"])
            measures["http, 50 connections"] = _client([*client, "50"])
        medians = interleave(ROUNDS, measures)
    problem = "" if python is not None else MISSING
    http_best = max((figure for name, figure in medians.items() if name.startswith("http")), default=None)
    return [
        Result("wire", "/s", medians["ours"], medians.get("zmq"), 5, False, "pyzmq ROUTER/DEALER", problem),
        Result("wire", "/s", medians["ours"], http_best, 2, False, "uvicorn raw ASGI", problem),
    ]


@contextlib.contextmanager
def _server(command: list[str]) -> Iterator[str]:
    """Start a server that prints its port; answers the port."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"{command[-1]} did not start")
        yield port
    finally:
        process.kill()
        process.wait()


def _client(command: list[str]) -> Callable[[], float]:
    def run() -> float:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "a client failed")
        return float(done.stdout)

    return run
