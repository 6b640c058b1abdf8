"""What lists of processes call this one: its name, and a command line in place of the one it was started with."""

from __future__ import annotations

import os

#: Places in /proc/self/stat, counted behind the name, of where the command line begins and ends in memory; proc(5).
_BEGINS, _ENDS = 45, 46


def set_title(name: str, words: list[str]) -> None:
    """Be called ``name``, with these words as far as the old command line has room for them.

    NOTE: a process may write its own memory through /proc; nothing reads that part of it after the start but the
    system. Where /proc is closed the old title stays.
    """
    try:
        with open("/proc/self/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        begins, ends = int(fields[_BEGINS]), int(fields[_ENDS])
        room = ends - begins
        title = b"\0".join(os.fsencode(word) for word in words)[: room - 1]
        with open("/proc/self/mem", "r+b", buffering=0) as memory:
            memory.seek(begins)
            memory.write(title.ljust(room, b"\0"))
        with open("/proc/self/comm", "wb") as file:
            file.write(os.fsencode(name))
    except OSError:
        return
