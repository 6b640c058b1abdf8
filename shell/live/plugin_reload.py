"""Plugins under work: what changes in their folders is shown at once; on a mistake the last good code goes on."""

from __future__ import annotations

import contextlib
import importlib
import sys
from importlib.util import cache_from_source
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from kernel.error import EspalierError, Where
from kernel.words import say
from layouts.problem import Problem
from plugins.code import forget_modules, host
from plugins.watch import watched
from shell.kinds import plugin_folders, plugin_set
from shell.live.folder_watch import FolderWatch
from shell.plugin_check import check_plugin
from shell.plugin_life import give_states, read_again, ready_host, show, states_of, windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.config import Config
    from plugins.registry import Plugin

#: Endings of files that a plugin is made of.
_CODE = (".py", ".toml")


class PluginWatch:
    """Follows the person's folders of plugins.

    Args:
        config: Names them.
        tell: Gets (title, problems) when a plugin cannot be shown as it is now.
    """

    def __init__(self, config: Config, tell: Callable[[str, list[Problem]], None]) -> None:
        self._config, self._tell = config, tell
        folders = [folder for folder in plugin_folders(config) if folder.is_dir()]
        self._watches = [FolderWatch(folder, self._take) for folder in folders]

    def stop(self) -> None:
        """Follow them no more."""
        while self._watches:
            self._watches.pop().deleteLater()

    def _take(self, paths: set[str]) -> None:
        for name in sorted({path.split("/")[0] for path in paths if path.endswith(_CODE) and "/tests/" not in path}):
            plugin = plugin_set(self._config).get(name)
            if plugin is not None and (problems := reload_plugin(plugin, self._config)):
                title = say("The plugin {plugin} cannot be used as it is now; the last good one goes on", plugin=name)
                self._tell(title, problems)


def reload_plugin(plugin: Plugin, config: Config) -> list[Problem]:
    """Take the manifest and code of a plugin as they are now, and build its views anew with the state that they keep.

    Returns:
        What is wrong with it; nothing has changed then.
    """
    wrong = [problem for problem in check_plugin(plugin.directory, config) if problem.severity == "error"]
    if wrong:
        return wrong
    ready_host()
    before = _modules(plugin.package)
    kinds = {kind.name for kind in plugin.manifest.kinds}
    states = [(window, states_of(window, kinds)) for window in windows()]
    disposers = host.part(plugin)
    try:
        fresh = read_again(plugin)
        _import_again(plugin, list(before))
        blamed = host.blamed
        show(plugin, fresh)
        if host.blamed == blamed:
            disposers()
            return []
        found = [_problem(host.last)]
    except BaseException as error:  # sys.exit() in a plugin ends nothing but this try
        if isinstance(error, KeyboardInterrupt):
            raise
        found = [_problem(host.blame(plugin, error))]
    _put_back(plugin, before)
    host.join(plugin, disposers)
    show(plugin, plugin)
    for window, state in states:
        give_states(window, kinds, state)
    return found


def _problem(error: EspalierError) -> Problem:
    return Problem(error.where or Where(), error.message, error.hint)


def _modules(package: str) -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name == package or name.startswith(f"{package}.")}


def _import_again(plugin: Plugin, names: list[str]) -> None:
    """Import what was imported before, from the files as they are now."""
    for file in plugin.directory.rglob("*.py"):
        # Compiled code is known by the second and the size of its source, which is too little here.
        with contextlib.suppress(OSError):
            Path(cache_from_source(str(file))).unlink()
    importlib.invalidate_caches()
    forget_modules(plugin.package)
    for name in names:
        if importlib.util.find_spec(name) is not None:
            with watched(plugin.id):
                importlib.import_module(name)


def _put_back(plugin: Plugin, modules: dict[str, ModuleType]) -> None:
    forget_modules(plugin.package)
    sys.modules.update(modules)
    parent, _, own = plugin.package.rpartition(".")
    if parent in sys.modules and plugin.package in modules:
        setattr(sys.modules[parent], own, modules[plugin.package])

