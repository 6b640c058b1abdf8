"""Commands that switch plugins off and on again while windows are open."""

from __future__ import annotations

from typing import Annotated, Any

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from kernel.words import say


def stop(window: Any, plugin: Annotated[str, "plugin"]) -> None:
    """Undo what a plugin has brought.

    Raises:
        EspalierError: there is no such plugin.
    """
    from shell.plugin_life import unload

    unload(_found(window, plugin), keeps_kinds=True)
    window.messages.report("info", say("The plugin {plugin} is switched off", plugin=plugin))


def start(window: Any, plugin: Annotated[str, "plugin"]) -> None:
    """Load a plugin anew.

    Raises:
        EspalierError: there is no such plugin, or its manifest is wrong.
    """
    from shell.plugin_life import load, unload

    found = _found(window, plugin)
    unload(found, keeps_kinds=True)
    load(found)
    window.messages.report("info", say("The plugin {plugin} is switched on", plugin=plugin))


def _found(window: Any, name: str) -> Any:
    from plugins.code import host
    from shell.kinds import plugin_set
    from shell.plugin_life import ready_host

    ready_host()
    known = {one.id: one for one in (*host.known(), *plugin_set(window.session.config).plugins)}
    if name not in known:
        raise EspalierError(f"there is no plugin {name}", hint=did_you_mean(name, known) or ", ".join(known))
    return known[name]
