"""Files that are written whole or not at all; their permissions stay."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kernel.open_file import refuse_open


def write_whole(path: Path, data: bytes) -> None:
    """Write all of a file, or leave it as it is; a link stays a link to it.

    Raises:
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    beside = written_beside(target, data)
    try:
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def written_beside(target: Path, data: bytes, mode: int | None = None) -> Path:
    """A file that waits on the disk beside ``target``, to take its place by :func:`os.replace`.

    Args:
        target: No link.
        data: What it holds.
        mode: Its permissions where there is no ``target`` to have them of; None = those of any new file.

    Raises:
        OSError: it cannot be written.
    """
    refuse_open(target)
    there = mode_of(target)
    wanted = mode if there is None else there
    beside = target.with_name(f".{target.name}.{os.getpid()}-{os.urandom(4).hex()}")
    # The system itself takes the mask from what a new file gets: it could not be read without changing it for a moment,
    # in which files of other threads would be open to everybody.
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if wanted is None else 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if wanted is not None:
            os.chmod(beside, wanted)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def mode_of(target: Path) -> int | None:
    """The permissions of a file; None where there is none.

    Raises:
        OSError: it cannot be looked at.
    """
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None
