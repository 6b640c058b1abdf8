"""``espalier lsp``: the language server for layouts, manifests and keymaps, over standard input and output."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kernel.words import say
from layouts.language_server.surroundings import CommandDoc, Surroundings
from layouts.problem import Problem
from shell.builtin import COMMAND_IDS
from shell.kinds import all_kinds, offer_sources, plugin_set
from shell.session import Session

if TYPE_CHECKING:
    from plugins.registry import Plugin


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Serve the editor until it ends the connection; answers the exit code."""
    from importlib.metadata import version

    from layouts.language_server.server import Server
    from layouts.texts.language import language_of
    from shell.commands_cli.schemas import schemas_of
    from shell.words import take_plugin_words, take_words

    offer_sources(session.config)
    kinds = all_kinds(session.config)
    found = plugin_set(session.config).plugins
    take_words(language_of(session.config["ui.language"], os.environ))
    take_plugin_words(one.directory for one in found)
    commands = _commands() | _plugin_commands(found)

    def check_keys(text: str, file: str) -> list[Problem]:
        return key_problems(text, file, frozenset(commands))

    versions = {one.manifest.id: one.manifest.version for one in found}
    return Server(Surroundings(version("espalier"), kinds, commands, schemas_of, check_keys, versions)).run()


def _plugin_commands(found: Iterable[Plugin]) -> dict[str, CommandDoc]:
    rows = (record for plugin in found for record in plugin.manifest.commands)
    return {one.id: CommandDoc(say(one.title), say(one.doc), ", ".join(one.keys)) for one in rows}


def _commands() -> dict[str, CommandDoc]:
    """The shell's commands with their keys."""
    from shell.builtin import BUILT_IN
    from shell.command import plain_title
    from shell.key import format_keys
    from shell.keys import built_in
    from shell.words import worded_commands

    keys: dict[str, list[str]] = {}
    for binding in built_in():
        keys.setdefault(binding.command, []).append(format_keys(binding.keys))
    commands = worded_commands(BUILT_IN)
    return {one.id: CommandDoc(plain_title(one.title), one.doc, ", ".join(keys.get(one.id, ()))) for one in commands}


def key_problems(text: str, file: str, known: frozenset[str] = COMMAND_IDS) -> list[Problem]:
    """What is wrong with a keymap: what cannot be read, keys that clash, commands that nobody knows."""
    from kernel.error import Where
    from kernel.nearest import did_you_mean
    from shell.keymap import Keymap, KeymapError, read_keymap

    try:
        bindings = read_keymap(text, "user", file)
    except KeymapError as error:
        return [Problem(error.where or Where(file, 1, 1), error.message, error.hint)]
    problems = [Problem(clash.loser.where, str(clash), "", "", "warning") for clash in Keymap(bindings).clashes]
    rooms = {name.partition(".")[0] for name in known}
    for binding in bindings:
        command = binding.command.partition(" ")[0]
        if command and command not in known and command.partition(".")[0] in rooms:
            hint = did_you_mean(command, known)
            message = f"Espalier has no command {command}; unless an app has it, the key does nothing"
            problems.append(Problem(binding.where, message, hint, "", "warning"))
    return problems
