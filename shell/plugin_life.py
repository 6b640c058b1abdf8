"""Plugins in a shell that runs: their host made ready, one that fails put aside, unloaded, loaded anew.

Imported when code of a plugin is first wanted.
"""

from __future__ import annotations

import traceback
from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from kernel.words import say
from layouts.plugin_manifest import FILE
from plugins import registry, watch
from plugins.code import Host, PluginError, host
from plugins.options import options_of, values
from plugins.registry import Plugin, kind_table, read_plugin, register
from shell.kinds import configs, forget_registered, keep_registered, plugin_set, put_plugin_set
from widgets import override, recipe

if TYPE_CHECKING:
    from kernel.config import Config
    from layouts.kinds.kind import Kind
    from layouts.node import Node
    from shell.window import Window



def ready_host() -> Host:
    """The host of this process, which knows the plugins in force and tells the windows what becomes of them."""
    config = registry.config
    if config is None:
        return host
    for found in map(plugin_set, configs()):
        host.take((*found.plugins, *found.unused))
    host.safe_reason = "" if config["plugins.use"] else say("Espalier was started without plugins")
    watch.limit_s = import_limit_s(config)
    host.watch(_switched)
    override.is_contained = _is_of_plugin
    return host


def _is_of_plugin(module: str) -> bool:
    return host.plugin_of(module) is not None


def import_limit_s(config: Config) -> float:
    """How many seconds the import of a plugin may take."""
    return config["plugins.import_limit"] / 1000


def unload(plugin: Plugin, *, keeps_kinds: bool = False) -> None:
    """Undo all that a plugin has brought: widgets, commands, keys, options, sources, modules, what it registered.

    Args:
        plugin: One in force.
        keeps_kinds: Whether its kinds stay known, so that layouts that use them go on; cards stand in their place.
    """
    kinds = {kind.name for kind in plugin.manifest.kinds}
    reason = PluginError(say("the plugin {plugin} is switched off", plugin=plugin.id))
    reason.is_told = True
    ready_host().off[plugin.id] = reason
    for config in configs():
        found = plugin_set(config)
        put_plugin_set(config, found._replace(plugins=tuple(one for one in found.plugins if one.id != plugin.id)))
    recipe.forget(kinds)
    for window in windows():
        renew_views(window, kinds)
        window.keys.renew_plugins()
    _let_go(plugin)
    host.drop(plugin)
    if keeps_kinds:
        host.take([plugin])
        host.off[plugin.id] = reason
        return
    for config in configs():
        for name in kinds:
            plugin_set(config).kinds.pop(name, None)


def load(plugin: Plugin) -> Plugin:
    """Take in a plugin with its manifest and code as they are now, and show its views.

    Returns:
        The plugin as it is in force.

    Raises:
        ManifestError: its manifest is wrong, or it offers what another one does; nothing has changed.
    """
    fresh = read_again(plugin)
    show(plugin, fresh)
    return fresh


def show(plugin: Plugin, fresh: Plugin) -> None:
    """Have ``fresh`` in force where ``plugin`` was; raises as :func:`load`."""
    own = {kind.name for kind in plugin.manifest.kinds} if plugin.manifest else set()
    tables = {}
    for config in configs():
        kinds = plugin_set(config).kinds
        tables[config] = kind_table([fresh], {name: kind for name, kind in kinds.items() if name not in own})
    if fresh.is_in_folder:
        keep_registered(fresh.id, register(fresh))
    for config, table in tables.items():
        config.drop_options(options_of([plugin]).keys() - options_of([fresh]).keys() if plugin.manifest else ())
        _take(fresh, config, table)
    host.off.pop(fresh.id, None)
    host.take([fresh])
    names = {kind.name for kind in fresh.manifest.kinds}
    recipe.forget(names)
    for window in windows():
        renew_views(window, names)
        window.keys.renew_plugins()


def read_again(plugin: Plugin) -> Plugin:
    """The plugin with its manifest as it is now.

    Raises:
        ManifestError: it is wrong.
    """
    fresh = read_plugin(plugin.directory / FILE, plugin.package, is_package=not plugin.package.startswith("plugins."))
    if fresh.error is not None:
        raise fresh.error
    return fresh


def _take(plugin: Plugin, config: Config, kinds: dict[str, Kind]) -> None:
    found = plugin_set(config)
    found.kinds.clear()
    found.kinds.update(kinds)
    kept = [one for one in found.plugins if one.id != plugin.id]
    put_plugin_set(config, found._replace(plugins=(*kept, plugin)))
    config.complete()
    config.take_options(options_of([plugin]))


def renew_views(window: Window, kinds: Iterable[str]) -> None:
    """Build the window's widgets of these kinds anew, where they stand, and those that follow them.

    A widget with ``keep_state`` and ``take_state`` goes on where it was.
    """
    from shell.live.patching import rebuild_followers
    from shell.panes import end_all
    from widgets.patch import Stale, patch_widget
    from widgets.window import WindowBody

    end_all(window)
    body, stale = window.body, Stale(set(), set(), set(), set(), frozenset(kinds))
    if not isinstance(body, WindowBody) or not any(node.kind in stale.kinds for node in _nodes(window)):
        return
    states = states_of(window, stale.kinds)
    with window.scope.together():
        patch_widget(body, body.node, window.context, stale)
        while stale.ids:
            ids = set(stale.ids)
            stale.ids.clear()
            rebuild_followers(body.region, Stale(set(), set(), set(), ids), stale)
    give_states(window, stale.kinds, states)


def states_of(window: Window, kinds: Container[str]) -> dict[tuple[str, ...], Any]:
    """What the window's widgets of these kinds go on with, by the widget."""
    return {key: widget.keep_state() for key, widget in _stateful(window, kinds)}


def give_states(window: Window, kinds: Container[str], states: dict[tuple[str, ...], Any]) -> None:
    """Have the widgets go on with these states."""
    for key, widget in _stateful(window, kinds):
        if key in states:
            widget.take_state(states[key])


def windows() -> list[Window]:
    """All windows of the process."""
    from shell.desk import desks

    return [window for desk in desks() for window in desk.windows]


def _stateful(window: Window, kinds: Container[str]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The widgets of these kinds that keep their state, by kind, id and place in the layout."""
    for widget in window.context.built:
        if widget is not None and isValid(widget) and hasattr(widget, "keep_state") and widget.node.kind in kinds:
            yield (widget.node.kind, widget.node.id, str(widget.node.where)), widget


def _nodes(window: Window) -> Iterator[Node]:
    waiting = list(window.layout_tree.windows)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def _let_go(plugin: Plugin) -> None:
    """Take back what stands outside of the windows: sources, options and who follows them, the way to its code."""
    from plugins.sources import withdraw_sources

    withdraw_sources(plugin.manifest)
    for config in configs():
        config.complete()
        config.drop_options(options_of([plugin]))
    values.forget(plugin.id)
    forget_registered(plugin.id)


def _switched(plugin: Plugin, error: PluginError) -> None:
    """Cards take the place of a plugin's widgets; in the next turn, as one of them may be built just now."""
    from PySide6.QtCore import QCoreApplication

    from widgets import gui_thread

    kinds = {kind.name for kind in plugin.manifest.kinds}
    recipe.forget(kinds)
    detail = "".join(traceback.format_exception(error))

    def show() -> None:
        for window in windows():
            renew_views(window, kinds)
            window.registry.refresh()
            said = say("The plugin {plugin} was switched off", plugin=plugin.id)
            window.messages.report("error", said, detail)

    if QCoreApplication.instance() is not None:
        gui_thread.hand(show)
