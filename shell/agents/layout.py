"""Agent ``layout``: reads a layout of the app. Argument: its path, ``main.kdl``."""

from __future__ import annotations

from kernel.boot.queue import Queue
from kernel.error import EspalierError
from shell.app import OpenError
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Put the checked layout into the session. A wrong one is a page where a window lives, else it ends the boot."""
    session: Session = queue.session
    session.layout_path = str(queue.pop())
    if session.app is None:
        raise OpenError("no app is open yet", hint="the agent open or home comes before layout")
    try:
        session.layout, session.problem = session.load_layout(), None
    except EspalierError as error:
        if session.may_block:
            raise
        from layouts.node import Layout

        session.layout, session.problem = Layout(title=session.app.info.title), error
