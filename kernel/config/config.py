"""The configuration in force: every option's value from the strongest layer that has one.

Wrong entries are problems to show; their options keep the last good value, or the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kernel.config.error import ConfigError, Problem, ValueRefusedError
from kernel.config.layer import Layer, argument_layer, empty_layer, environment_layer, file_layer
from kernel.config.option import Option, Options, built_in_options
from kernel.config.paths import Paths, find_paths
from kernel.config.value import read_value, write_value
from kernel.disposer import Disposer
from kernel.error import Where
from kernel.nearest import did_you_mean
from kernel.words import mark

#: Answers options that are in no table yet, for the configuration that names where they come from.
More = Callable[["Config"], Options]


def load(
    basedir: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
    arguments: Iterable[str] = (),
    options: Options | None = None,
    more: More | None = None,
) -> Config:
    """The configuration of a person.

    Args:
        basedir: Directory that holds everything; ``ESPALIER_BASEDIR`` of the environment counts when None.
        environ: The environment; the process's own when None.
        arguments: What stood behind ``--set``: ``"ui.theme=dark"``.
        options: The option table; the built-in one when None.
        more: Answers further options, those of plugins; asked when a name is met that is in no table.
    """
    environ = os.environ if environ is None else environ
    paths = find_paths(basedir or environ.get("ESPALIER_BASEDIR") or None)
    return Config(paths, built_in_options() if options is None else options, environ, tuple(arguments), more)


class Config:
    """Options of one person; ``config["ui.theme"]`` is a value.

    Attributes:
        paths: The person's directories.
        options: The option table.
        problems: What is wrong with the layers as they were read last.
    """

    def __init__(
        self,
        paths: Paths,
        options: Options,
        environ: Mapping[str, str],
        arguments: tuple[str, ...],
        more: More | None = None,
    ) -> None:
        self.paths = paths
        self.options = options
        self._given = environ, arguments
        self._more = more
        self._told: list[Problem] = []
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._file = empty_layer()
        self.problems: list[Problem] = []
        self._read()
        if self.problems:
            # A name that is not known may be an option of a plugin.
            self.complete()

    def complete(self) -> Options:
        """The whole option table, further options included; those of plugins are asked for at the first need."""
        if self._more is not None:
            more, self._more = self._more, None
            self.take_options(more(self))
        return self.options

    def tell(self, problem: Problem) -> None:
        """Add a problem of what the configuration names, such as a folder of plugins."""
        self._told.append(problem)
        self.problems.append(problem)

    def on_change(self, listener: Callable[[frozenset[str]], None]) -> Disposer:
        """Tell the listener the names of what :meth:`set` and :meth:`reload` have changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def take_options(self, further: Options) -> None:
        """Know further options from now on, and read what every layer says of them."""
        if further:
            self.options = {**self.options, **further}
            self._read()

    def drop_options(self, names: Iterable[str]) -> None:
        """Forget options that were taken."""
        gone = set(names)
        self.options = {name: option for name, option in self.options.items() if name not in gone}
        self._read()

    def __getitem__(self, name: str) -> Any:
        """The option's value.

        Raises:
            ConfigError: there is no such option.
        """
        option = self.option(name)
        layer = self._layer_of(name)
        return layer.values[name] if layer else option.default

    def option(self, name: str) -> Option:
        """The option's record; raises as :meth:`__getitem__`."""
        option = self.options.get(name) or self.complete().get(name)
        if option is None:
            raise ConfigError(mark(f"there is no option {name}"), hint=did_you_mean(name, self.options))
        return option

    def text(self, name: str) -> str:
        """The option's value as people write it."""
        return write_value(self.option(name), self[name])

    def origin(self, name: str) -> str:
        """Where the value comes from: a place in the file, the variable, the command line, or ``default``."""
        self.option(name)
        layer = self._layer_of(name)
        return str(layer.origins[name]()) if layer else "default"

    @property
    def servers(self) -> dict[str, str]:
        """Known servers: name → address with its port."""
        return dict(self._file.tables.get("servers", {}))

    @property
    def boot(self) -> dict[str, tuple[Any, ...]]:
        """The person's own boot table."""
        return dict(self._file.tables.get("boot", {}))

    def path(self, name: str) -> str:
        """The value of a path option with ``~`` replaced; empty stays empty."""
        return os.path.expanduser(self[name])

    def reload(self) -> frozenset[str]:
        """Read the file anew.

        Returns:
            The names of the options (and of ``servers``, ``boot``) whose value is another now.
        """
        before = self._snapshot()
        self._read_file()
        after = self._snapshot()
        changed = frozenset(name for name in after if after[name] != before.get(name))
        for listener in list(self._listeners) if changed else ():
            listener(changed)
        return changed

    def set(self, name: str, text: str) -> None:
        """Write a value into the file, keeping all else of it, and reload.

        Raises:
            ConfigError: no such option, a value it cannot have, or a file that cannot be changed.
        """
        from kernel.config.edit import write_option

        option = self.option(name)
        try:
            value = read_value(option, text)
        except ValueRefusedError as error:
            raise ConfigError(f"{name} {error}", hint=error.hint) from error
        write_option(self.paths.config_file, option, value)
        self.reload()

    def set_server(self, name: str, address: str | None) -> None:
        """Write a known server into the file, or remove it when the address is None, and reload.

        Raises:
            ConfigError: a file that cannot be changed.
        """
        from kernel.config.edit import write_entry

        write_entry(self.paths.config_file, "servers", name, address)
        self.reload()

    def _layer_of(self, name: str) -> Layer | None:
        layers = (self._arguments, self._environment, self._file)
        return next((layer for layer in layers if name in layer.values), None)

    def _read(self) -> None:
        environ, arguments = self._given
        self._environment = environment_layer(environ, self.options)
        self._arguments = argument_layer(arguments, self.options)
        self._read_file()

    def _read_file(self) -> None:
        new = file_layer(self.paths.config_file, self.options)
        self._file = _with_last_good(new, self._file)
        self.problems = [*new.problems, *self._environment.problems, *self._arguments.problems, *self._told]

    def _snapshot(self) -> dict[str, Any]:
        return {**{name: self[name] for name in self.options}, "servers": self.servers, "boot": self.boot}


def _with_last_good(new: Layer, old: Layer) -> Layer:
    """The new layer, with the old one's value where the new one's was refused; all of the old one if unreadable."""
    if not new.is_whole:
        return old._replace(problems=new.problems)
    for name in new.refused & old.values.keys():
        new.values[name] = old.values[name]
        new.origins[name] = lambda: Where("last good value")
    for table, entries in old.tables.items():
        kept = entries if table in new.refused else {
            name: value for name, value in entries.items() if f"{table}.{name}" in new.refused
        }
        if kept:
            new.tables[table] = {**kept, **new.tables.get(table, {})}
    return new
