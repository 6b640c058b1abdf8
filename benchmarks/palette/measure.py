"""Runs it in processes of their own, on a virtual screen, and fzf over the same entries beside it."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from benchmarks.palette.entries import queries, titles
from benchmarks.palette.keys import ENTRIES, TEXTS
from benchmarks.result import Result

ROUNDS = 3
#: A frame of the screen, in ms.
FRAME = 16.0
MISSING = "peer is missing: python -m benchmarks --install-peers"


def measure() -> list[Result]:
    """A letter to its lines among 100,000 entries, p95: in a frame, ahead of rapidfuzz in a list, ahead of fzf."""
    rounds = sorted((_keys() for _ in range(ROUNDS)), key=lambda one: one["ours"])
    middle = rounds[ROUNDS // 2]
    ours = middle["ours"]
    peer = statistics.median(one["peer"] for one in rounds)
    name = "palette, a key p95"
    return [
        Result(name, "ms", ours, None, FRAME, True),
        Result(name, "ms", ours, peer, 1.0, True, "rapidfuzz in a QListView"),
        _beside_fzf(ours),
    ]


def _keys() -> dict[str, float]:
    environ = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    command = [sys.executable, "-m", "benchmarks.palette.keys"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _beside_fzf(ours: float) -> Result:
    """fzf as a whole program: it reads the entries anew for each text, and shows nothing."""
    name = "palette, a text p95"
    if shutil.which("fzf") is None:
        return Result(name, "ms", ours, None, 1.0, True, "fzf --filter", MISSING)
    found = titles(ENTRIES)
    entries = "\n".join(found).encode()
    times = []
    for text in queries(found, TEXTS):
        began = time.perf_counter()
        # NOTE: 1 says that nothing fits, which is an answer.
        done = subprocess.run(["fzf", "--filter", text], input=entries, capture_output=True, timeout=60)
        times.append((time.perf_counter() - began) * 1000)
        if done.returncode not in (0, 1):
            return Result(name, "ms", ours, None, 1.0, True, "fzf --filter", done.stderr.decode().strip())
    return Result(name, "ms", ours, statistics.quantiles(times, n=20)[18], 1.0, True, "fzf --filter")
