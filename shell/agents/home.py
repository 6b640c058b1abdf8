"""Agent ``home``: opens the table of the servers' apps. Takes no arguments; execs what an app boots with."""

from __future__ import annotations

from kernel.boot.queue import Queue


def run_agent(queue: Queue) -> None:
    """The same as ``open home``."""
    queue.unshift("open", "home")
