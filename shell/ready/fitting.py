"""Which command lines a process that is ready takes: those that open a window on a screen and stay."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kernel.error import EspalierError
from shell.command_line import COMMANDS, split_options
from shell.display import has_display
from shell.main import OWN_NAMES
from shell.ready.message import Request

_OPTION = "start.keep_ready"


def refusal(request: Request) -> str:
    """Why the start goes on by itself; empty when a window is to be made here."""
    if not has_display(_texts(request.environment)):
        return "there is no screen"
    try:
        given, rest = split_options(request.argv[1:])
    except EspalierError:
        return "the command line is wrong"
    if given.picture:
        return "a picture is drawn"
    if any(setting.partition("=")[0].strip() == _OPTION for setting in given.settings):
        return f"--set {_OPTION} says so"
    return "" if opens_window(os.path.basename(request.argv[0]), rest) else "no window is opened"


def opens_window(program: str, rest: list[str]) -> bool:
    """Whether it is the name of an app, `open` with what to open, or nothing, which opens home."""
    if rest[:1] == ["open"]:
        return len(rest) == 2 and not rest[1].startswith("-")
    if program not in OWN_NAMES:
        return not rest
    return not rest or (len(rest) == 1 and rest[0] not in {*COMMANDS, "help"} and not rest[0].startswith("-"))


def _texts(environment: dict[bytes, bytes]) -> Mapping[str, str]:
    return {os.fsdecode(name): os.fsdecode(value) for name, value in environment.items()}
