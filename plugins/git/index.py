"""The index of a repository, which one program at a time may write: git locks it by a file beside it."""

from __future__ import annotations

import os
import time
from typing import Any

import pygit2

from plugins.api import TableError, say

#: Seconds that somebody else's lock is waited for; git itself needs milliseconds for most of what it does.
PATIENCE_S = 1.0
_LOOK_S = 0.02


def free_index(repository: Any) -> Any:
    """The index as it is on the disk, once no other program has locked it.

    Asked for before anything is written: libgit2 looks at the lock after it has written the files.

    Args:
        repository: A :class:`pygit2.Repository`.

    Raises:
        TableError: it stays locked.
    """
    lock = os.path.join(repository.path, "index.lock")
    end = time.monotonic() + PATIENCE_S
    while os.path.lexists(lock):
        if time.monotonic() > end:
            raise locked(lock)
        time.sleep(_LOOK_S)
    index = repository.index
    index.read()
    return index


def write_index(repository: Any, index: Any) -> None:
    """Write what was changed in the index.

    Raises:
        TableError: another program locked it meanwhile.
    """
    try:
        index.write()
    except pygit2.GitError as error:
        if "index.lock" not in str(error):
            raise
        raise locked(os.path.join(repository.path, "index.lock")) from error


def locked(lock: str) -> TableError:
    """What is said of an index that another program works on."""
    return TableError(
        say("another program has locked the index: {path} is there", path=lock),
        hint=say("wait for it; where no git is running, one was broken off: remove that file"),
    )
