"""Reads the keymap of a window from its layers: a built-in one, plugins, the app, the person's keys.toml.

The built-in keymaps are data in ``resources/keymaps``; the option ``keys.map`` names the one in force.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from kernel.words import say
from layouts.node import CommandDeclaration
from shell.key import KeyTextError, parse_keys
from shell.keymap import Binding, Keymap, KeymapError, KeymapFile, clash_report, read_file, read_keymap

_FOLDER = Path(__file__).parent.parent / "resources" / "keymaps"
#: The keymap that people begin with.
DEFAULT = "default"


class KeyFiles:
    """The keymap's files and the last good bindings of the person's own.

    Args:
        user_file: The person's keys.toml; it need not exist.
        report: Called with (level, text, detail) about a file that cannot be used and about clashes.
        plugins: Answers the keys of plugins.
        name: Answers the name of the built-in keymap.
        known: Answers the ids of all commands; asked when the person has keys.
    """

    def __init__(
        self,
        user_file: Path,
        report: Callable[[str, str, str], None],
        plugins: Callable[[], Iterable[Binding]] = tuple,
        name: Callable[[], str] = lambda: DEFAULT,
        known: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._user_file = user_file
        self._report = report
        self._plugins = plugins
        self._name, self._known = name, known
        self._told = ("", "")
        self._last_good: list[Binding] = []
        #: The bindings that were laid over each other last, whether they are modal, and what came of it.
        self._loaded: tuple[list[Binding], bool, Keymap, str] | None = None

    def load(self, commands: Iterable[CommandDeclaration] = ()) -> Keymap:
        """All layers laid over each other; a wrong file of the person's leaves their last good keys in force.

        The keymap is the same object for as long as the layers say the same.
        """
        table = built_in_file(self._name())
        bindings = [*table.bindings, *self._plugins(), *self._app(commands), *self._user()]
        if self._loaded is None or self._loaded[:2] != (bindings, table.is_modal):
            keymap = Keymap(bindings, table.is_modal)
            unusual = [clash for clash in keymap.clashes if {clash.winner.layer, clash.loser.layer} != {"built-in"}]
            self._loaded = bindings, table.is_modal, keymap, clash_report(unusual)
        _, _, keymap, clashes = self._loaded
        self._tell(clashes, self._unknown(keymap))
        return keymap

    def _tell(self, clashes: str, unknown: str) -> None:
        """Say what is wrong, once for as long as it is the same."""
        told, self._told = self._told, (clashes, unknown)
        if clashes and clashes != told[0]:
            self._report("warning", say("Some keys are bound twice"), clashes)
        if unknown and unknown != told[1]:
            self._report("warning", say("Some of your keys name commands that are not there"), unknown)

    def _unknown(self, keymap: Keymap) -> str:
        """The person's keys for commands that are in no room known here; those of other apps cannot be told."""
        own = [one for one in keymap if one.layer == "user"]
        if not own or not (known := self._known()):
            return ""
        from shell.keymap_check import unknown_commands

        return "\n".join(f"{one}: {hint}" for one, hint in unknown_commands(own, known))

    def _app(self, commands: Iterable[CommandDeclaration]) -> list[Binding]:
        bindings = []
        for command in commands:
            try:
                if command.key:
                    bindings.append(Binding(parse_keys(command.key), command.id, "App", "app", command.where))
            except KeyTextError as error:
                said = say("The key of {command} is not usable: {reason}", command=command.id, reason=error.message)
                self._report("warning", said, str(command.where))
        return bindings

    def _user(self) -> list[Binding]:
        try:
            text = self._user_file.read_text(encoding="utf-8")
            self._last_good = read_keymap(text, "user", str(self._user_file))
        except FileNotFoundError:
            self._last_good = []
        except (KeymapError, OSError, UnicodeDecodeError) as error:
            self._report("error", say("Your keys could not be read; the last good ones stay in force"), str(error))
        return self._last_good


def built_in(name: str = DEFAULT) -> list[Binding]:
    """The keys of a keymap that Espalier comes with."""
    return built_in_file(name).bindings


def built_in_names() -> list[str]:
    """The keymaps that Espalier comes with."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


@functools.cache
def built_in_file(name: str) -> KeymapFile:
    """A keymap that Espalier comes with, joined with the one that it adds to: its own keys go before those."""
    path = _FOLDER / f"{name}.toml"
    found = read_file(path.read_text(encoding="utf-8"), "built-in", path.name)
    if not found.base:
        return found
    own = {(one.keys, one.view, one.mode) for one in found.bindings}
    under = [one for one in built_in(found.base) if (one.keys, one.view, one.mode) not in own]
    return found._replace(bindings=[*under, *found.bindings])
