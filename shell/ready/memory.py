"""Whether the machine has memory to spare, and being told when programs begin to wait for it."""

from __future__ import annotations

import os

#: Part of the memory that must be there for programs that begin, by the system's own estimate.
LEAST = 0.05
#: Tell when some program waited for memory 0.3 s of 2 s. Those of others than root may look no more often; see the
#: kernel's documentation of pressure stall information.
_TRIGGER = b"some 300000 2000000\0"


def is_short(facts: str = "/proc/meminfo") -> bool:
    """Whether less than :data:`LEAST` is available; False where nobody can tell."""
    try:
        with open(facts) as file:
            lines = dict(line.split(":", 1) for line in file)
        available, whole = (int(lines[name].split()[0]) for name in ("MemAvailable", "MemTotal"))
    except (OSError, ValueError, KeyError):
        return False
    return available < LEAST * whole


def watch_pressure(path: str = "/proc/pressure/memory") -> int | None:
    """A descriptor that has urgent data (``POLLPRI``) when programs wait for memory; None where the kernel has none."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        os.write(descriptor, _TRIGGER)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def be_given_up_first(path: str = "/proc/self/oom_score_adj") -> str:
    """Have the system end this process before others when memory runs out; answers what was, for :func:`be_kept_as`."""
    try:
        with open(path) as file:
            before = file.read().strip()
        be_kept_as(str(max(_FIRST, int(before))), path)
    except (OSError, ValueError):
        return ""
    return before


def be_kept_as(before: str, path: str = "/proc/self/oom_score_adj") -> None:
    """Be as dear to the system as before."""
    if before:
        with open(path, "w") as file:
            file.write(before)


#: Of 1000: half of the memory counts as this process's own.
_FIRST = 500
