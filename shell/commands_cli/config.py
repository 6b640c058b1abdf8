"""``espalier config``: what is in force and why, one option, a change, the file, its problems."""

from __future__ import annotations

import argparse
import sys

from shell.command_line import UsageError
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Do the action; answers the exit code."""
    return _ACTIONS[arguments.action](arguments, session)


def _list(arguments: argparse.Namespace, session: Session) -> int:
    config = session.config
    rows = [(name, config.text(name), config.origin(name)) for name in config.complete()]
    rows += [(f"servers.{name}", address, "config.toml") for name, address in config.servers.items()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, origin in rows:
        print(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {origin}")
    _tell_problems(session)
    return 0


def _get(arguments: argparse.Namespace, session: Session) -> int:
    print(session.config.text(_name(arguments)))
    return 0


def _set(arguments: argparse.Namespace, session: Session) -> int:
    if arguments.value is None:
        raise UsageError("config set lacks the value", hint="espalier config set ui.theme dark")
    name = _name(arguments)
    session.config.set(name, arguments.value)
    config = session.config
    print(f"{name} = {config.text(name)}")
    if name == "start.keep_ready" and not config[name]:
        _let_go()
    if not config.origin(name).startswith(str(config.paths.config_file)):
        print(f"espalier: {name} is written, but {config.origin(name)} wins over the file", file=sys.stderr)
    if config.option(name).is_restart:
        print("It counts for what is started from now on.")
    return 0


def _let_go() -> None:
    """Have the process that is ready for starts like this one leave, if there is one."""
    from contextlib import suppress

    from shell.ready import keep, place

    if sys.platform.startswith("linux"):
        with suppress(OSError):  # there is none
            keep.dismiss(place.socket_path())


def _path(arguments: argparse.Namespace, session: Session) -> int:
    print(session.config.paths.config_file)
    return 0


def _check(arguments: argparse.Namespace, session: Session) -> int:
    if session.config.problems:
        _tell_problems(session)
        return 1
    print(f"{session.config.paths.config_file}: no problems")
    return 0


def _name(arguments: argparse.Namespace) -> str:
    if not arguments.name:
        raise UsageError(f"config {arguments.action} lacks the option's name", hint="espalier config lists them")
    return arguments.name


def _tell_problems(session: Session) -> None:
    for problem in session.config.problems:
        print(f"espalier: {problem}", file=sys.stderr)


_ACTIONS = {"list": _list, "get": _get, "set": _set, "path": _path, "check": _check}
