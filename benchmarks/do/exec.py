"""A program from exec to exit."""

from __future__ import annotations

import subprocess
import time


def run(command: list[str], environ: dict[str, str]) -> float:
    """Milliseconds that it took.

    Raises:
        RuntimeError: it failed; says what it said.
    """
    started = time.perf_counter()
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=30)
    taken = (time.perf_counter() - started) * 1000
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip() or done.returncode}")
    return taken
