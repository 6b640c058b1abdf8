"""Sources of plugins in apps of a server: opened by the window itself, since a server imports no plugin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.nearest import did_you_mean
from kernel.tables.contract import Source
from kernel.tables.source import open_source
from shell.app import OpenError
from shell.kinds import offer_sources, plugin_set

if TYPE_CHECKING:
    from kernel.config import Config

#: Kinds of sources that a server opens for its apps.
SERVED = ("sqlite", "postgres")


def open_here(
    name: str,
    description: Mapping[str, Any],
    permissions: Collection[str],
    config: Config,
    read_file: Callable[[str], bytes | None],
) -> Source:
    """The source of an app of a server whose kind is a plugin's.

    Args:
        name: Of the source.
        description: Its entry in the app's manifest.
        permissions: What the app asked for, and its person has agreed to.
        config: Says which plugins there are.
        read_file: Reads the app's files.

    Raises:
        OpenError: no plugin here has that kind, or the app does not ask for what the plugin does.
        SourceError: it cannot be opened.
    """
    kind = str(description.get("kind"))
    found = plugin_set(config).plugins
    owner = next((plugin for plugin in found if kind in plugin.manifest.sources), None)
    if owner is None:
        known = [*SERVED, *(source for plugin in found for source in plugin.manifest.sources)]
        hint = did_you_mean(kind, known) or "a plugin that offers it is missing"
        raise OpenError(f"the source {name} is of the kind {kind}, which nothing here opens", hint=hint)
    lacking = [word for word in owner.manifest.permissions if word not in permissions]
    if lacking:
        message = f"the source {name} needs the permission {lacking[0]}, which the app does not ask for"
        raise OpenError(message, hint=f'permissions = ["{lacking[0]}"] in its app.toml')
    offer_sources(config)

    def need_file(path: str) -> bytes:
        content = read_file(path)
        if content is None:
            raise KeyError(path)
        return content

    # It has no folder of its own: what it opens are other things than files of the app.
    return open_source(description, Path.home(), need_file)
