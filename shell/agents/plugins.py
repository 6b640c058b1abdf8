"""Agent ``plugins``: takes the plugins' widget kinds into the session. Takes no arguments.

Only static manifests are read; a plugin is imported when one of its kinds is built.
"""

from __future__ import annotations

from kernel.boot.queue import Queue
from shell.kinds import all_kinds
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Fill ``session.kinds``."""
    session: Session = queue.session
    session.kinds = all_kinds(session.config)
