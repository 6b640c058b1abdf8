"""Agent ``open``: opens an app and execs its own boot queue.

Argument: what to open, as on the command line (``shop``, ``shop@home``, a path).
"""

from __future__ import annotations

from kernel.boot.queue import Queue
from shell.session import Session
from shell.target import open_target

#: What comes before an app's own agents.
BEFORE = ("tables", "plugins")


def run_agent(queue: Queue) -> None:
    """Put the app into the session, and its agents to the front of the queue."""
    session: Session = queue.session
    session.app = open_target(str(queue.pop()), session)
    queue.unshift(*BEFORE, *session.app.info.entry)
