"""Folders and files of this machine by a path that is being typed."""

from __future__ import annotations

import os
from collections.abc import Iterator

from plugins.palette import PaletteAsked as Asked

#: How many of a folder are offered.
_MOST = 300


def entries_at(text: str, asked: Asked) -> Iterator[tuple[str, bool]]:
    """Path and whether it is a folder, of what is in the folder of a path and begins like its last part.

    Blocks: called on threads. Paths of the app itself (relative ones) are none of this machine's.

    Raises:
        OSError: the folder cannot be read.
    """
    if not text.startswith(("/", "~")) and not os.path.isabs(text):
        return
    folder, _, begun = text.rpartition("/")
    place = os.path.expanduser(folder or "/")
    if not os.path.isdir(place):
        return
    found = []
    with os.scandir(place) as entries:
        for entry in entries:
            asked.check()
            if entry.name.lower().startswith(begun.lower()) and (begun.startswith(".") or entry.name[0] != "."):
                found.append((not entry.is_dir(), f"{folder}/{entry.name}"))
    for is_file, path in sorted(found)[:_MOST]:
        yield path, not is_file
