"""Taking a newer version of Espalier from a release: its files beside those of before, and the note that starts it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from kernel.error import EspalierError
from kernel.module_name import OURS
from kernel.release import Manifest
from shell.version_choice import Note, place_of, read, replace, write
from shell.version_need import unmet
from shell.version_trial import given_up

#: The app whose releases are Espalier itself; the folder of its files that is the program; what it needs, as JSON.
APP, PROGRAM, NEEDS = "shell", "program/", "needs.json"


class VersionError(EspalierError):
    """A version cannot be taken; the one that runs stays."""


def install(manifest: Manifest, read_file: Callable[[str], bytes], release: str, folder: str, server: str = "") -> bool:
    """Have the next start that opens a window try the release.

    Args:
        manifest: Of the release, verified.
        read_file: A file of it, verified.
        release: Its id.
        folder: Where the person's versions are.
        server: Where it came from, for telling.

    Returns:
        Whether it is another one than is used already.

    Raises:
        VersionError: it holds no program, needs what is not here, or cannot be written.
    """
    paths = sorted(path for path in manifest.files if path.startswith(PROGRAM))
    tops = {path.removeprefix(PROGRAM).partition("/")[0] for path in paths}
    if f"{PROGRAM}shell/main.py" not in manifest.files or not tops <= OURS:
        raise VersionError(f"the release {manifest.version} of {APP} holds no program of ours")
    needs = _needs(manifest, read_file)
    if manifest.min_shell:
        needs["shell"] = f">={manifest.min_shell}"
    if reason := unmet(needs):
        hint = "update the installation as it was installed; this version then comes by itself"
        raise VersionError(f"Espalier {manifest.version} cannot be used here: {reason}", hint=hint)
    before = read(folder) or Note()
    if before.current == release:
        return False
    about = {"version": manifest.version, "serial": manifest.serial, "server": server, "needs": needs}
    good = before.current if before.proof else before.previous
    place = Path(place_of(release, folder))
    try:
        if not place.is_dir():
            files = {path.removeprefix(PROGRAM): read_file(path) for path in paths}
            _write(place, files | {"about.json": json.dumps(about).encode()})
        if release in (known := given_up(folder)):
            replace(os.path.join(folder, "given-up"), "".join(f"{one}\n" for one in known if one != release))
        shutil.rmtree(os.path.join(folder, "trials", release), ignore_errors=True)
        write(Note(release, good, "", before.installed), folder)
    except OSError as error:
        raise VersionError(f"a newer version cannot be written: {error.strerror or error}") from error
    _clean_up(place.parent, {release, good})
    return True


def go_back(folder: str) -> str:
    """Use the version before from now on; answers its id, empty for the installed one.

    Raises:
        VersionError: the installed one is used already, or nothing can be written.
    """
    note = read(folder) or Note()
    if not note.current:
        raise VersionError("the installed version is used already; there is none before it")
    try:
        replace(os.path.join(folder, "given-up"), "".join(f"{one}\n" for one in {*given_up(folder), note.current}))
        write(Note(note.previous, "", note.proof, note.installed), folder)
    except OSError as error:
        raise VersionError(f"that cannot be noted: {error.strerror or error}") from error
    return note.previous


def _needs(manifest: Manifest, read_file: Callable[[str], bytes]) -> dict[str, object]:
    if NEEDS not in manifest.files:
        return {}
    try:
        found = json.loads(read_file(NEEDS))
    except ValueError as error:
        raise VersionError(f"{NEEDS} of Espalier {manifest.version} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise VersionError(f"{NEEDS} of Espalier {manifest.version} holds no needs")
    return found


def _write(place: Path, files: dict[str, bytes]) -> None:
    """Write the files beside and rename the folder, so that it is there whole or not at all."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.parent.glob(f"{place.name}.*"):  # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    part = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        for path, content in files.items():
            target = part / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for path in files:  # all are written before one is waited for
            _sync(part / path)
        part.rename(place)
        _sync(place.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clean_up(versions: Path, kept: set[str]) -> None:
    """Remove versions that nobody comes back to; a process that still runs one may lack files of it later."""
    with contextlib.suppress(OSError):
        for place in versions.iterdir():
            if place.name not in kept:
                shutil.rmtree(place, ignore_errors=True)
