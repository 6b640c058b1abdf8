"""Where the classes of plugins' kinds are imported: by the plugins' host, which says which plugin failed.

It is apart from the agent ``plugins`` because it needs Qt, which is imported in an order of its own (``shell.qt``).
"""

from __future__ import annotations

from types import ModuleType


def take_imports() -> None:
    """Have plugins' classes imported, and what they raise told, by the plugins' host."""
    from widgets import recipe

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
