"""Databases of a working tree that the program has open: git must not put other contents in their place meanwhile.

Set in the process that works for it (:mod:`plugins.git.apart`); anywhere else there are none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pygit2
from pygit2.enums import FileStatus

from plugins.api import SIDE_FILES, TableError, say
from plugins.git.change import content_at
from plugins.git.path import shown_path
from plugins.git.repository import Repository

#: What a file's status says when making it what the last commit has would write it.
_CHANGED = ~(FileStatus.CURRENT | FileStatus.IGNORED | FileStatus.WT_NEW)
#: Databases and the files beside them, as git names them.
_spared: tuple[str, ...] = ()


def spare(repository: Repository, paths: Iterable[str]) -> None:
    """Have these files, real paths, spared from now on, and no others."""
    global _spared
    if repository.worktree is None:
        _spared = ()
        return
    tree = os.path.realpath(repository.worktree)
    names = [os.path.relpath(path, tree).replace(os.sep, "/") for path in paths]
    _spared = tuple(name + end for name in names for end in ("", *SIDE_FILES))


def refuse_writing(is_written: Callable[[str], bool]) -> None:
    """Refuse what would write a file that is spared.

    Raises:
        TableError: it would.
    """
    for path in _spared:
        if is_written(path):
            raise TableError(say("{path} is a database that is open", path=shown_path(path)),
                             hint=say("close it first"))


def refuse_paths(paths: Sequence[str]) -> None:
    """Refuse to write files, or those of folders.

    Raises:
        TableError: one is spared.
    """
    refuse_writing(lambda path: any(path == one or path.startswith(one.rstrip("/") + "/") for one in paths))


def refuse_difference(old: Any, new: Any) -> None:
    """Refuse to go from one tree to another, None for an empty one.

    Raises:
        TableError: a file that is spared is another there.
    """
    refuse_writing(lambda path: content_at(old, path) != content_at(new, path))


def refuse_changed(repository: Any) -> None:
    """Refuse to make everything what the last commit has.

    Raises:
        TableError: a file that is spared is changed.
    """
    refuse_writing(lambda path: bool(_status(repository, path) & _CHANGED))


def _status(repository: Any, path: str) -> int:
    try:
        return int(repository.status_file(path))
    except (KeyError, pygit2.GitError):  # neither on the disk nor in the repository
        return 0
