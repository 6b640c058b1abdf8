"""Git as a keeper of versions, for editors of files. What libgit2 is needed for is imported on the thread that asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from plugins.api import at_unload, keepers_changed

if TYPE_CHECKING:
    from plugins.api import FileVersions
    from plugins.git.file_versions import FileOfGit

#: Those that were opened and are in use.
_opened: WeakSet[FileOfGit] = WeakSet()


def open_file(place: Path) -> FileVersions | None:
    """The versions of a file in a working tree; None where there is none, or git has the file for itself.

    Raises:
        VersionError: the repository cannot be opened.
    """
    from plugins.git.file_versions import FileOfGit

    found = FileOfGit.of(place)
    if found is not None:
        _opened.add(found)
    return found


def _close() -> None:
    """The plugin goes: nothing of it is shown any more."""
    for one in list(_opened):
        one.is_closed = True
    keepers_changed()


at_unload("git", _close)
