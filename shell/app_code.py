"""Whether an app has code of its own: scripts, wheels or native libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from kernel.release import Manifest

#: Beginnings and endings of files that are code.
_FOLDERS, _ENDINGS = ("wheels/",), (".py",)


def app_has_code(app: Any) -> bool:
    """Whether an opened app has code of its own."""
    manifest, folder = getattr(app, "manifest", None), getattr(app, "folder", None)
    if manifest is not None:
        return manifest_has_code(manifest)
    return folder is not None and folder_has_code(folder)


def manifest_has_code(manifest: Manifest) -> bool:
    """Whether a release has scripts, wheels or native libraries."""
    return bool(manifest.wheels or manifest.libraries) or any(map(_is_code, manifest.files))


def folder_has_code(folder: Path) -> bool:
    """Whether a folder with an app has scripts or wheels."""
    from layouts.app_folder import app_paths

    return any(map(_is_code, app_paths(folder)))


def _is_code(path: str) -> bool:
    return path.startswith(_FOLDERS) or path.endswith(_ENDINGS)
