"""``espalier do`` where its line was read by argparse: help, and mistakes, which end before this is called."""

from __future__ import annotations

import sys
from argparse import Namespace

from shell.command_line import UsageError
from shell.session import Session


def run(arguments: Namespace, session: Session) -> int:
    """Run a command in the window that is open; answers what :func:`shell.do.client.run` answers."""
    from shell.do.client import Wanted
    from shell.do.client import run as run_given

    if not arguments.line and not (arguments.list or arguments.apps):
        raise UsageError("say which command", hint="espalier do --list shows them")
    given = Wanted()
    given.app, given.basedir, given.words = arguments.app, session.given.basedir, list(arguments.line)
    given.flags = {name for name in ("list", "apps", "json", "yes") if getattr(arguments, name)}
    code = run_given(given)
    sys.stdout.flush()
    return code
