"""The entry that has a process ready when the person logs in."""

from __future__ import annotations

from pathlib import Path

from shell.commands_cli.service import program
from shell.service import autostart
from shell.service.table import File


def entry() -> File:
    """What desktops start at login: ``espalier login start``."""
    return autostart.file((*program(), "login", "start"), Path.home())
