"""Which plugins there are and what they add. Only manifests are read here; code is imported on first use."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import plugins
from kernel.disposer import Disposer
from kernel.error import EspalierError
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from plugins.manifest import Manifest, ManifestError, kinds_of, read_manifest

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


def register(plugin: Plugin) -> Disposer:
    """Make a plugin outside the built-in folder importable; the disposer forgets its code again."""
    parent = str(plugin.directory.parent)
    is_new = parent not in plugins.__path__
    if is_new:
        plugins.__path__.append(parent)
    package = f"plugins.{plugin.directory.name}"

    def unregister() -> None:
        if is_new and parent in plugins.__path__:
            plugins.__path__.remove(parent)
        for name in [name for name in sys.modules if name == package or name.startswith(package + ".")]:
            del sys.modules[name]

    return unregister
