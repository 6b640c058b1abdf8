"""What desktops start when a person logs in: an entry in the folder ``autostart``.

See the Desktop Application Autostart Specification and the Desktop Entry Specification of freedesktop.org.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from shell.service.table import File

#: What needs a backslash between quotes, and what needs the quotes.
_ESCAPED, _RESERVED = '"`$\\', " \t\n\"'\\><~|&;$*?#()`"


def file(command: Sequence[str], home: Path) -> File:
    """The entry that has ``command`` run at login.

    Args:
        command: Program and words, the program's path absolute.
        home: The person's home.
    """
    place = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    lines = ("[Desktop Entry]", "Type=Application", "Name=Espalier, ready for its first window",
             f"Exec={' '.join(map(quoted, command))}", "NoDisplay=true", "Terminal=false")  # fmt: skip
    return File(place / "autostart" / "espalier-ready.desktop", "\n".join(lines) + "\n", ("#", ""))


def quoted(word: str) -> str:
    """A word of the entry's command: quoted where need be, then written as entries write texts."""
    if not word or any(letter in _RESERVED for letter in word):
        word = '"' + "".join(f"\\{letter}" if letter in _ESCAPED else letter for letter in word) + '"'
    return word.replace("\\", "\\\\").replace("%", "%%")
