"""Who keeps versions of a file: plugins that say so in their manifests, and whoever was added besides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kernel.versions import keepers
from plugins.code import host

if TYPE_CHECKING:
    from kernel.versions import FileVersions, Keeper


def keeper_of(place: Path) -> Keeper | None:
    """Opens the versions of a file, to be called on a thread; None where nobody may have any. On the GUI thread.

    Nothing of a plugin is imported for a file above which its marker does not stand.

    Args:
        place: The file, there or not yet.

    Raises:
        PluginError: the code of the plugin cannot be loaded.
    """
    found: list[Keeper] = []
    for plugin in host.known():
        record = plugin.manifest.versions if plugin.manifest is not None else None
        is_off = plugin.id in host.off or bool(host.safe_reason)
        if record is not None and not is_off and _stands_above(place, record.marker):
            found.append(host.load(plugin, record.loader))
    found += keepers()
    return (lambda path: _first(found, path)) if found else None


def _first(found: list[Keeper], path: Path) -> FileVersions | None:
    for keeper in found:
        if (versions := keeper(path)) is not None:
            return versions
    return None


def _stands_above(place: Path, marker: str) -> bool:
    try:
        return any((folder / marker).exists() for folder in place.resolve().parents)
    except (OSError, RuntimeError):  # a folder that may not be looked into, or links in a circle
        return False
