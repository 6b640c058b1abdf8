"""The order in which plugins are taken in: what one requires comes before it. Imported where one requires anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.error import Where
from kernel.nearest import did_you_mean
from layouts.plugin_manifest import ManifestError

if TYPE_CHECKING:
    from plugins.registry import LeftOut, Plugin


def in_order(found: list[Plugin]) -> tuple[list[Plugin], list[LeftOut]]:
    """The plugins with what they require before them, and those that lack something or stand in a circle.

    Plugins that need nothing of each other keep their order.
    """
    by_id = {plugin.id: plugin for plugin in found}
    without = _lacking(by_id)
    ordered: list[Plugin] = []
    waiting = [plugin for plugin in found if plugin.id in by_id]
    done: set[str] = set()
    while waiting:
        ready = next((one for one in waiting if _needs(one, by_id) <= done), None)
        if ready is None:
            without += _circles(waiting, by_id, done)
            gone = {left.plugin.id for left in without}
            waiting = [plugin for plugin in waiting if plugin.id not in gone]
            for name in gone & by_id.keys():
                del by_id[name]
            more = _lacking(by_id)
            without += more
            waiting = [plugin for plugin in waiting if plugin.id in by_id]
            continue
        waiting.remove(ready)
        ordered.append(ready)
        done.add(ready.id)
    return ordered, without


def _needs(plugin: Plugin, by_id: dict[str, Plugin]) -> set[str]:
    return {name for name in (*plugin.manifest.requires, *plugin.manifest.optional) if name in by_id}


def _lacking(by_id: dict[str, Plugin]) -> list[LeftOut]:
    """Take out the plugins that require one that is not there, and those that require these."""
    from plugins.registry import LeftOut

    without: list[LeftOut] = []
    while True:
        found = next(
            ((one, name) for one in by_id.values() for name in one.manifest.requires if name not in by_id), None
        )
        if found is None:
            return without
        plugin, name = found
        del by_id[plugin.id]
        hint = did_you_mean(name, by_id) or "espalier plugin list tells which there are"
        message = f"the plugin {plugin.id} requires the plugin {name}, which is not there"
        without.append(LeftOut(plugin, ManifestError(message, where=Where(str(plugin.directory)), hint=hint)))


def _circles(waiting: list[Plugin], by_id: dict[str, Plugin], done: set[str]) -> list[LeftOut]:
    """The plugins of one circle, each with the whole of it."""
    from plugins.registry import LeftOut

    path = [waiting[0].id]
    while True:
        following = min(_needs(by_id[path[-1]], by_id) - done)
        if following in path:
            circle = path[path.index(following) :]
            break
        path.append(following)
    said = f"these plugins require each other: {' → '.join((*circle, circle[0]))}"
    return [LeftOut(by_id[name], ManifestError(said, where=Where(str(by_id[name].directory)))) for name in circle]
