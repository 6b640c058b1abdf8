"""Keys of a person that name commands which nobody has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kernel.nearest import did_you_mean
from shell.keymap import Binding


def unknown_commands(bindings: Iterable[Binding], known: Collection[str]) -> list[tuple[Binding, str]]:
    """The bindings for commands that nobody has, with a word about what may be meant.

    Commands of other apps cannot be known: only those of rooms that are known are looked at.

    Args:
        bindings: The person's.
        known: Ids of commands.
    """
    rooms = {name.partition(".")[0] for name in known}
    found = []
    for one in bindings:
        command = one.command.partition(" ")[0]
        if command not in known and command.partition(".")[0] in rooms:
            found.append((one, did_you_mean(command, known) or "there is no such command"))
    return found
