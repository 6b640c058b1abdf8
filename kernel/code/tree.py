"""Files of an app or a wheel as code is imported from them: named by path, always the same for one tree."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol


class FileTree(Protocol):
    """Files that do not change while the tree is used. Paths have forward slashes; the top folder is ``""``."""

    def read(self, path: str) -> bytes | None:
        """The file's bytes, verified where they can be; None when there is none."""

    def entries(self, folder: str) -> Mapping[str, bool]:
        """Name → whether it is a folder, of what is in a folder; empty when there is no such folder."""

    def digest(self, path: str) -> str:
        """The SHA-256 of a file's bytes in hex, where it is known without reading them; else empty."""


class ListedTree:
    """A tree whose paths are known as a whole: of a release, of a wheel, of a test.

    Args:
        paths: All files.
        read: Answers the bytes of one of them.
        digests: Path → SHA-256 in hex, as far as known.
    """

    def __init__(
        self, paths: Iterable[str], read: Callable[[str], bytes | None], digests: Mapping[str, str] | None = None
    ) -> None:
        self._paths = frozenset(paths)
        self._read = read
        self._digests = digests or {}
        self._folders: dict[str, dict[str, bool]] | None = None

    def read(self, path: str) -> bytes | None:
        """See :meth:`FileTree.read`."""
        return self._read(path) if path in self._paths else None

    def entries(self, folder: str) -> Mapping[str, bool]:
        """See :meth:`FileTree.entries`."""
        if self._folders is None:
            self._folders = _folders_of(self._paths)
        return self._folders.get(folder, {})

    def digest(self, path: str) -> str:
        """See :meth:`FileTree.digest`."""
        return self._digests.get(path, "")


class FolderTree:
    """A folder of this machine. What was listed once stays listed so.

    Args:
        folder: The folder.
        read: Answers the bytes of a file in it by its path; None when there is none, or it lies outside.
    """

    def __init__(self, folder: Path, read: Callable[[str], bytes | None]) -> None:
        self._folder = os.fspath(folder)
        self._read = read
        self._folders: dict[str, dict[str, bool]] = {}

    def read(self, path: str) -> bytes | None:
        """See :meth:`FileTree.read`."""
        return self._read(path)

    def entries(self, folder: str) -> Mapping[str, bool]:
        """See :meth:`FileTree.entries`."""
        if folder not in self._folders:
            self._folders[folder] = self._listed(folder)
        return self._folders[folder]

    def digest(self, path: str) -> str:
        """See :meth:`FileTree.digest`: the file is to be read."""
        return ""

    def _listed(self, folder: str) -> dict[str, bool]:
        try:
            with os.scandir(os.path.join(self._folder, *folder.split("/"))) as found:
                return {entry.name: entry.is_dir() for entry in found}
        except (FileNotFoundError, NotADirectoryError):
            return {}


def memory_tree(files: Mapping[str, bytes]) -> ListedTree:
    """A tree of these bytes."""
    return ListedTree(files, lambda path: files[path])


def _folders_of(paths: Iterable[str]) -> dict[str, dict[str, bool]]:
    folders: dict[str, dict[str, bool]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        known = folders.get(folder)
        if known is not None:
            known[name] = False
            continue
        folders[folder] = {name: False}
        while folder:  # and the folders above, until one that is known
            above, _, name = folder.rpartition("/")
            is_known = above in folders
            folders.setdefault(above, {})[name] = True
            if is_known:
                break
            folder = above
    return folders
