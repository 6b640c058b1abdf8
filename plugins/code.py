"""The code of plugins: imported at its first use, and not before what it needs is there."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError

if TYPE_CHECKING:
    from plugins.registry import Plugin


class PluginError(EspalierError):
    """The code of a plugin cannot be used; names the plugin."""


def load(plugin: Plugin, loader: str) -> Any:
    """What a plugin's ``module:name`` names.

    Raises:
        PluginError: a module that the plugin needs is missing, or there is no such name.
    """
    check_modules(plugin)
    module, _, name = loader.partition(":")
    found = importlib.import_module(f"{plugin.package}.{module}")
    if not hasattr(found, name):
        hint = f"its plugin.toml names {loader}"
        raise PluginError(f"the plugin {plugin.id} has no {name} in its module {module}", hint=hint)
    return getattr(found, name)


def check_modules(plugin: Plugin) -> None:
    """Refuse a plugin whose modules are not installed, with what to type.

    Raises:
        PluginError: one is missing.
    """
    for module in plugin.manifest.modules:
        if not has_module(module.name):
            raise PluginError(f"the plugin {plugin.id} needs {module.name}, which is missing", hint=module.install)


def has_module(name: str) -> bool:
    """Whether a module can be found; of ``a.b`` the package a is imported for that."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False
