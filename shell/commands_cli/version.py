"""``espalier version``: for reports."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print the versions; answers the exit code. Reads metadata only, so Qt is not loaded."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    for line in _own(session):
        print(line)
    for package in ("PySide6-Essentials", "msgspec", "pygit2"):
        try:
            print(f"{package} {version(package)}")
        except PackageNotFoundError:
            print(f"{package} is not installed")
    print(f"Python {platform.python_version()} on {platform.platform()}")
    return 0


def _own(session: Session) -> list[str]:
    """Which Espalier runs, and why that one."""
    from shell.version_choice import INSTALLED, VARIABLE, Note, place_of, read
    from shell.version_need import installed_version
    from shell.version_trial import facts_of
    from shell.version_update import folder_in

    folder, root = folder_in(session.config.paths), Path(__file__).parents[2]
    note = read(folder) or Note()
    for kept in filter(None, (note.current, note.previous)):
        if root == Path(place_of(kept, folder)).resolve():
            facts = facts_of(folder, kept)
            first = f"espalier {facts.get('version', '')}"
            lines = [first, f"It is release {facts.get('serial')} of {facts.get('server')}; installed is "
                     f"{installed_version()}, which {VARIABLE}={INSTALLED} runs"]  # fmt: skip
            break
    else:
        lines = [f"espalier {installed_version()}"]
        if os.environ.get(VARIABLE) == INSTALLED:
            lines.append(f"It is the installed one: {VARIABLE} says so")
        elif note.current or note.proof:
            lines.append("It is the installed one" + ("" if note.current else ": the versions that came were left"))
    if note.current and not note.proof:
        name = facts_of(folder, note.current).get("version", "")
        lines.append(f"Espalier {name} is on trial until it has painted a window")
    return lines
