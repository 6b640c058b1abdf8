"""Which plugins there are and what they add. Only manifests are read here; code is imported on first use."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import plugins
from kernel.disposer import Disposer
from kernel.error import EspalierError, Where
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.plugin_manifest import Manifest, ManifestError, kinds_of, read_manifest

BUILT_IN_PLUGINS = Path(__file__).parent


class Plugin(NamedTuple):
    """A plugin found: its folder and manifest, or what is wrong with it."""

    directory: Path
    manifest: Manifest | None
    error: EspalierError | None = None


def find_plugins(directories: Iterable[Path] = (BUILT_IN_PLUGINS,)) -> list[Plugin]:
    """All plugins in the directories, by name; a broken one is listed with its error, never skipped."""
    found = []
    for directory in directories:
        for path in sorted(directory.glob("*/plugin.toml")):
            try:
                found.append(Plugin(path.parent, read_manifest(path)))
            except ManifestError as error:
                found.append(Plugin(path.parent, None, error))
    return found


def kind_table(found: Iterable[Plugin], built_in: Mapping[str, Kind] = BUILT_IN) -> dict[str, Kind]:
    """The built-in kinds and those of the plugins.

    Raises:
        ManifestError: a plugin's kind has the name of one that is there already; both are named.
    """
    table = dict(built_in)
    for plugin in found:
        for kind in kinds_of(plugin.manifest) if plugin.manifest else ():
            if kind.name in table:
                first, second = table[kind.name].loader, kind.loader
                raise ManifestError(f"two plugins offer the kind {kind.name!r}: {first} and {second}")
            table[kind.name] = kind
    return table


def contributed_kinds() -> dict[str, Kind]:
    """The kinds that the shipped plugins add."""
    return kind_table(find_plugins(), {})


def add_plugins(folders: Iterable[Path], table: Mapping[str, Kind]) -> tuple[dict[str, Kind], list[EspalierError]]:
    """The kinds of ``table`` and those of the plugins in a person's folders, whose code can be imported from then on.

    Returns:
        The kinds, and why plugins or folders were left out.
    """
    kinds, errors = dict(table), []
    for folder in folders:
        if not folder.is_dir():
            errors.append(EspalierError(f"there is no folder {folder}", hint="plugins.folders names it"))
        for plugin in find_plugins([folder]):
            try:
                if plugin.error is not None:
                    raise plugin.error
                more = kind_table([plugin], kinds)
                register(plugin)
                kinds = more
            except EspalierError as error:
                errors.append(error)
    return kinds, errors


def register(plugin: Plugin) -> Disposer:
    """Make a plugin outside the built-in folder importable; the disposer forgets its code again.

    Raises:
        ManifestError: another plugin, or a module of this room, has its name.
    """
    package = f"plugins.{plugin.directory.name}"
    spec = find_spec(package)
    if spec is not None and str(plugin.directory) not in (spec.submodule_search_locations or ()):
        raise ManifestError(f"there is a plugin {plugin.directory.name} already", where=Where(str(plugin.directory)))
    withdraw = _offered(plugin)
    parent = str(plugin.directory.parent)
    is_new = parent not in plugins.__path__
    if is_new:
        plugins.__path__.append(parent)
        invalidate_caches()

    def unregister() -> None:
        withdraw()
        if is_new and parent in plugins.__path__:
            plugins.__path__.remove(parent)
        for name in [name for name in sys.modules if name == package or name.startswith(package + ".")]:
            del sys.modules[name]

    return unregister


def _offered(plugin: Plugin) -> Disposer:
    """Take in the plugin's kinds of sources, if it has any."""
    if plugin.manifest is None or not plugin.manifest.sources:
        return lambda: None
    from plugins.sources import offer_sources

    return offer_sources(plugin.manifest)
