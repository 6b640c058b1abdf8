"""The providers that plugins bring (``[[palette]]``); their code is imported when something is first looked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from kernel.words import say
from shell.kinds import plugin_set
from shell.palette.contract import Asked, Gather, Provider, nothing
from shell.palette.item import Item

if TYPE_CHECKING:
    from layouts.plugin_manifest import PaletteRecord
    from plugins.registry import Plugin
    from shell.window import Window


def plugin_providers(window: Window) -> list[Provider]:
    """The providers of the plugins in force whose view is there, for a window."""
    found = plugin_set(window.session.config).plugins
    rows = ((plugin, record) for plugin in found for record in plugin.manifest.palette)
    return [
        _provider(plugin, record, window) for plugin, record in rows
        if not record.view or window.nearest_view(record.view) is not None
    ]  # fmt: skip


def _provider(plugin: Plugin, record: PaletteRecord, window: Window) -> Provider:
    way, begin = "live" if record.is_live else "once", partial(_begin, plugin, record, window)
    return Provider(
        f"{plugin.id}.{record.name}", say(record.title), nothing, record.prefix, say(record.doc), way,
        record.is_general, is_first=False, is_early=False, begin=begin,
    )  # fmt: skip


def _begin(plugin: Plugin, record: PaletteRecord, window: Window) -> Gather:
    """Have the plugin read what it needs of its view or the window; answers what is called on a thread.

    Raises:
        EspalierError: the plugin's code cannot be loaded, or fails.
    """
    from shell.plugin_life import ready_host
    from shell.workplace import WindowWorkplace

    place: Any = window.nearest_view(record.view) if record.view else WindowWorkplace(window)
    host = ready_host()
    function = host.load(plugin, record.loader)
    try:
        gather = function(place)
    except Exception as error:
        raise host.blame(plugin, error) from error

    def gathered(asked: Asked) -> Iterator[Item]:
        try:
            yield from gather(asked)
        except Exception as error:
            raise host.blame(plugin, error) from error

    return gathered
