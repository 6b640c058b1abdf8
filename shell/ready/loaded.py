"""Which files a process has imported, to know whether they are still the same."""

from __future__ import annotations

import os
import sys


class Loaded:
    """The files of all modules that are imported by now.

    Args:
        began_ns: When the importing began, in ns since the epoch; a file that was written later may have been read in
            its older form, and counts as another one.
    """

    def __init__(self, began_ns: int) -> None:
        paths = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        # What is in an archive, as Qt's own support may be, is not looked at: the library that holds it is.
        self._states = {path: state for path in paths if path and (state := _state(path)) is not None}
        self._is_odd = any(state[0] >= began_ns for state in self._states.values())

    def directories(self) -> set[str]:
        """Where they lie."""
        return set(map(os.path.dirname, self._states))

    def has_changed(self) -> bool:
        """Whether any of them is gone or another one now."""
        return self._is_odd or any(_state(path) != state for path, state in self._states.items())


def _state(path: str) -> tuple[int, int, int] | None:
    """Its time, size and place on the disk; None when it is not there."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
