"""Runs it in a process of its own, without a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks.result import Result

#: From the key to a thousand painted labels, in ms of processor time.
GOAL = 25.0
PEER = "script in the page"


def measure() -> list[Result]:
    """Hints over 1,000 widgets and over 1,000 links, beside labels that a script makes in the page, as extensions of
    browsers do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")}
    environ = {**kept, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
               "ESPALIER_START_KEEP_READY": "false"}  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.hints.session"]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Result("hints, 1,000, thread", "ms", found["thread"], None, GOAL, True),
        Result("hints, 1,000 widgets", "ms", found["widgets"], found["peer"], 1.0, True, PEER),
        Result("hints, 1,000 links", "ms", found["links"], found["peer"], 1.0, True, PEER),
    ]
