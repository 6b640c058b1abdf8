"""Asks before a plugin that an app of another machine brings is used for the first time, in a card in its place.

The app's own page has asked for what the app says; what a plugin of it does stands in the plugin's manifest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.words import say
from layouts.app_needs import PERMISSIONS
from plugins.code import PluginError, host
from shell import consent

if TYPE_CHECKING:
    from plugins.registry import Plugin
    from shell.session import Session


class UnansweredError(PluginError):
    """The plugin waits for its person's word.

    Attributes:
        title: What its card is headed with.
        offer: What its card's button says, and what it does.
    """

    is_told = True

    def __init__(self, session: Session, plugin: Plugin, key: str, wanted: consent.Agreed) -> None:
        names = [say(PERMISSIONS[name]) for name in wanted.permissions if name in PERMISSIONS]
        title = plugin.manifest.title or plugin.id
        super().__init__(
            say("{plugin}, a plugin of this app, is not allowed yet. It {permissions}", plugin=title,
                permissions="; ".join(names)),
            hint=say("it is code of the app: allow it if you trust who publishes it"),
        )  # fmt: skip
        self.title = say("Allow {plugin}?", plugin=title)
        self.offer = say("Allow it"), lambda: _allow(session, plugin, key, wanted)


def ask_first(session: Session, plugins: list[Plugin]) -> None:
    """Have those of an app's plugins wait that its person has not agreed to.

    Args:
        session: The app's.
        plugins: What it brings.
    """
    app: Any = session.app
    keys = consent.stranger_keys(app, session)
    for plugin in plugins if keys is not None else ():
        if plugin.manifest is None or not plugin.manifest.permissions:
            continue
        key = f"{app.info.key}/plugins/{plugin.id}"
        wanted = consent.Agreed(tuple(sorted(plugin.manifest.permissions)), True, keys)
        agreed = consent.consents_of(session).agreed(key)
        if agreed is None or not consent.covers(agreed, wanted):
            host.off[plugin.id] = UnansweredError(session, plugin, key, wanted)


def _allow(session: Session, plugin: Plugin, key: str, wanted: consent.Agreed) -> None:
    """Keep the answer, and show what waited."""
    from shell.plugin_life import renew_views, windows
    from widgets import recipe

    consent.consents_of(session).agree(key, wanted)
    host.off.pop(plugin.id, None)
    names = {kind.name for kind in plugin.manifest.kinds}
    recipe.forget(names)
    for window in windows():
        renew_views(window, names)
        window.keys.renew_plugins()
