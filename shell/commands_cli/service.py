"""``espalier service install|status|remove``: the source server, or the keeping of the cache, run by the system."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shell.command_line import UsageError
from shell.service import marked
from shell.service.marked import ServiceError
from shell.service.system import system
from shell.service.table import KINDS, Kind, Service
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Do it; answers the exit code."""
    return ACTIONS[arguments.action](arguments, session)


def _install(arguments: argparse.Namespace, session: Session) -> int:
    service, here = _service(arguments, session), system(arguments.system)
    files = here.files(service)
    if arguments.show:
        print("\n".join(marked.marked(file) for file in files), end="")
        return 0
    for file in files:  # all are looked at before one is written
        if not arguments.force:
            marked.check_removal(file.path, may_remove_edits=False)
    for file in files:
        marked.write(file, may_replace_edits=arguments.force)
        print(f"Wrote {file.path}")
    try:
        here.begin(service)
    except ServiceError as error:
        hint = "the files stay: install again once that is put right, or start it yourself"
        raise ServiceError(f"it is written, but was not started: {error.message}", hint=hint) from error
    print(f"{service.kind.title}: started. {here.ADVICE}")
    return 0


def _status(arguments: argparse.Namespace, session: Session) -> int:
    here = system(arguments.system)
    for kind in [_kind(arguments.words[0])] if arguments.words else KINDS.values():
        print(f"{kind.name:<6}  {_words_of(here, Service(kind, ('espalier', *kind.words)))}")
    return 0


def _words_of(here: Any, service: Service) -> str:
    """What there is of a service, in words."""
    paths = [file.path for file in here.files(service)]
    states = {path: marked.state_of(path) for path in paths}
    if set(states.values()) == {marked.MISSING}:
        return f"not installed; espalier service install {service.kind.name} does that"
    parts = [_RUNNING.get(now := here.state(service), f"its state is {now}")]
    parts += [f"{path} was edited" for path, state in states.items() if state == marked.EDITED]
    parts += [f"{path} is missing: install it again" for path, state in states.items() if state == marked.MISSING]
    return "; ".join([f"installed as {paths[0]}", *parts])


#: A state in systemd's words → in ours.
_RUNNING = {
    "active": "it runs",
    "": "the system does not answer whether it runs",
    "inactive": "it is stopped",
    "failed": "it failed; its log says why",
    "activating": "it is starting",
}


def _remove(arguments: argparse.Namespace, session: Session) -> int:
    kind, here = _kind(*arguments.words[:1]), system(arguments.system)
    service = Service(kind, ("espalier", *kind.words))
    paths = [file.path for file in here.files(service)]
    there = [path for path in paths if marked.state_of(path) != marked.MISSING]
    if not there:
        print(f"{kind.title} is not installed")
        return 0
    for path in there:
        marked.check_removal(path, may_remove_edits=arguments.force)
    problem = _problem_of(lambda: here.end(service))
    for path in there:
        path.unlink(missing_ok=True)
        print(f"Removed {path}")
    problem = _problem_of(here.forget) or problem
    if problem:
        print(f"espalier: it may go on until you log out: {problem}", file=sys.stderr)
    print(f"Nothing else was removed: {kind.keeps} are as they were")
    return 0


def _problem_of(act: Callable[[], None]) -> str:
    try:
        act()
    except ServiceError as error:
        return error.message
    return ""


def _service(arguments: argparse.Namespace, session: Session) -> Service:
    """The service that the command line describes."""
    kind = _kind(*arguments.words[:1])
    given, words = session.given, list(kind.words)
    if kind.name == "serve":
        if len(arguments.words) != 2:
            raise UsageError("which repository?", hint="espalier service install serve DIR")
        words.append(str(Path(arguments.words[1]).expanduser().absolute()))
        for option in ("host", "port", "data"):
            if (value := getattr(arguments, option)) not in (None, ""):
                words += [f"--{option}", str(Path(value).expanduser().absolute() if option == "data" else value)]
    elif len(arguments.words) > 1:
        raise UsageError(f"{kind.name} takes no {arguments.words[1]}")
    before = ["--basedir", str(Path(given.basedir).expanduser().absolute())] if given.basedir else []
    before += [word for setting in given.settings for word in ("--set", setting)]
    return Service(kind, (*program(), *before, *words))


def program() -> tuple[str, ...]:
    """How this installation is started."""
    script = Path(sys.executable).with_name("espalier.exe" if sys.platform == "win32" else "espalier")
    return (str(script),) if script.exists() else (sys.executable, "-P", "-m", "shell.main")


def _kind(name: str = "") -> Kind:
    if name not in KINDS:
        from kernel.nearest import did_you_mean

        hint = did_you_mean(name, KINDS) or f"services: {', '.join(KINDS)}"
        raise UsageError(f"there is no service {name}" if name else "which service?", hint=hint)
    return KINDS[name]


#: Action → what it does.
ACTIONS: dict[str, Callable[[argparse.Namespace, Session], int]] = {
    "install": _install,
    "status": _status,
    "remove": _remove,
}
