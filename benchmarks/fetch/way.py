"""The delaying and counting proxy as a process, and other servers that are processes of their own."""

from __future__ import annotations

import atexit
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: Longest wait for a server to listen, seconds.
START_S = 20.0


class Process:
    """A program that runs until the block ends."""

    def __init__(self, command: Sequence[str | Path], *, cwd: Path = ROOT, reads: bool = False) -> None:
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.stop)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it and wait; nothing when that was done."""
        atexit.unregister(self.stop)
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
            return
        self.process.kill()
        self.process.wait(10)


class Proxy(Process):
    """See :mod:`benchmarks.fetch.proxy`.

    Attributes:
        port: Where it listens on this machine.
    """

    def __init__(self, place: str, round_trip_ms: float = 0.0) -> None:
        super().__init__([sys.executable, "-m", "benchmarks.fetch.proxy", place, str(round_trip_ms)], reads=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def passed(self) -> int:
        """Bytes, both ways, of the next connection that ends; waits for it."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Wait until somebody listens there.

    Raises:
        RuntimeError: nobody does.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")
