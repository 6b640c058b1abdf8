"""Agent ``plugins``: takes the plugins' widget kinds into the session. Takes no arguments.

Only static manifests are read; a plugin is imported when one of its kinds is built.
"""

from __future__ import annotations

from typing import Any

from kernel.boot.queue import Queue
from layouts.plugin_manifest import FILE, OWN, own_plugins
from shell.kinds import all_kinds
from shell.session import Session


def run_agent(queue: Queue) -> None:
    """Fill ``session.kinds``."""
    session: Session = queue.session
    manifests = _of_app(session.app)
    if manifests and session.config["plugins.use"]:
        from shell.app_plugins import take_app_plugins

        take_app_plugins(session, manifests)
    session.kinds = all_kinds(session.config)


def _of_app(app: Any) -> list[str]:
    """The manifests of the plugins that the app brings."""
    manifest, folder = getattr(app, "manifest", None), getattr(app, "folder", None)
    if manifest is not None:
        return own_plugins(manifest.files)
    if folder is None or not (folder / OWN).is_dir():
        return []
    return own_plugins(path.relative_to(folder).as_posix() for path in (folder / OWN).glob(f"*/{FILE}"))
