"""A wheel's files as a folder, for what asks for paths: data beside modules, licences. Code is never run from it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kernel.digest import sha256_of
from kernel.wheel.archive import Archive
from kernel.wheel.error import WheelError
from kernel.words import mark

#: Endings of files that nobody asks for by path.
_CODE = (".py", ".pyi", "py.typed")


def has_data(archive: Archive) -> bool:
    """Whether the wheel has files that somebody may want to open by their paths."""
    inside = (path for path in archive.paths if not path.startswith(archive.information))
    return any(not path.endswith(_CODE) for path in inside)


def view_of(archive: Archive, folder: Path) -> Path:
    """The wheel's files in a folder that nobody writes, made when it is not there or has been changed.

    Args:
        archive: The wheel, verified.
        folder: Where it is to be: named by the wheel's hash, in a directory of this person's alone.

    Raises:
        WheelError: it cannot be written.
    """
    try:
        if folder.is_symlink() or not folder.is_dir() or not _is_whole(archive, folder):
            _remove(folder)
            _write(archive, folder)
    except OSError as error:
        reason = mark(f"the files of {archive.path} cannot be written: {error.strerror or error}")
        raise WheelError(reason, hint=mark("the disk may be full")) from error
    return folder


def _is_whole(archive: Archive, folder: Path) -> bool:
    """Whether every file is as in the wheel, and there is no other; links are none of it."""
    found = {}
    for above, _, names in os.walk(folder):
        for name in names:
            path = Path(above, name)
            if path.is_symlink():
                return False
            found[path.relative_to(folder).as_posix()] = path
    if found.keys() != archive.paths:
        return False
    return all(sha256_of(path.read_bytes()) == _digest(archive, name) for name, path in found.items())


def _digest(archive: Archive, name: str) -> bytes:
    """A file's hash as the wheel's list says it; a list is compared with its files when it is published."""
    row = archive.listed.get(name)
    return row.digest if row is not None and row.algorithm == "sha256" else sha256_of(archive.read(name))


def _write(archive: Archive, folder: Path) -> None:
    """Write it beside and rename it, so that it is there whole or not at all."""
    part = folder.with_name(f"{folder.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        for name in sorted(archive.paths):
            path = part / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
            path.chmod(0o400)
        try:
            part.rename(folder)
        except OSError:
            if not _is_whole(archive, folder):  # another process was first, or something is in the way
                raise
    finally:
        _remove(part)


def _remove(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.is_dir():
        shutil.rmtree(folder)
