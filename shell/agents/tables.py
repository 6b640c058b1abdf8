"""Agent ``tables``: checks that the app's sources can be opened here. Takes no arguments.

Opening them is the views' business, on their workers: nothing is connected to or read on the way to the first paint.
"""

from __future__ import annotations

from typing import Any

from kernel.boot.queue import Queue
from kernel.config import Config
from shell.app import OpenError
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Refuse an app whose sources are of a kind that this version does not know."""
    session: Session = queue.session
    app = session.app
    if app is None:
        raise OpenError("no app is open yet", hint="the agent open or home comes before tables")
    if app.state == "local" and app.info.sources:
        from kernel.tables import mirroring

        _check(app.info.sources, session.config)
        if session.config["tables.mirror"]:
            mirroring.folder = session.config.paths.cache / "mirror"
        kinds = {description.get("kind", "sqlite") for description in app.info.sources.values()}
        if not kinds <= {"sqlite", "memory"}:
            from kernel.tables.local import limit

            limit.sort_bytes = session.config["tables.sort_memory"]


def _check(sources: dict[str, Any], config: Config) -> None:
    """Sources of a server are the server's business, those of a folder are opened by this process."""
    from kernel.nearest import did_you_mean
    from kernel.tables.source import KINDS

    if any(str(description.get("kind", "sqlite")) not in KINDS for description in sources.values()):
        from shell.kinds import offer_sources

        offer_sources(config)
    for name, description in sources.items():
        kind = str(description.get("kind", "sqlite"))
        if kind not in KINDS:
            raise OpenError(f"the source {name} is of the unknown kind {kind}", hint=did_you_mean(kind, KINDS))
