"""The status of a repository of 100,000 files: how long other threads of the window wait meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.result import Result

FILES, GOAL_MS, ROUNDS = 100_000, 100, 3
#: The longest time between two looks of a thread that wants to look every 2 ms; printed with the time of the status.
_WATCHED = """
import sys, threading, time
from plugins.git.source import tables
longest, is_over = 0.0, threading.Event()

def look():
    global longest
    last = time.perf_counter()
    while not is_over.wait(0.002):
        now = time.perf_counter()
        longest, last = max(longest, now - last), now

watching = threading.Thread(target=look)
watching.start()
status = tables(sys.argv[1])["status"]
assert status.count() == int(sys.argv[2])
status.close()
is_over.set()
watching.join()
print(longest * 1000)
"""


def measure_many_files(place: Path) -> Result:
    """The longest wait, the least of some runs: whatever else runs on the machine makes it longer."""
    folder = place / "many"
    git = ["git", "-C", str(folder)]
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    hashing = [*git, "hash-object", "-w", "--stdin"]
    blob = subprocess.run(hashing, input="x\n", text=True, capture_output=True, check=True).stdout.strip()
    rows = "".join(f"100644 {blob}\td{at // 1000:03}/f{at % 1000:03}.txt\n" for at in range(FILES))
    subprocess.run([*git, "update-index", "--index-info"], input=rows, text=True, check=True)
    subprocess.run([*git, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "All"], check=True)
    command = [sys.executable, "-c", _WATCHED, str(folder), str(FILES)]
    longest = [float(subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ)).stdout)
               for _ in range(ROUNDS)]
    return Result("git, 100k files: wait", "ms", min(longest), None, GOAL_MS, True)
