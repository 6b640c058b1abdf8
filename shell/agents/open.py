"""Agent ``open``: opens an app and execs its own boot queue.

Argument: what to open, as on the command line (``shop``, ``shop@home``, a path). An app that is not in the cache
is fetched; where that takes a while a window waits for it and goes on with the queue.
"""

from __future__ import annotations

from contextlib import suppress

from kernel.boot.queue import Queue
from shell.app import NotHereError, OpenedApp
from shell.server_link import LOCAL
from shell.session import Session
from shell.target import open_target

#: What comes before an app's own agents.
BEFORE, BEFORE_ASKED = ("tables", "plugins"), ("consent",)


def run_agent(queue: Queue) -> None:
    """Put the app into the session, and its agents to the front of the queue."""
    session: Session = queue.session
    target = str(queue.pop())
    app: OpenedApp | None = None
    with suppress(NotHereError):
        app = open_target(target, session, may_fetch=False)
    _claim(session, app, target)
    if app is None:
        app = _fetched(target, queue)
    if app is None:
        return
    session.app = app
    queue.unshift(*first_agents(app), *app.info.entry)


def _claim(session: Session, app: OpenedApp | None, target: str) -> None:
    """See :func:`shell.single.claim_for`."""
    if not session.is_single:
        return
    from shell.single import OpenElsewhereError, claim_for

    try:
        claim_for(session, app, target)
    except OpenElsewhereError:
        if app is not None:
            app.close()
        raise


def first_agents(app: OpenedApp) -> tuple[str, ...]:
    """What comes before an app's own agents; of one from another machine, the question whether it may run."""
    return (*BEFORE_ASKED, *BEFORE) if app.info.server not in ("", LOCAL) else BEFORE


def _fetched(target: str, queue: Queue) -> OpenedApp | None:
    """The app when it comes soon; None when a window waits for it, which takes what is left of the queue."""
    from shell.fetching import Fetch

    session: Session = queue.session
    fetch = Fetch(target, session)
    if session.may_block:
        fetch.start()
        app = fetch.wait()
        if app is not None:
            return app
    from shell.waiting import wait_in_window

    rest = [queue.pop() for _ in range(len(queue))]
    wait_in_window(fetch, session, rest, is_under_way=session.may_block)
    return None
