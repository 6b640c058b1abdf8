"""Commands and keys of plugins in a window, made from their manifests; a plugin is imported when one is run.

Imported when a command is met that is not the shell's, for the palette and the menu, and with the keymap.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from kernel.error import EspalierError, Where
from kernel.words import say
from layouts.plugin_manifest import FILE, ArgumentRecord, CommandRecord
from shell.command import Command, Listed
from shell.key import KeyTextError, parse_keys
from shell.keymap import Binding
from shell.kinds import plugin_set

if TYPE_CHECKING:
    from plugins.registry import Plugin
    from shell.window import Window

_TYPES: dict[str, type] = {"text": str, "integer": int, "number": float, "boolean": bool}


class PluginRun:
    """What a command of a plugin runs; the registry reads its arguments off the manifest, by ``__signature__``.

    Args:
        plugin: Whose it is.
        record: Its entry in the manifest.
    """

    def __init__(self, plugin: Plugin, record: CommandRecord) -> None:
        self._plugin, self._record = plugin, record
        window = inspect.Parameter("window", inspect.Parameter.KEYWORD_ONLY)
        self._defaults = {one.name: one.default for one in record.arguments if one.default is not msgspec.UNSET}
        self.__signature__ = inspect.Signature([window, *map(_parameter, record.arguments)])

    def __call__(self, window: Window, **arguments: Any) -> None:
        """Run it in a window.

        Raises:
            EspalierError: there is no such view, or the plugin's code cannot be loaded.
        """
        from shell.plugin_life import ready_host
        from shell.workplace import WindowWorkplace

        place: Any = WindowWorkplace(window)
        if self._record.view:
            place = window.nearest_view(self._record.view)
            if place is None:
                raise EspalierError(_no_view(self._record.view))
        host = ready_host()
        function = host.load(self._plugin, self._record.loader)
        try:
            function(place, **self._defaults | arguments)
        except Exception as error:
            raise host.blame(self._plugin, error) from error


def _parameter(argument: ArgumentRecord) -> inspect.Parameter:
    named: Any = Annotated[str, argument.type]
    if argument.values:
        table, _, column = argument.values.partition(".")
        named = Annotated[str, argument.type, Listed(table, column, argument.only)]
    plain = named if argument.values else _TYPES.get(argument.type, named)
    annotation = Literal[argument.choices] if argument.type == "choice" else plain
    default = inspect.Parameter.empty if argument.default is msgspec.UNSET else argument.default
    return inspect.Parameter(
        argument.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def plugin_commands(window: Window) -> list[Command]:
    """The commands of the plugins in force, for a window."""
    from shell.words import take_plugin_words

    found = plugin_set(window.session.config).plugins
    take_plugin_words(plugin.directory for plugin in found)
    return [_command(plugin, record, window) for plugin in found for record in plugin.manifest.commands]


def _command(plugin: Plugin, record: CommandRecord, window: Window) -> Command:
    return Command(
        record.id,
        say(record.title),
        PluginRun(plugin, record),
        say(record.doc),
        record.icon,
        record.when,
        say(record.section or plugin.manifest.title),
        say(record.confirm) if record.confirm else "",
        blocked=_blocked(window, record.view) if record.view else None,
        is_listed=record.is_listed,
    )


def _blocked(window: Window, view: str) -> Callable[[], str]:
    return lambda: "" if window.nearest_view(view) is not None else _no_view(view)


def _no_view(kind: str) -> str:
    return say("There is no {kind} in this window", kind=kind)


def plugin_bindings(
    found: Iterable[Plugin], report: Callable[[str, str, str], None] = lambda *_: None
) -> Iterator[Binding]:
    """The default keys of plugins.

    Args:
        found: The plugins.
        report: Told (level, text, detail) of keys that nobody can type.
    """
    from layouts.plugin_rules import place_of

    for plugin in found:
        for place, record in enumerate(plugin.manifest.commands):
            for number, key in enumerate(record.keys):
                try:
                    keys = parse_keys(key)
                except KeyTextError as error:
                    where = place_of(plugin.directory / FILE, ("commands", place, "keys", number), is_value=True)
                    said = say("The key of {command} is not usable: {reason}", command=record.id, reason=error.message)
                    report("warning", said, str(where))
                    continue
                where = Where(str(plugin.directory / FILE))
                yield Binding(keys, record.id, plugin.manifest.title, "plugin", where, record.view)
