"""What layouts may use: widget kinds, the plugins' ones included, and the shell's commands. No Qt here."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from kernel.disposer import Disposer, Disposers
from kernel.error import Where
from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.known import Known, Offer

if TYPE_CHECKING:
    from kernel.config import Config
    from plugins.registry import Plugin, PluginSet

#: Id of a plugin in a folder of the person's → what undoes that its code can be imported.
_REGISTERED: dict[str, Disposers] = {}
#: Configuration → the plugins in force under it.
_SETS: WeakKeyDictionary[Config, PluginSet] = WeakKeyDictionary()


def all_kinds(config: Config) -> dict[str, Kind]:
    """Kind name → record; of plugins only the static manifests are read.

    Args:
        config: Names the person's own folders of plugins; gets the problems of what was left out.
    """
    return plugin_set(config).kinds


def plugin_set(config: Config) -> PluginSet:
    """The plugins in force under a configuration, found at the first call; the shipped ones come first.

    Args:
        config: Names the person's own folders of plugins; gets the problems of what was left out.
    """
    if config not in _SETS:
        from plugins import registry
        from plugins.registry import take_plugins
        from shell.builtin import COMMAND_IDS

        registry.config = config
        found = take_plugins(_found(config), BUILT_IN, COMMAND_IDS)
        if found.left_out or config["plugins.folders"]:
            found = _registered(found, config)
        _SETS[config] = found if config["plugins.use"] else found._replace(plugins=(), unused=found.plugins)
    return _SETS[config]


def configs() -> list[Config]:
    """The configurations of this process whose plugins were asked for: one for each app that is open."""
    return list(_SETS)


def keep_registered(plugin: str, disposer: Disposer) -> None:
    """Keep what makes a plugin's code no longer importable, for :func:`forget_registered`."""
    _REGISTERED.setdefault(plugin, Disposers()).add(disposer)


def forget_registered(plugin: str) -> None:
    """Make a plugin's code no longer importable."""
    if (registered := _REGISTERED.pop(plugin, None)) is not None:
        registered()


def put_plugin_set(config: Config, found: PluginSet) -> None:
    """Have other plugins in force: one was loaded, or is gone."""
    _SETS[config] = found


def _found(config: Config) -> Iterable[Plugin]:
    from plugins.registry import find_installed, find_plugins

    yield from find_plugins()
    yield from find_installed()
    if config["plugins.folders"]:
        yield from find_plugins(plugin_folders(config))


def _registered(found: PluginSet, config: Config) -> PluginSet:
    """Make those outside the shipped folder importable, and tell what was left out."""
    from kernel.config.error import Problem
    from kernel.error import EspalierError
    from plugins.registry import LeftOut, register

    for folder in plugin_folders(config):
        if not folder.is_dir():
            config.tell(Problem(Where(), f"there is no folder {folder}", "plugins.folders names it"))
    left_out = list(found.left_out)
    for plugin in found.plugins:
        if plugin.is_in_folder:
            try:
                keep_registered(plugin.id, register(plugin))
            except EspalierError as error:
                left_out.append(LeftOut(plugin, error))
    for _, error in left_out:
        config.tell(Problem(error.where or Where(), error.message, error.hint))
    gone = {left.plugin.directory for left in left_out}
    kept = tuple(plugin for plugin in found.plugins if plugin.directory not in gone)
    kinds = found.kinds
    for left in left_out[len(found.left_out) :]:
        kinds = {name: kind for name, kind in kinds.items() if not kind.loader.startswith(f"{left.plugin.package}.")}
    return found._replace(plugins=kept, left_out=tuple(left_out), kinds=kinds)


def offer_sources(config: Config) -> None:
    """Take in the kinds of sources of the plugins; what is wrong is told with their kinds."""
    from contextlib import suppress

    from kernel.error import EspalierError
    from plugins.sources import offer_sources

    for plugin in plugin_set(config).plugins:
        with suppress(EspalierError):
            if plugin.manifest.sources:
                offer_sources(plugin.manifest, plugin.package)


def plugin_folders(config: Config) -> list[Path]:
    """The person's own folders of plugins."""
    return [Path(name).expanduser() for name in config["plugins.folders"].split(os.pathsep) if name]


def known_names(
    schemas: Mapping[str, Schema] | None = None,
    list_files: Callable[[], Iterable[str]] | None = None,
    config: Config | None = None,
    *,
    permissions: Callable[[], Collection[str]] | None = None,
) -> Known:
    """The shell's commands, with a configuration those of plugins too, and what is known around the layout.

    Args:
        permissions: Answers what the app asks for, which its widgets may require; None where that is not known.
    """
    from shell.builtin import COMMAND_IDS

    def read() -> tuple[str, Mapping[str, str]]:
        from layouts.app_check import shipped_surface

        surface = shipped_surface()
        if config is None:
            return surface.shell, surface.plugins
        return surface.shell, {one.manifest.id: one.manifest.version for one in plugin_set(config).plugins}

    commands = COMMAND_IDS if config is None else COMMAND_IDS | plugin_set(config).command_ids
    return Known(schemas=schemas, commands=commands, list_files=list_files, offer=Offer(read, permissions))


def import_class_module(name: str) -> ModuleType:
    """The module of a widget's class; of a plugin by the plugins' host. See ``widgets.recipe.import_module``."""
    if name.startswith("widgets."):
        return import_module(name)
    from shell.plugin_life import ready_host

    return ready_host().module(name)


def blamed(loader: str, error: Exception) -> Exception:
    """An error of a widget's class, with the plugin's name where it is one's. See ``widgets.recipe.blamed``."""
    if loader.startswith("widgets."):
        return error
    from shell.plugin_life import ready_host

    return ready_host().blame_kind(loader, error)
