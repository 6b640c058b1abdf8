"""A process that is ready, for as long as starts are measured that come from it."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from shell.ready.keep import dismiss, is_ready

#: Seconds that a first window may take until it has left a process ready.
LONGEST_S = 30


@contextlib.contextmanager
def kept_ready(command: list[str], environ: dict[str, str]) -> Iterator[None]:
    """Open a window by the command until a process is ready behind it; that one leaves afterwards.

    Raises:
        RuntimeError: none became ready.
    """
    folder = Path(environ["XDG_RUNTIME_DIR"]) / "espalier"
    window = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + LONGEST_S
        while not (ready := [path for path in folder.glob("ready-*.socket") if is_ready(str(path))]):
            if window.poll() is not None or time.monotonic() > end:
                raise RuntimeError("no process became ready behind the first window")
            time.sleep(0.1)
    finally:
        window.terminate()
        window.wait()
    try:
        yield
    finally:
        for path in ready:
            with contextlib.suppress(OSError):  # it has left by itself
                dismiss(str(path))
