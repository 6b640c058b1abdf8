"""Keys in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks.result import Result

ROUNDS = 5


def measure() -> list[Result]:
    """A key to its paint, p95."""
    rounds = [_keys() for _ in range(ROUNDS)]
    names = ("ours", "peer", "modal", "again")
    ours, peer, modal, again = (sorted(one[name] for one in rounds)[ROUNDS // 2] for name in names)
    bare = "bare QScintilla"
    return [
        Result("editor, a key p95", "ms", ours, peer, 1.2, True, bare),
        Result("editor with modes, a key p95", "ms", modal, again, 1.2, True, bare),
    ]


def _keys() -> dict[str, float]:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "benchmarks.editor.keys"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout.splitlines()[-1])
