"""Taking a newer version of Espalier from a release: its files beside those of before, and the note that starts it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from kernel.error import EspalierError
from kernel.module_name import OURS
from kernel.release import Manifest
from shell.version_choice import FOLDER, Note, place_of, read, write

#: The app whose releases are Espalier itself, and the folder of its files that is the program.
APP, PROGRAM = "shell", "program/"


class VersionError(EspalierError):
    """A version cannot be taken; the one that runs stays."""


def install(manifest: Manifest, read_file: Callable[[str], bytes], release: str, folder: str = FOLDER) -> bool:
    """Have the next start try the release.

    Args:
        manifest: Of the release, verified.
        read_file: A file of it, verified.
        release: Its id.
        folder: Where versions are.

    Returns:
        Whether it is another one than is used already.

    Raises:
        VersionError: it holds no program, or cannot be written.
    """
    paths = sorted(path for path in manifest.files if path.startswith(PROGRAM))
    tops = {path.removeprefix(PROGRAM).partition("/")[0] for path in paths}
    if f"{PROGRAM}shell/main.py" not in manifest.files or not tops <= OURS:
        raise VersionError(f"the release {manifest.version} of {APP} holds no program of ours")
    before = read(folder) or Note()
    if before.current == release:
        return False
    place = Path(place_of(release, folder))
    try:
        if not place.is_dir():
            _write(place, {path.removeprefix(PROGRAM): read_file(path) for path in paths})
        good = before.current if before.tries < 0 else before.previous
        write(Note(release, good, 0), folder)
    except OSError as error:
        hint = "this installation may belong to the system: update it as it was installed"
        raise VersionError(f"a newer version cannot be written: {error.strerror or error}", hint=hint) from error
    _clean_up(place.parent, {release, good})
    return True


def _write(place: Path, files: dict[str, bytes]) -> None:
    """Write the files beside and rename the folder, so that it is there whole or not at all."""
    part = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        for path, content in files.items():
            target = part / path
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _clean_up(versions: Path, kept: set[str]) -> None:
    """Remove versions that nobody comes back to; a process that still runs one may lack files of it later."""
    with contextlib.suppress(OSError):
        for place in versions.iterdir():
            if place.name not in kept:
                shutil.rmtree(place, ignore_errors=True)
