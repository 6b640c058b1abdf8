"""What is kept of the earlier states of a file: the seam between an editor and those who keep versions, as git does.

An editor asks :func:`plugins.versions.keeper_of` who keeps a file's versions, and speaks with a :class:`FileVersions`.
Its methods may wait, so they are called on a thread; texts are bytes as they stand in the file. Lines count from 0, as
:func:`kernel.changed_lines.changed_lines` counts them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from kernel.changed_lines import Hunk
from kernel.disposer import Disposer
from kernel.error import EspalierError


class VersionError(EspalierError):
    """What keeps versions cannot do it; the message says why."""


class Compared(NamedTuple):
    """How a text differs from what is kept.

    Attributes:
        title: What the file belongs to, in a word: the branch, the version that is published.
        against: What it was compared with, for people; empty for a file that is not kept.
        reason: Why it was not compared; empty where it was.
        state: ``kept``, ``new`` (not kept yet), ``ignored`` or ``conflicted``.
        hunks: What is other in the text than in ``old``.
        old: What the hunks' old lines are lines of, as the file would have it.
        staged: What is taken into the next commit already, its new lines as lines of the text.
        committed: What the old lines of ``staged`` are lines of.
    """

    title: str
    against: str = ""
    reason: str = ""
    state: str = "kept"
    hunks: tuple[Hunk, ...] = ()
    old: bytes = b""
    staged: tuple[Hunk, ...] = ()
    committed: bytes = b""


class Version(NamedTuple):
    """One state that is kept: who made it, when (as that place's clock showed it), and why in a line."""

    id: str
    author: str
    date: datetime.datetime
    summary: str


class VersionDetails(NamedTuple):
    """More of a version: all that is said of it, and the files that it changes, each with what it does to them."""

    version: Version
    message: str
    files: tuple[tuple[str, str], ...]


class FileVersions(Protocol):
    """The versions of one file. Whatever fails raises :class:`VersionError`.

    Attributes:
        can_stage: Whether parts of a text can be taken into the next commit; else the methods for that refuse.
        is_closed: Whether the keeper is gone; it answers nothing any more.
        watched: Folders in which something happens once what is kept is other.
    """

    can_stage: bool
    is_closed: bool
    watched: Sequence[Path]

    def title(self) -> str:
        """What the file belongs to, as in a comparison."""

    def compare(self, text: bytes) -> Compared:
        """How a text of the file differs from what is kept."""

    def stage(self, text: bytes, hunks: Sequence[Hunk]) -> None:
        """Take hunks of a comparison with that text, or parts of them, into the next commit."""

    def unstage(self, text: bytes, hunks: Sequence[Hunk]) -> None:
        """Take staged hunks of a comparison with that text, or parts of them, out again."""

    def stage_file(self, text: bytes) -> None:
        """Take all of a text into the next commit; ends a conflict."""

    def unstage_file(self) -> None:
        """Take all of the file out of the next commit."""

    def commit(self, message: str, *, is_amending: bool = False) -> str:
        """Commit what is staged, or put it into the last commit, whose message stays when none is given; answers its
        id."""

    def blame(self, text: bytes) -> list[Version | None]:
        """Who wrote each line of a text; None for lines that are not committed."""

    def history(self) -> list[Version]:
        """The versions of the file, the newest first."""

    def details(self, version: str) -> VersionDetails:
        """More of a version."""


#: Opens the versions of a file; None where none are kept. Called on a thread.
Keeper = Callable[[Path], FileVersions | None]
_KEEPERS: list[Keeper] = []
_LISTENERS: list[Callable[[], object]] = []


def add_keeper(keeper: Keeper) -> Disposer:
    """Have a keeper asked for files of which no plugin keeps versions; the disposer takes it away again."""
    _KEEPERS.append(keeper)
    keepers_changed()

    def remove() -> None:
        if keeper in _KEEPERS:
            _KEEPERS.remove(keeper)
            keepers_changed()

    return remove


def watch_keepers(listener: Callable[[], object]) -> Disposer:
    """Call the listener after a keeper came or went, or keeps something else; on the GUI thread."""
    _LISTENERS.append(listener)
    return lambda: _LISTENERS.remove(listener) if listener in _LISTENERS else None


def keepers_changed() -> None:
    """Tell that a keeper came or went, or that what it keeps is other without a sign in a watched folder."""
    for listener in list(_LISTENERS):
        listener()


def keepers() -> list[Keeper]:
    """Those that were added, in that order."""
    return list(_KEEPERS)
