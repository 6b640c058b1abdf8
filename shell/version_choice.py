"""Which version of Espalier a start uses: the one that was installed, or a newer one that came as a release since.

On the way to every start; where nothing ever came, it is one look for a file. What a version on trial takes is in
:mod:`shell.version_trial`.
"""

from __future__ import annotations

import os
import sys

#: Set to ``installed``, it has a start use what was installed, whatever came since.
VARIABLE, INSTALLED = "ESPALIER_PROGRAM", "installed"
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Our rooms that are imported before a version is chosen.
_BEGUN = ("shell", "kernel", "resources")


class Note:
    """What is noted. On the way to every start: without :mod:`typing`.

    Attributes:
        current, previous: Versions by the ids of their releases; empty for the installed one.
        proof: The interpreter with which the current one has painted a window; empty while it is on trial.
        installed: The state of the installation that began the trial.
    """

    def __init__(self, current: str = "", previous: str = "", proof: str = "", installed: str = "") -> None:
        self.current, self.previous, self.proof, self.installed = current, previous, proof, installed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Note) and vars(self) == vars(other)

    def but(self, **changes: str) -> Note:
        """The same with something else noted."""
        return Note(**{**vars(self), **changes})

    def lines(self) -> list[str]:
        """All of it, in the order of the file."""
        return list(vars(self).values())


def folder_of(argv: list[str]) -> str:
    """Where the person's versions are: in ``data`` of :func:`kernel.config.paths.find_paths`, found without imports."""
    base = os.environ.get("ESPALIER_BASEDIR", "")
    for index, word in enumerate(argv):
        if word == "--":
            break
        if word == "--basedir":
            base = "".join(argv[index + 1 : index + 2])
        elif word.startswith("--basedir="):
            base = word.partition("=")[2]
    if base:
        return os.path.join(os.path.abspath(os.path.expanduser(base)), "data", "program")
    return os.path.join(_data(), "espalier", "program")


def _data() -> str:
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support")
    return os.environ.get("XDG_DATA_HOME", "").strip() or os.path.join(home, ".local", "share")


def read(folder: str) -> Note | None:
    """The note; None when there is none, or it cannot be read."""
    try:
        with open(os.path.join(folder, "choice"), encoding="utf-8") as file:
            return Note(*file.read().split("\n")[:4])
    except (OSError, ValueError, TypeError):
        return None


def write(note: Note, folder: str) -> None:
    """Replace the note as a whole, on the disk when this returns.

    Raises:
        OSError: it cannot be written; the old one stays.
    """
    replace(os.path.join(folder, "choice"), "".join(f"{line}\n" for line in note.lines()))


def replace(path: str, text: str) -> None:
    """Write a file so that it is there whole or as it was; raises OSError."""
    part = f"{path}.{os.getpid()}"
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def place_of(version: str, folder: str) -> str:
    """The directory of a version's code."""
    return os.path.join(folder, "versions", version)


def interpreter() -> str:
    """What a proof is for: a version that works with one Python need not with another."""
    return f"{sys.hexversion:x} {sys.prefix}"


def installation() -> str:
    """The state of the installation, where this is run by it: another one after each installing."""
    facts = os.stat(__file__)
    return f"{facts.st_mtime_ns} {facts.st_size}"


def choose(argv: list[str]) -> str:
    """The directory whose code this start is to run; empty for the code that asks."""
    if os.environ.get(VARIABLE) == INSTALLED:
        return ""
    folder = folder_of(argv)
    note = read(folder)
    if note is None or not note.current or is_kept(folder):
        return ""
    if note.proof != interpreter() or note.installed != installation():
        from shell.version_trial import try_out

        return there(try_out(argv, folder, note))
    return there(place_of(note.current, folder))


def is_kept(folder: str) -> bool:
    """Whether this is the code of a version that came as a release."""
    return os.path.realpath(_ROOT).startswith(os.path.join(os.path.realpath(folder), ""))


def there(place: str) -> str:
    """The place, if a program is there; else empty."""
    return place if place and os.path.isfile(os.path.join(place, "shell", "main.py")) else ""


def hand_over(place: str, folder: str) -> int | None:
    """Run the version in ``place`` instead of this one.

    Returns:
        Its exit code; None when it cannot even be imported. It is given up then.
    """
    before = os.environ.get("PYTHONPATH")
    own = _take_modules()
    sys.path.insert(0, place)
    # Processes that it starts, as its server and the one that is ready, are to be of the same version.
    os.environ["PYTHONPATH"] = place + (os.pathsep + before if before else "")
    try:
        from shell.main import main
    except Exception as error:  # whatever is wrong with it, the version before is there
        _take_modules()
        sys.modules.update(own)
        sys.path.remove(place)
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before
        from shell.version_trial import give_up

        give_up(folder, read(folder) or Note(), f"it cannot be started: {type(error).__name__}: {error}")
        return None
    return main()


def _take_modules() -> dict[str, object]:
    names = [name for name in sys.modules if name.partition(".")[0] in _BEGUN]
    return {name: sys.modules.pop(name) for name in names}


def prove(folder: str) -> str:
    """A window was painted: a version on trial stays. Answers what is to be told of one that was given up, once."""
    note = read(folder)
    if note is None or (note.proof == interpreter() and not os.path.exists(os.path.join(folder, "word"))):
        return ""
    from shell.version_trial import note_proof, take_word

    note_proof(folder, note, _ROOT)
    return take_word(folder)
