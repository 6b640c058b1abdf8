"""The kind of source ``git``: the tables of one repository."""

from __future__ import annotations

from pathlib import Path

from plugins.api import TableProvider
from plugins.git.actions import Actions
from plugins.git.branches import Branches, Remotes, Stashes
from plugins.git.changes import Changes, DiffLines
from plugins.git.conflict import Pieces
from plugins.git.files import Blame, Conflicts, FileHistory, Files
from plugins.git.log import Log
from plugins.git.repository import Repository
from plugins.git.status import Status


def tables(path: str = ".", branch: str = "HEAD", base: Path = Path()) -> dict[str, TableProvider]:
    """The tables of a repository, by name.

    Args:
        path: A folder inside a working tree, a bare repository, or git's own folder.
        base: The folder that a relative path begins at.
        branch: What ``log`` starts from: a branch, a tag, ``HEAD``, or ``*`` for all of them.

    Raises:
        SourceError: there is no repository, or it cannot be opened.
    """
    repository = Repository(base / Path(path).expanduser())
    made = (
        Log(repository, branch), Status(repository), Branches(repository), Stashes(repository), Remotes(repository),
        Changes(repository), DiffLines(repository), Files(repository), Blame(repository), FileHistory(repository),
        Conflicts(repository), Pieces(repository), Actions(repository),
    )  # fmt: skip
    # Whoever opened the tables closes each of them; the status lets go of the watch for all.
    repository.listeners += [table.announce for table in made]
    repository.follow_context()
    return {table.schema.name: table for table in made}
