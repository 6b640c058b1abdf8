"""Agent ``consent``: asks before an app of another machine runs for the first time. Takes no arguments.

When there is something to ask, a window shows the question and goes on with the queue once the person agrees.
"""

from __future__ import annotations

from kernel.boot.queue import Queue
from shell.consent import question
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Ask, or let the queue go on."""
    session: Session = queue.session
    asked = question(session.app, session)
    if asked is None:
        return
    from shell.consent_page import Asking

    Asking(asked, session, tuple(queue.pop() for _ in range(len(queue))))
