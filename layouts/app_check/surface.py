"""What apps can count on, as data: the shell's version, its commands and agents, the widget kinds, plugins with theirs.

Nothing of the shell or of a plugin is imported for it, so that the source server can check what it will never run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from kernel.error import EspalierError
from kernel.shipped import read_shipped
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.plugin_manifest import kinds_of, read_manifest, sources_of

#: The file of ``resources`` that ``python -m shell.reference`` writes.
SURFACE_FILE = "surface.toml"


class Surface(NamedTuple):
    """What is there around an app.

    Attributes:
        shell: The shell's version.
        kinds: Kind name → record, the plugins' included.
        commands: Ids of the shell's commands.
        agents: Names of the shell's boot agents.
        packages: Top-level modules that are the shell's.
        plugins: Plugin → version.
        sources: Kind of source that a plugin offers → the entries that it has.
    """

    shell: str
    kinds: Mapping[str, Kind]
    commands: frozenset[str]
    agents: frozenset[str]
    packages: frozenset[str]
    plugins: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]] = {}


def shipped_surface(plugin_folders: Iterable[Path] = ()) -> Surface:
    """What this installation offers, with the plugins of these folders; broken plugins are left out.

    Raises:
        OSError: the installation is not whole.
    """
    table = read_shipped(_place("resources") / SURFACE_FILE)
    kinds, plugins, sources = dict(BUILT_IN), {}, {}
    commands, agents = set(table["commands"]), set(table["agents"])
    for folder in (_place("plugins"), *plugin_folders):
        for path in sorted(folder.glob("*/plugin.toml")):
            try:
                manifest = read_manifest(path)
            except EspalierError:  # its owner is told where the plugin is opened
                continue
            plugins[manifest.id] = manifest.version
            sources |= sources_of(manifest)
            agents.update(agent.name for agent in manifest.agents)
            commands.update(command.id for command in manifest.commands)
            kinds |= {kind.name: kind for kind in kinds_of(manifest) if kind.name not in kinds}
    packages = frozenset(table["packages"])
    return Surface(table["shell"], kinds, frozenset(commands), frozenset(agents), packages, plugins, sources)


def _place(room: str) -> Path:
    """The folder of a top-level package, which is not imported."""
    spec = find_spec(room)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {room} is missing")
    return Path(next(iter(spec.submodule_search_locations)))
