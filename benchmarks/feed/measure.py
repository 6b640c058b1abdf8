"""Runs ours and the peer in turn, each with its server, and judges the figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.result import Result

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS, EDITS = 100, 100
#: Edits of each client where all look at the same page as well.
LOOKING_EDITS = 30
#: The most that the latency's 99th percentile may be, ms.
GOAL_MS = 250
PEER = "PostgreSQL LISTEN/NOTIFY"


def measure() -> list[Result]:
    """Latency of the feed, commits a second and the server's work, with what was lost or told twice as a problem."""
    ours, problem = _run("benchmarks.feed.ours")
    peer, missing = _run("benchmarks.feed.postgres")
    looking, unread = _run("benchmarks.feed.looking", LOOKING_EDITS)
    problem = problem or ours.get("problem", "")
    missing = missing or peer.get("problem", "")

    def beside(name: str, unit: str, figure: str, goal: float, is_less_better: bool) -> Result:
        said = problem or (f"peer: {missing}" if missing else "")
        return Result(name, unit, ours.get(figure), peer.get(figure), goal, is_less_better, PEER, said)

    return [
        Result("feed p99", "ms", ours.get("p99_ms"), None, GOAL_MS, True, problem=problem),
        beside("feed p50", "ms", "p50_ms", 1.0, True),
        beside("feed p99", "ms", "p99_ms", 1.0, True),
        beside("feed commits", "/s", "commits_s", 1.0, False),
        beside("feed server an edit", "ms", "server_ms", 1.0, True),
        Result("feed page read p99", "ms", looking.get("read_p99_ms"), None, GOAL_MS, True, problem=unread),
        Result("feed server a change", "us", _told_us(ours), _told_us(peer), 1.0, True, PEER, problem),
    ]


def _told_us(figures: dict[str, Any]) -> float | None:
    """The server's processor time for each change that a client hears of, µs: all that it does for an edit in it."""
    return figures["server_ms"] * 1000 / CLIENTS if "server_ms" in figures else None


def _run(module: str, edits: int = EDITS) -> tuple[dict[str, Any], str]:
    """The figures that a module prints, or why there are none."""
    command = [sys.executable, "-m", module, str(CLIENTS), str(edits)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if done.returncode:
        return {}, (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    return json.loads(done.stdout.splitlines()[-1]), ""
