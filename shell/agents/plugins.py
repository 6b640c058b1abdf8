"""Agent ``plugins``: takes the plugins' widget kinds into the session. Takes no arguments.

Only static manifests are read; a plugin is imported when one of its kinds is built.
"""

from __future__ import annotations

from types import ModuleType

from kernel.boot.queue import Queue
from shell.kinds import all_kinds
from shell.session import Session
from widgets import recipe


def run_agent(queue: Queue) -> None:
    """Fill ``session.kinds``, and have plugins' classes imported by the plugins' host."""
    session: Session = queue.session
    session.kinds = all_kinds(session.config)
    recipe.import_module, recipe.blamed = _import_module, _blamed


def _import_module(name: str) -> ModuleType:
    from importlib import import_module

    if name.startswith("widgets."):
        return import_module(name)
    from shell.plugin_life import ready_host

    return ready_host().module(name)


def _blamed(loader: str, error: Exception) -> Exception:
    if loader.startswith("widgets."):
        return error
    from shell.plugin_life import ready_host

    return ready_host().blame_kind(loader, error)
