"""The argparse side of the command line, made from the table of subcommands; not needed to open an app."""

from __future__ import annotations

import argparse
from typing import NoReturn

from kernel.nearest import did_you_mean
from shell.cli_command import CliCommand
from shell.command_line import COMMANDS, OPTIONS, UsageError

_HEAD = """Espalier opens apps that live on a source server, and databases of this machine.

usage: espalier [OPTIONS]                 the window with all apps
       espalier [OPTIONS] NAME[@SERVER]   an app, of a known server or HOST:PORT
       espalier [OPTIONS] COMMAND ...

A link to espalier with another name opens the app of that name.
"""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are ours: one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage.

        Raises:
            UsageError: always.
        """
        raise UsageError(message, hint=f"{self.prog} --help tells more")


def parser_of(command: CliCommand) -> Parser:
    """The parser of one subcommand."""
    epilog = "options of every command:\n" + _options_text()
    if command.example:
        epilog = f"example: {command.example}\n\n{epilog}"
    parser = Parser(
        prog=f"espalier {command.name}",
        description=command.doc[:1].upper() + command.doc[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for argument in command.arguments:
        parser.add_argument(*argument.names, help=argument.doc.replace("%", "%%"), **argument.options)
    return parser


def parse(command: CliCommand, words: list[str]) -> argparse.Namespace:
    """The arguments of a subcommand.

    Raises:
        UsageError: they are wrong; names the nearest right option.
    """
    parser = parser_of(command)
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        known = [name for argument in command.arguments for name in argument.names if name.startswith("-")]
        hint = did_you_mean(unknown[0], [*known, *(option.name for option in OPTIONS)])
        raise UsageError(f"{command.name} does not take {unknown[0]}", hint=hint or f"{parser.prog} --help tells more")
    return arguments


def help_text() -> str:
    """What ``espalier --help`` says: everything, every subcommand's arguments included."""
    parts = [_HEAD, "options:", _options_text(), "commands:"]
    for command in COMMANDS.values():
        parts.append(f"  {command.name:<10} {command.doc}")
        for argument in command.arguments:
            parts.append(f"    {_label(argument.names[0], argument.options):<22} {argument.doc}")
    parts.append("\nespalier COMMAND --help tells about one command.")
    return "\n".join(parts)


def _options_text() -> str:
    rows = [(f"{option.name} {option.value}".strip(), option.doc) for option in OPTIONS]
    rows += [("-h, --help", "this text"), ("--version", "the version")]
    return "\n".join(f"  {label:<22} {doc}" for label, doc in rows) + "\n"


def _label(name: str, options: dict[str, object]) -> str:
    if not name.startswith("-"):
        return f"[{name.upper()}]" if options.get("nargs") == "?" else name.upper()
    if options.get("action") == "store_true":
        return name
    return f"{name} {options.get('metavar') or name.lstrip('-').upper()}"
