"""Which version of Espalier a start uses: the one that was installed, or a newer one that came as a release since.

A newer version stays on trial until one of its windows was painted. One that was begun twice without that is not begun
again: the version before it is. On the way to every start; where nothing ever came, it is one look for a file.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

#: Where newer versions are: in the environment that Espalier was installed into.
FOLDER = os.path.join(sys.prefix, "share", "espalier")
#: Times that a version on trial is begun.
TRIES = 2
#: What stands in the place of tries once a window was painted.
_PROVEN = -1
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Note(NamedTuple):
    """What is noted: two versions by the ids of their releases, empty for the installed one, and tries of the first."""

    current: str = ""
    previous: str = ""
    tries: int = _PROVEN


def read(folder: str = FOLDER) -> Note | None:
    """The note; None when there is none, or it cannot be read."""
    try:
        with open(os.path.join(folder, "version"), encoding="ascii") as file:
            current, previous, tries = file.read().split("\n")[:3]
        return Note(current, previous, int(tries))
    except (OSError, ValueError):
        return None


def write(note: Note, folder: str = FOLDER) -> None:
    """Replace the note as a whole, on the disk when this returns.

    Raises:
        OSError: it cannot be written; the old one stays.
    """
    part = os.path.join(folder, f"version.{os.getpid()}")
    with open(part, "w", encoding="ascii") as file:
        file.write(f"{note.current}\n{note.previous}\n{note.tries}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, os.path.join(folder, "version"))


def place_of(version: str, folder: str = FOLDER) -> str:
    """The directory of a version's code."""
    return os.path.join(folder, "versions", version)


def chosen(folder: str = FOLDER) -> str:
    """The directory whose code this start is to run; empty for the code that asks. Falls back from a failed trial."""
    note = read(folder)
    if note is None or _ROOT.startswith(folder):
        return ""
    if note.tries >= TRIES:
        note = fallen_back(note, folder)
    place = place_of(note.current, folder) if note.current else ""
    return place if place and os.path.isfile(os.path.join(place, "shell", "main.py")) else ""


def fallen_back(note: Note, folder: str = FOLDER) -> Note:
    """Use the version before the one that failed, from now on."""
    before = Note(note.previous, "", _PROVEN)
    try:
        write(before, folder)
    except OSError:
        return before  # noted by a later start
    return before


def begin(folder: str = FOLDER) -> None:
    """A window is about to be opened: count the try of a version on trial."""
    note = read(folder)
    if note is not None and note.tries != _PROVEN and _is_running(note, folder):
        write(note._replace(tries=note.tries + 1), folder)


def prove(folder: str = FOLDER) -> None:
    """A window was painted: the version is a good one, and stays the one to come back to."""
    note = read(folder)
    if note is not None and note.tries != _PROVEN and _is_running(note, folder):
        write(note._replace(tries=_PROVEN), folder)


def hand_over(place: str, folder: str = FOLDER) -> int | None:
    """Run the version in ``place`` instead of this one; its exit code, or None when it cannot even be imported."""
    before = os.environ.get("PYTHONPATH")
    own = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in ("shell", "kernel")}
    for name in own:
        del sys.modules[name]
    sys.path.insert(0, place)
    # Processes that it starts, as its server and the one that is ready, are to be of the same version.
    os.environ["PYTHONPATH"] = place + (os.pathsep + before if before else "")
    try:
        from shell.main import main
    except Exception as error:  # whatever is wrong with it, the version before is there
        print(f"espalier: the newer version does not start: {type(error).__name__}: {error}", file=sys.stderr)
        sys.path.remove(place)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("shell", "kernel")]:
            del sys.modules[name]
        sys.modules.update(own)
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
        fallen_back(read(folder) or Note(), folder)
        return None
    return main()


def _is_running(note: Note, folder: str) -> bool:
    """Whether this process runs the code of the version that is noted."""
    return bool(note.current) and os.path.realpath(_ROOT) == os.path.realpath(place_of(note.current, folder))
