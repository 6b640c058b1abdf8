"""Agent ``layout``: reads a layout of the app. Argument: its path, ``main.kdl``."""

from __future__ import annotations

from kernel.boot.queue import Queue
from shell.app import OpenError
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Put the checked layout into the session."""
    session: Session = queue.session
    session.layout_path = str(queue.pop())
    if session.app is None:
        raise OpenError("no app is open yet", hint="the agent open or home comes before layout")
    session.layout = session.load_layout()
