"""A version on trial: begun by starts that open a window, until it was painted; given up after two that did not.

Each try is a file that its process holds a lock on, so that one that was killed counts and one that is slow does not.
Commands go on with the version before.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sys
import time
from typing import Any

from shell.version_choice import Note, installation, interpreter, place_of, read, replace, write

#: Tries without a window after which a version is given up; seconds after which one that still runs counts as well.
TRIES, HANGS_S = 2, 60.0


def try_out(argv: list[str], folder: str, note: Note) -> str:
    """The directory whose code this start is to run, of a version that is not proven here; empty for the installed one.
    """
    reason = _why_not(folder, note)
    if not reason and _opens_window(argv):
        if _failed(folder, note.current) < TRIES:
            with contextlib.suppress(OSError):  # where nothing can be written, nothing can be counted either
                _begin(folder, note)
                return place_of(note.current, folder)
            return ""
        reason = f"its window did not come, {TRIES} times"
    if reason:
        note = give_up(folder, note, reason)
        return place_of(note.current, folder) if note.current else ""
    # What was proven with another interpreter or installation may fail as the new one may.
    return place_of(note.previous, folder) if note.previous and not note.proof else ""


def give_up(folder: str, note: Note, reason: str) -> Note:
    """Use the version before from now on, and have the next window say so; a later start tries again to note it."""
    before = Note(note.previous, "", "" if note.previous else interpreter(), installation())
    print(f"espalier: the newer version is not used: {reason}", file=sys.stderr)
    with contextlib.suppress(OSError):
        title = facts_of(folder, note.current).get("version", "")
        replace(os.path.join(folder, "word"), f"{title}\n{reason}\n")
        replace(os.path.join(folder, "given-up"), "".join(f"{one}\n" for one in {*given_up(folder), note.current}))
        write(before, folder)
        shutil.rmtree(_trials(folder, note.current), ignore_errors=True)
    return before


def given_up(folder: str) -> list[str]:
    """The versions that are not taken again by themselves."""
    try:
        with open(os.path.join(folder, "given-up"), encoding="utf-8") as file:
            return file.read().split()
    except (OSError, ValueError):
        return []


def take_word(folder: str) -> str:
    """What is to be told of a version that was given up: its name, and why, a line each; once."""
    path = os.path.join(folder, "word")
    try:
        with open(path, encoding="utf-8") as file:
            word = file.read()
        os.unlink(path)
    except (OSError, ValueError):
        return ""
    return word


def note_proof(folder: str, note: Note, root: str) -> None:
    """The code in ``root`` has painted a window: if it is on trial, it is no more. Goes on without a disk."""
    if not note.current or os.path.realpath(root) != os.path.realpath(place_of(note.current, folder)):
        return
    if note.proof != interpreter():
        with contextlib.suppress(OSError):
            write(note.but(proof=interpreter()), folder)
    shutil.rmtree(_trials(folder, note.current), ignore_errors=True)


def take_back(folder: str) -> None:
    """This process was no try: a window that is open already has come to the front instead of one of its own."""
    with contextlib.suppress(OSError):
        for version in os.listdir(os.path.join(folder, "trials")):
            for name in os.listdir(_trials(folder, version)):
                if name.startswith(f"{os.getpid()}-"):
                    os.unlink(os.path.join(_trials(folder, version), name))


def facts_of(folder: str, version: str) -> dict[str, Any]:
    """What was noted of a version when it was taken; empty when that cannot be read."""
    try:
        with open(os.path.join(place_of(version, folder), "about.json"), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _why_not(folder: str, note: Note) -> str:
    """Why the version is not to be tried here; empty when it is."""
    from shell.version_need import is_older_than_installed, unmet

    facts = facts_of(folder, note.current)
    if note.installed and note.installed != installation() and is_older_than_installed(facts.get("version", "")):
        return "what was installed since is newer"
    return unmet(facts.get("needs", {}))


def _opens_window(argv: list[str]) -> bool:
    from kernel.error import EspalierError
    from shell.command_line import split_options
    from shell.display import has_display
    from shell.ready.fitting import opens_window

    try:
        given, rest = split_options(argv[1:])
    except EspalierError:
        return False
    is_seen = has_display(os.environ) and not given.picture
    return is_seen and opens_window(os.path.basename(argv[0]), rest)


def _begin(folder: str, note: Note) -> None:
    """Leave the file of a try, locked for as long as this process lives; raises OSError."""
    trials = _trials(folder, note.current)
    os.makedirs(trials, exist_ok=True)
    name = f"{os.getpid()}-{os.urandom(8).hex()}"
    handle = os.open(os.path.join(trials, name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    wanted = note.but(proof="", installed=installation())
    if wanted != note and (read(folder) or Note()).current == note.current:
        write(wanted, folder)


def _failed(folder: str, version: str) -> int:
    """How many tries ended without a window, or have gone on for too long."""
    trials = _trials(folder, version)
    try:
        names = os.listdir(trials)
    except OSError:
        return 0
    return sum(_has_failed(os.path.join(trials, name)) for name in names)


def _has_failed(path: str) -> bool:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False  # a window was painted just now
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return time.time() - os.fstat(handle).st_mtime > HANGS_S
    finally:
        os.close(handle)
    return True


def _trials(folder: str, version: str) -> str:
    return os.path.join(folder, "trials", version)
