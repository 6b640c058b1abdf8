"""Services as launchd knows them: agents of a person, launchd.plist(5)."""

from __future__ import annotations

import os
import plistlib
from pathlib import Path
from typing import Any

from shell.service.system import ask, run
from shell.service.table import File, Service

ADVICE = "It runs while you are logged in"


def files(service: Service) -> list[File]:
    """The agent's property list."""
    kind = service.kind
    content: dict[str, Any] = {
        "Label": _label(service),
        "ProgramArguments": list(service.command),
        "RunAtLoad": True,
        "ProcessType": "Background",
        "Umask": 0o077,
    }
    content |= {"StartInterval": kind.every_s} if kind.every_s else {"KeepAlive": {"SuccessfulExit": False}}
    path = Path.home() / "Library" / "LaunchAgents" / f"{_label(service)}.plist"
    return [File(path, plistlib.dumps(content).decode(), ("<!--", " -->"))]


def begin(service: Service) -> None:
    """Have it start now and with each session; raises ServiceError."""
    ask("launchctl", "bootout", f"{_domain()}/{_label(service)}")  # as it was before, if it was
    run("launchctl", "bootstrap", _domain(), str(files(service)[0].path))


def end(service: Service) -> None:
    """Stop it and start it no more; raises ServiceError."""
    run("launchctl", "bootout", f"{_domain()}/{_label(service)}")


def forget() -> None:
    """Nothing: launchd reads what is told to it."""


def state(service: Service) -> str:
    """``active`` when launchd knows it; empty when not."""
    return "active" if ask("launchctl", "print", f"{_domain()}/{_label(service)}") else ""


def _label(service: Service) -> str:
    return f"org.espalier.{service.kind.name}"


def _domain() -> str:
    return f"gui/{os.getuid()}"
