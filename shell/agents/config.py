"""Agent ``config``: reads the configuration and says what is wrong with it. Takes no arguments."""

from __future__ import annotations

import os
import sys

from kernel.boot.queue import Queue
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Read the options into the session; problems are told on standard error and never stop the boot."""
    session: Session = queue.session
    for problem in session.config.problems:
        print(f"espalier: {problem}", file=sys.stderr)
    scale = session.config["ui.scale"]
    if scale != 1.0:
        # Qt reads it once, when the application is made.
        os.environ.setdefault("QT_SCALE_FACTOR", f"{scale:g}")
