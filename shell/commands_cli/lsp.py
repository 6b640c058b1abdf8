"""``espalier lsp``: the language server for layouts, manifests and keymaps, over standard input and output."""

from __future__ import annotations

import argparse

from layouts.language_server.surroundings import CommandDoc, Surroundings
from layouts.node import Template
from layouts.problem import Problem
from shell.kinds import all_kinds, offer_sources
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Serve the editor until it ends the connection; answers the exit code."""
    from importlib.metadata import version

    from layouts.language_server.server import Server
    from shell.commands_cli.schemas import schemas_of

    offer_sources(session.config)
    kinds = all_kinds(session.config)
    return Server(Surroundings(version("espalier"), kinds, _commands(), schemas_of, key_problems)).run()


def _commands() -> dict[str, CommandDoc]:
    """The shell's commands with their keys."""
    from shell.builtin import BUILT_IN
    from shell.key import format_keys
    from shell.keys import built_in

    keys: dict[str, list[str]] = {}
    for binding in built_in():
        keys.setdefault(binding.command, []).append(format_keys(binding.keys))
    return {one.id: CommandDoc(_title(one.title), one.doc, ", ".join(keys.get(one.id, ()))) for one in BUILT_IN}


def _title(title: str | Template) -> str:
    """What a title says before anything is filled in."""
    if isinstance(title, str):
        return title
    return "".join(part for part in title.parts if isinstance(part, str)).strip()


def key_problems(text: str, file: str) -> list[Problem]:
    """What is wrong with a keymap: what cannot be read, keys that clash, commands that nobody knows."""
    from kernel.error import Where
    from kernel.nearest import did_you_mean
    from shell.builtin import COMMAND_IDS
    from shell.keymap import Keymap, KeymapError, read_keymap

    try:
        bindings = read_keymap(text, "user", file)
    except KeymapError as error:
        return [Problem(error.where or Where(file, 1, 1), error.message, error.hint)]
    problems = [Problem(clash.loser.where, str(clash), "", "", "warning") for clash in Keymap(bindings).clashes]
    rooms = {name.partition(".")[0] for name in COMMAND_IDS}
    for binding in bindings:
        command = binding.command.partition(" ")[0]
        if command and command not in COMMAND_IDS and command.partition(".")[0] in rooms:
            hint = did_you_mean(command, COMMAND_IDS)
            message = f"Espalier has no command {command}; unless an app has it, the key does nothing"
            problems.append(Problem(binding.where, message, hint, "", "warning"))
    return problems
