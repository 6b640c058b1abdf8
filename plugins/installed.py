"""Plugins of installed packages, found by the entry point ``espalier.plugins`` without importing any of them.

An entry ``gauge = "espalier_gauge"`` says that the package ``espalier_gauge`` is the plugin ``gauge``: its plugin.toml
lies in the package's folder. Imported where a distribution has such an entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, PathDistribution
from importlib.util import find_spec
from pathlib import Path

from kernel.error import Where
from layouts.plugin_manifest import FILE, ManifestError
from plugins.registry import ENTRY_POINTS, Plugin, read_plugin


def installed_plugins(places: Iterable[str]) -> list[Plugin]:
    """The plugins of distributions.

    Args:
        places: Their folders ``….dist-info``.
    """
    found = []
    for place in places:
        distribution = PathDistribution(Path(place))
        for entry in distribution.entry_points:
            if entry.group == ENTRY_POINTS:
                found.append(_plugin(distribution, entry, place))
    return found


def _plugin(distribution: PathDistribution, entry: EntryPoint, place: str) -> Plugin:
    package = entry.module
    path = _manifest(distribution, package)
    if path is None:
        hint = f"{package.replace('.', '/')}/{FILE} must be among its files"
        error = ManifestError(f"the package of the plugin {entry.name} has no {FILE}", where=Where(place), hint=hint)
        return Plugin(Path(place), None, error, package)
    plugin = read_plugin(path, package, is_package=True)
    if plugin.manifest is not None and plugin.manifest.id != entry.name:
        message = f"the entry point {entry.name} leads to the plugin {plugin.manifest.id}"
        error = ManifestError(message, where=Where(str(path)), hint="both must be called the same")
        return Plugin(path.parent, None, error, package)
    return plugin


def _manifest(distribution: PathDistribution, package: str) -> Path | None:
    """Where the plugin.toml is: among the distribution's files, or in the folder that its sources are worked on in."""
    wanted = f"{package.replace('.', '/')}/{FILE}"
    for file in distribution.files or ():
        if file.as_posix() == wanted and (path := Path(str(distribution.locate_file(file)))).is_file():
            return path
    top, *inner = package.split(".")
    spec = find_spec(top)  # of a top package nothing is imported
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        if (path := Path(folder, *inner, FILE)).is_file():
            return path
    return None
