"""Who may be started where: nothing of a project runs a program before the person has agreed to it, folder by folder.

A server that knows a language also reads how a project is set up, and some of them run what stands there. So ours is
started for any file, since it reads and no more; the others in folders that the person trusts; and a command that an
app names only when the person has agreed to that very command. The answers are options, which can be read and taken
back.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.api import option, say, set_option
from plugins.scintilla.language_client.server_table import ServerRow

if TYPE_CHECKING:
    from plugins.api import FormBar

FOLDERS, COMMANDS = "scintilla.language-folders", "scintilla.language-commands"
_BETWEEN = ";"


class Consent:
    """What the person agreed to, and refused until this process ends."""

    def __init__(self) -> None:
        self._refused: set[tuple[str, ...]] = set()

    def is_given(self, row: ServerRow, root: Path) -> bool:
        """Whether a server may be started there."""
        if row.is_ours:
            return True
        is_named = row.origin != "app" or shlex.join(row.command) in listed(COMMANDS)
        return is_named and any(is_below(root, Path(folder)) for folder in listed(FOLDERS))

    def ask(self, bar: FormBar, row: ServerRow, root: Path, then: Callable[[], None]) -> None:
        """Ask the person, unless they have refused; ``then`` is called when they agree."""
        key = (*row.command, str(root))
        if key in self._refused or bar.is_asking:
            return

        def agree() -> None:
            _add(FOLDERS, str(root))
            if row.origin == "app":
                _add(COMMANDS, shlex.join(row.command))
            then()

        if row.origin == "app":
            text = say("This app wants to start the program {command} for its files in {folder}",
                       command=shlex.join(row.command), folder=root)  # fmt: skip
        else:
            text = say("{server} can help with this file. It may run what belongs to {folder}",
                       server=row.name, folder=root)  # fmt: skip
        bar.say(text, "info", (say("Trust this folder"), agree), (say("Not now"), lambda: self._refused.add(key)))


def listed(name: str) -> list[str]:
    """The parts of an option that is a list."""
    return [part.strip() for part in str(option(name) or "").split(_BETWEEN) if part.strip()]


def is_below(path: Path, folder: Path) -> bool:
    """Whether a path is a folder, or within it, links followed."""
    try:
        return path.resolve().is_relative_to(folder.expanduser().resolve())
    except OSError:
        return False


def _add(name: str, value: str) -> None:
    now = listed(name)
    if value not in now:
        set_option(name, f"{_BETWEEN} ".join([*now, value]))
