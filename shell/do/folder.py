"""Paths that a command names: relative ones are where who asked is, which is not where the window was started."""

from __future__ import annotations

import os
from pathlib import Path

_asked_in: list[str] = []


class AskedIn:
    """Within the block, relative paths are below ``folder``."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        _asked_in.append(self._folder)

    def __exit__(self, *_: object) -> None:
        _asked_in.pop()


def path_of(text: str) -> Path:
    """The absolute path of a name; of a person at the window, below their home."""
    return Path(_asked_in[-1] if _asked_in and _asked_in[-1] else os.path.expanduser("~")) / Path(text).expanduser()
