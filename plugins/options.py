"""Options of plugins: rows of the option table from their manifests, and the values as plugins read and follow them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.config.option import Options, option_of
from kernel.config.value import write_value
from kernel.disposer import Disposer
from kernel.error import EspalierError
from plugins import registry
from plugins.code import PluginError

if TYPE_CHECKING:
    from kernel.config import Config
    from plugins.registry import Plugin


def options_of(found: Iterable[Plugin]) -> Options:
    """Full name → option, of all these plugins."""
    rows = ((f"{plugin.id}.{record.name}", record) for plugin in found for record in plugin.manifest.options)
    return {name: option_of(name, msgspec.structs.asdict(record)) for name, record in rows}


class Values:
    """The values in force in this process."""

    def __init__(self) -> None:
        self._config: Config | None = None
        self._unfollow: Disposer = lambda: None
        self._watchers: list[tuple[str, Callable[[Any], None]]] = []

    def use(self, config: Config) -> None:
        """Read and follow this configuration from now on."""
        if config is not self._config:
            self._unfollow()
            self._config, self._unfollow = config, config.on_change(self._tell)

    def read(self, name: str) -> Any:
        """See :func:`option`."""
        return self._used()[name]

    @property
    def folder(self) -> Path:
        """Where the person's own files are."""
        return self._used().paths.config

    def write(self, name: str, value: Any) -> None:
        """See :func:`set_option`."""
        config = self._used()
        config.set(name, write_value(config.option(name), value))

    def _used(self) -> Config:
        if registry.config is not None:  # a later window may have read another one
            self.use(registry.config)
        if self._config is None:
            raise PluginError("options can be read where Espalier runs")
        return self._config

    def watch(self, name: str, listener: Callable[[Any], None]) -> Disposer:
        """See :func:`watch_option`."""
        row = (name, listener)
        listener(self.read(name))
        self._watchers.append(row)

        def dispose() -> None:
            if row in self._watchers:
                self._watchers.remove(row)

        return dispose

    def _tell(self, changed: frozenset[str]) -> None:
        for name, listener in list(self._watchers):
            if name in changed:
                listener(self.read(name))

    def forget(self, plugin: str) -> None:
        """Let go of who follows options of a plugin."""
        self._watchers = [row for row in self._watchers if not row[0].startswith(f"{plugin}.")]

    def __len__(self) -> int:
        """How many follow an option."""
        return len(self._watchers)


#: One per process.
values = Values()


def option(name: str, *otherwise: Any) -> Any:
    """The value of an option (``toy.speed``), the plugin's own or any other; its type is the option's.

    Args:
        name: The option's full name.
        otherwise: What is answered where nobody's configuration has it, as for a source that a server opens.

    Raises:
        EspalierError: there is no such option.
    """
    try:
        return values.read(name)
    except EspalierError:
        if not otherwise:
            raise
        return otherwise[0]


def set_option(name: str, value: Any) -> None:
    """Write an option into the person's configuration; who follows it is told.

    Raises:
        EspalierError: there is no such option, it cannot have the value, or the file cannot be changed.
    """
    values.write(name, value)


def watch_option(name: str, listener: Callable[[Any], None]) -> Disposer:
    """Tell the listener the option's value now and whenever it changes; on the GUI thread."""
    return values.watch(name, listener)


def own_file(name: str) -> Path:
    """The person's own file of that name (``snippets.toml``), beside their ``keys.toml``; it need not be there."""
    return values.folder / name


#: The option that names the keymap in force.
_KEYMAP = "keys.map"


def keymap_name() -> str:
    """The keymap in force: ``default``, which has no modes, or ``vim``."""
    return values.read(_KEYMAP)


def watch_keymap(listener: Callable[[str], None]) -> Disposer:
    """Tell the listener the name of the keymap now and whenever another one is chosen; on the GUI thread."""
    return values.watch(_KEYMAP, listener)
