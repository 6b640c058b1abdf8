"""The files of an app's folder on this machine that belong to the app: not hidden, not compiled, not its databases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from kernel.open_file import read_bytes

#: What SQLite puts beside a database.
_BESIDE = ("", "-wal", "-shm", "-journal")


def app_paths(folder: Path, sources: Mapping[str, Mapping[str, Any]] | None = None) -> list[str]:
    """Paths with forward slashes, sorted; symbolic links are among them, so that whoever reads them can refuse.

    Args:
        folder: The app's folder.
        sources: Of its app.toml: databases that stand in the folder are left out.
    """
    databases = {f"{path}{end}" for path in _source_paths(sources or {}) for end in _BESIDE}
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") or part == "__pycache__" for part in parts) or path.suffix == ".pyc":
            continue
        name = "/".join(parts)
        if name not in databases and (path.is_symlink() or path.is_file()):
            found.append(name)
    return found


def app_files(folder: Path) -> dict[str, bytes]:
    """Path with forward slashes → content."""
    return {path: read_bytes(folder / path) for path in app_paths(folder)}


def _source_paths(sources: Mapping[str, Mapping[str, Any]]) -> Collection[str]:
    """Files that hold rows which are written, by the names that app.toml gives them."""
    return [str(one["path"]) for one in sources.values() if one.get("kind") == "sqlite" and one.get("path")]
