"""The services there are, a row each, and what one is once a person has said where and how."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Kind(NamedTuple):
    """One service that can be installed.

    Attributes:
        name: What it is called on the command line.
        title: For lists of services.
        words: The subcommand that it runs, and its words.
        every_s: Seconds between two runs of what ends by itself; 0 = it goes on until it is stopped.
        has_own_temporary: Whether it sees no temporary files but its own; what speaks with a person's other programs
            over sockets there cannot.
        keeps: What stays when the service is removed.
    """

    name: str
    title: str
    words: tuple[str, ...]
    every_s: int = 0
    has_own_temporary: bool = True
    keeps: str = ""


KINDS: dict[str, Kind] = {
    row.name: row
    for row in (
        Kind("serve", "Espalier source server", ("serve",), keeps="the repository, its databases and all keys"),
        Kind("cache", "Espalier cache", ("cache", "keep"), every_s=1800, has_own_temporary=False, keeps="the cache"),
    )
}


class Service(NamedTuple):
    """A service of one person.

    Attributes:
        kind: Which.
        command: Program and words, all paths absolute.
    """

    kind: Kind
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """What systems know it by."""
        return f"espalier-{self.kind.name}"


class File(NamedTuple):
    """A file that a system reads: where, its text, and what begins and ends a line of comment there."""

    path: Path
    text: str
    comment: tuple[str, str]
