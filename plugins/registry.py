"""Which plugins there are and what they add. Only manifests are read here; code is imported on first use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import plugins
from kernel.disposer import Disposer
from kernel.error import EspalierError, Where
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.plugin_manifest import FILE, Manifest, ManifestError, kinds_of, read_manifest

if TYPE_CHECKING:
    from kernel.config import Config

BUILT_IN_PLUGINS = Path(__file__).parent
#: The configuration that options are read from; set by the shell.
config: Config | None = None


#: The entry point by which installed packages are plugins.
ENTRY_POINTS = "espalier.plugins"
#: Where modules are looked for, with the times of these folders → the distributions with such an entry point.
_installed: tuple[tuple[tuple[str, int], ...], list[str]] = ((), [])


class Plugin(NamedTuple):
    """A plugin found: its folder and manifest, or what is wrong with it; its code is imported as ``package``."""

    directory: Path
    manifest: Manifest | None
    error: EspalierError | None = None
    package: str = ""

    @property
    def id(self) -> str:
        """Its id; its folder's name where it has no manifest."""
        return self.manifest.id if self.manifest else self.directory.name

    @property
    def is_in_folder(self) -> bool:
        """Whether it lies in a folder of the person's: neither shipped nor installed."""
        return self.package.startswith("plugins.") and self.directory.parent != BUILT_IN_PLUGINS


class LeftOut(NamedTuple):
    """A plugin that is not taken in, and why."""

    plugin: Plugin
    error: EspalierError


class PluginSet(NamedTuple):
    """The plugins in force.

    Attributes:
        plugins: In the order in which they are taken in: what one requires comes before it.
        left_out: Those that are wrong, or collide with one before them.
        kinds: The kind table, theirs included.
        unused: Those that are there and not used in this run; their kinds are in the table.
    """

    plugins: tuple[Plugin, ...]
    left_out: tuple[LeftOut, ...]
    kinds: dict[str, Kind]
    unused: tuple[Plugin, ...] = ()

    @property
    def command_ids(self) -> frozenset[str]:
        """The ids of their commands."""
        return frozenset(command.id for plugin in self.plugins for command in plugin.manifest.commands)

    def get(self, name: str) -> Plugin | None:
        """The plugin of an id, if it is in force."""
        return next((plugin for plugin in self.plugins if plugin.id == name), None)


def find_plugins(directories: Iterable[Path] = (BUILT_IN_PLUGINS,)) -> list[Plugin]:
    """All plugins in the directories, by name; a broken one is listed with its error, never skipped."""
    found = []
    for directory in directories:
        is_trusted = directory == BUILT_IN_PLUGINS
        for path in sorted(directory.glob(f"*/{FILE}")):
            found.append(read_plugin(path, f"plugins.{path.parent.name}", is_trusted=is_trusted))
    return found


def find_installed() -> list[Plugin]:
    """The plugins of installed packages; nothing of them is imported."""
    places = installed_places()
    if not places:
        return []
    from plugins.installed import installed_plugins

    return installed_plugins(places)


def installed_places() -> list[str]:
    """The distributions (their ``….dist-info``) that name an entry point of plugins; looked for once (0.6 ms)."""
    global _installed
    state = tuple((folder, _time_of(folder)) for folder in sys.path)
    if _installed[0] != state:
        _installed = state, [place for folder in sys.path for place in _distributions(folder) if _has_plugins(place)]
    return list(_installed[1])


def _time_of(folder: str) -> int:
    try:
        return os.stat(folder or ".").st_mtime_ns
    except OSError:
        return 0


def _distributions(folder: str) -> list[str]:
    try:
        with os.scandir(folder or ".") as entries:
            return sorted(entry.path for entry in entries if entry.name.endswith(".dist-info"))
    except OSError:  # a zip archive, or not there
        return []


def _has_plugins(place: str) -> bool:
    try:
        with open(os.path.join(place, "entry_points.txt"), "rb") as file:
            return ENTRY_POINTS.encode() in file.read()
    except OSError:  # it has none
        return False


def read_plugin(path: Path, package: str, *, is_trusted: bool = False, is_package: bool = False) -> Plugin:
    """The plugin of a plugin.toml, or what is wrong with it; see :func:`layouts.plugin_manifest.read_manifest`."""
    try:
        manifest = read_manifest(path, is_trusted=is_trusted, is_package=is_package)
    except ManifestError as error:
        return Plugin(path.parent, None, error, package)
    return Plugin(path.parent, manifest, None, package)


def kind_table(found: Iterable[Plugin], built_in: Mapping[str, Kind] = BUILT_IN) -> dict[str, Kind]:
    """The built-in kinds and those of the plugins.

    Raises:
        ManifestError: a plugin's kind has the name of one that is there already; both are named.
    """
    table = dict(built_in)
    for plugin in found:
        for kind in kinds_of(plugin.manifest, plugin.package) if plugin.manifest else ():
            if kind.name in table:
                first, second = table[kind.name].loader, kind.loader
                raise ManifestError(f"two plugins offer the kind {kind.name!r}: {first} and {second}")
            table[kind.name] = kind
    return table


def contributed_kinds() -> dict[str, Kind]:
    """The kinds that the shipped plugins add."""
    return kind_table(find_plugins(), {})


def take_plugins(
    found: Iterable[Plugin], table: Mapping[str, Kind] = BUILT_IN, commands: Iterable[str] = ()
) -> PluginSet:
    """The plugins of these that go together; who comes first stays, whatever collides with it is left out.

    Args:
        found: In the order of their standing: the shipped ones first.
        table: The kinds that are there anyway.
        commands: Ids of commands that are there anyway.
    """
    taken: dict[str, Plugin] = {}
    left_out: list[LeftOut] = []
    kinds, owners = dict(table), dict.fromkeys(commands, "Espalier")
    for plugin in found:
        try:
            if plugin.error is not None:
                raise plugin.error
            _check_new(plugin, taken, owners)
            kinds = kind_table([plugin], kinds)
        except EspalierError as error:
            left_out.append(LeftOut(plugin, error))
            continue
        taken[plugin.id] = plugin
        owners.update((command.id, f"the plugin {plugin.id}") for command in plugin.manifest.commands)
    ordered = list(taken.values())
    if any(plugin.manifest.requires or plugin.manifest.optional for plugin in ordered):
        from plugins.order import in_order

        ordered, without = in_order(ordered)
        left_out += without
        for name in [kind.name for gone in without for kind in gone.plugin.manifest.kinds]:
            del kinds[name]
    return PluginSet(tuple(ordered), tuple(left_out), kinds)


def _check_new(plugin: Plugin, taken: Mapping[str, Plugin], owners: Mapping[str, str]) -> None:
    """Refuse a plugin whose id, options or commands are somebody else's.

    Raises:
        ManifestError: they are; both sides are named.
    """
    where = Where(str(plugin.directory))
    other = taken.get(plugin.id)
    if other is not None:
        raise ManifestError(f"there is a plugin {plugin.id} already, in {other.directory}", where=where)
    if plugin.manifest.options and plugin.directory.parent != BUILT_IN_PLUGINS:
        from kernel.config.option import built_in_options
        from kernel.config.table import TABLES

        if plugin.id in TABLES or any(name.startswith(f"{plugin.id}.") for name in built_in_options()):
            raise ManifestError(f"the plugin {plugin.id} cannot have options: {plugin.id} are Espalier's", where=where)
    for command in plugin.manifest.commands:
        if command.id in owners:
            raise ManifestError(f"{owners[command.id]} has a command {command.id} already", where=where)


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
        from plugins.code import forget_modules

        forget_modules(package)

    return unregister


def _offered(plugin: Plugin) -> Disposer:
    """Take in the plugin's kinds of sources, if it has any."""
    if plugin.manifest is None or not plugin.manifest.sources:
        return lambda: None
    from plugins.sources import offer_sources

    return offer_sources(plugin.manifest, plugin.package)
