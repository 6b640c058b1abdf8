"""Agent ``window``: shows the layout in a window. Takes no arguments; at each occurrence it opens another one."""

from __future__ import annotations

from kernel.boot.queue import Queue
from shell.app import OpenError
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Open the window; the user interface runs when the queue is at its end."""
    session: Session = queue.session
    if session.layout is None:
        raise OpenError("there is no layout to show", hint="the agent layout comes before window")
    from shell.loop import run_loop, show

    show(session)
    session.loop = lambda: run_loop(session)
