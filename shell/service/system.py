"""Which system keeps services here, and asking its program."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any

from shell.service.marked import ServiceError

#: Beginning of ``sys.platform`` → what keeps services there.
SYSTEMS: dict[str, str] = {"linux": "systemd", "darwin": "launchd", "win": "windows"}
#: Longest wait for an answer of such a program, seconds.
_ANSWER_S = 60


def system(name: str = "") -> Any:
    """The module for a system: ``systemd``, ``launchd`` or ``windows``; for this machine's own without a name.

    Raises:
        ServiceError: nothing is known that keeps services here.
    """
    name = name or next((known for start, known in SYSTEMS.items() if sys.platform.startswith(start)), "")
    if name not in SYSTEMS.values():
        raise ServiceError(f"nothing is known that keeps services on {sys.platform}")
    return import_module(f"shell.service.{name}")


def run(*command: str) -> None:
    """Run a program of the system.

    Raises:
        ServiceError: it is not there, does not answer, or refuses; in its own words.
    """
    done = _done(command)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise ServiceError(f"{command[0]}: {said[-1] if said else f'ended with {done.returncode}'}")


def ask(*command: str) -> str:
    """What a program says; empty when it is not there, or says nothing."""
    try:
        return _done(command).stdout.strip()
    except ServiceError:
        return ""


def _done(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_ANSWER_S, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise ServiceError(f"there is no {command[0]} here") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"{command[0]} does not answer: {error}") from error
