"""How much memory a process takes more for what it does with the table: ``python -m benchmarks.tables.memory sort``."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.tables.data import row_count
from benchmarks.tables.desk import PAGE, mirrored, opened, silent
from kernel.tables.query import Aggregate, Query, Sort

#: What is done, one after the other, by name.
QUERIES = {
    "sort": [Query(), Query(sort=(Sort("price"),)), Query(sort=(Sort("name", True),)), Query(sort=(Sort("placed"),)),
             Query(filter="note contains 'garnet 77'"),
             Query(group=("city",), aggregates=(Aggregate("sum", "price"),))],
    "mirror": [Query(sort=(Sort("price"),)), Query(sort=(Sort("name", True),)), Query(sort=(Sort("price", True),)),
               Query(sort=(Sort("name"),)), Query(filter="note contains 'garnet 77'", sort=(Sort("name"),)),
               Query(filter="quantity < 500", sort=(Sort("price"),)),
               Query(group=("city",), aggregates=(Aggregate("sum", "price"),))],
}


def memory_of(name: str) -> float:
    """The most megabytes of a process of its own above what it had with the table open."""
    command = [sys.executable, "-m", "benchmarks.tables.memory", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return float(done.stdout)


def _most() -> float:
    """The most megabytes of this process so far. Where the system tells, not those of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    way = mirrored if sys.argv[1] == "mirror" else opened
    with way() as table:
        before = _most()
        for query in QUERIES[sys.argv[1]]:
            table.prepare(query, silent)
            table.fetch(query, row_count() // 2, row_count() // 2 + PAGE)
        print(_most() - before)
