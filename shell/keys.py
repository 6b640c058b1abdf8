"""Reads the keymap of a window from its layers: the built-in table, plugins, the app, the person's keys.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from layouts.node import CommandDeclaration
from shell.key import KeyTextError, parse_keys
from shell.keymap import Binding, Keymap, KeymapError, read_keymap

_TABLE = Path(__file__).parent.parent / "resources" / "keymaps" / "default.toml"


class KeyFiles:
    """The keymap's files and the last good bindings of the person's own.

    Args:
        user_file: The person's keys.toml; it need not exist.
        report: Called with (level, text, detail) about a file that cannot be used and about clashes.
        plugins: Answers the keys of plugins.
    """

    def __init__(
        self, user_file: Path, report: Callable[[str, str, str], None], plugins: Callable[[], Iterable[Binding]] = tuple
    ) -> None:
        self._user_file = user_file
        self._report = report
        self._plugins = plugins
        self._last_good: list[Binding] = []

    def load(self, commands: Iterable[CommandDeclaration] = ()) -> Keymap:
        """All layers laid over each other; a wrong file of the person's leaves their last good keys in force."""
        keymap = Keymap([*built_in(), *self._plugins(), *self._app(commands), *self._user()])
        unusual = [clash for clash in keymap.clashes if {clash.winner.layer, clash.loser.layer} != {"built-in"}]
        if unusual:
            self._report("warning", "Some keys are bound twice", "\n".join(map(str, unusual)))
        return keymap

    def _app(self, commands: Iterable[CommandDeclaration]) -> list[Binding]:
        bindings = []
        for command in commands:
            try:
                if command.key:
                    bindings.append(Binding(parse_keys(command.key), command.id, "App", "app", command.where))
            except KeyTextError as error:
                self._report("warning", f"The key of {command.id} is not usable: {error.message}", str(command.where))
        return bindings

    def _user(self) -> list[Binding]:
        try:
            text = self._user_file.read_text(encoding="utf-8")
            self._last_good = read_keymap(text, "user", str(self._user_file))
        except FileNotFoundError:
            self._last_good = []
        except (KeymapError, OSError, UnicodeDecodeError) as error:
            self._report("error", "Your keys could not be read; the last good ones stay in force", str(error))
        return self._last_good


def built_in() -> list[Binding]:
    """The keys that Espalier comes with."""
    return read_keymap(_TABLE.read_text(encoding="utf-8"), "built-in", _TABLE.name)
