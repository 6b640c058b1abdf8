"""How much a server works: processor time of a process and of those that it has begun."""

from __future__ import annotations

import os
from pathlib import Path

#: Where Linux tells of processes; the fields of ``stat`` behind the name are counted from 0 (proc(5)).
PROC = Path("/proc")
_PARENT, _TIMES = 1, slice(11, 15)


def processor_s(process: int) -> float:
    """Seconds of the processor that it and its children have used so far; 0 where that is not told.

    Args:
        process: Its id.
    """
    ticks = 0
    for place in PROC.glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if process in (int(place.parent.name), int(fields[_PARENT])):
            ticks += sum(map(int, fields[_TIMES] if int(place.parent.name) == process else fields[_TIMES][:2]))
    return ticks / os.sysconf("SC_CLK_TCK")
