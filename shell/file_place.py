"""Which files of this machine the widgets of an app may read and write."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def file_place(app: Any, path: str) -> Path | None:
    """Where a file lies, whether it is there or not; None where the app's widgets may not touch it.

    An app of a folder is its own author's: it may touch what that person may. An app of a server may touch other files
    where it asks for the permission ``files``, which the person was asked about before it ran.

    Args:
        app: The opened app.
        path: As the layout or a row says it; relative ones are the app's own.
    """
    if not path or "\0" in path:
        return None
    place = Path(path).expanduser()
    folder = getattr(app, "folder", None)
    if not place.is_absolute():
        return folder / place if folder is not None and ".." not in place.parts else None
    manifest = getattr(app, "manifest", None)
    may = folder is not None if manifest is None else "files" in manifest.permissions
    return place if may else None
