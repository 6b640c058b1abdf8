"""What ``importlib.resources`` asks a loader for: files of a tree as if they were on a disk."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable, TraversableResources
from typing import Any

from kernel.code.tree import FileTree


class TreeReader(TraversableResources):
    """The resources of one package.

    Args:
        tree: The files.
        folders: Of the package; several for one without ``__init__.py``.
    """

    def __init__(self, tree: FileTree, folders: Sequence[str]) -> None:
        self._tree = tree
        self._folders = tuple(folders)

    def files(self) -> TreePath:
        """See :class:`importlib.resources.abc.TraversableResources`."""
        return TreePath(self._tree, self._folders)


class TreePath(Traversable):
    """A file or folder of a tree, or several folders as one.

    Args:
        tree: The files.
        paths: The path; more than one are folders whose files are all in it, the first ones first.
    """

    def __init__(self, tree: FileTree, paths: Sequence[str]) -> None:
        self._tree = tree
        self._paths = tuple(paths)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self._paths[0].rpartition("/")[2]

    def iterdir(self) -> Iterator[TreePath]:
        """What is in the folder, by name."""
        names = {name for path in self._paths for name in self._tree.entries(path)}
        return (self.joinpath(name) for name in sorted(names))

    def is_dir(self) -> bool:
        """Whether there is a folder."""
        return any(self._tree.entries(path) for path in self._paths)

    def is_file(self) -> bool:
        """Whether there is a file."""
        return self._file() is not None

    def joinpath(self, *descendants: Any) -> TreePath:
        """What is there below; a name may have slashes, but leads nowhere else."""
        parts = [part for name in descendants for part in str(name).split("/") if part not in ("", ".")]
        if ".." in parts:
            raise ValueError(f"{'/'.join(parts)} leads out of the package")
        if not parts:
            return self
        below = "/".join(parts)
        return TreePath(self._tree, tuple(f"{path}/{below}" if path else below for path in self._paths))

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """A stream over the file: ``r`` for text, ``rb`` for bytes.

        Raises:
            FileNotFoundError: there is none.
            ValueError: it is to be written.
        """
        if mode not in ("r", "rb"):
            raise ValueError(f"files of an app can only be read, not opened as {mode!r}")
        path = self._file()
        content = self._tree.read(path) if path is not None else None
        if content is None:
            raise FileNotFoundError(self._paths[0])
        return io.BytesIO(content) if mode == "rb" else io.TextIOWrapper(io.BytesIO(content), *args, **kwargs)

    def __str__(self) -> str:
        return self._paths[0]

    def _file(self) -> str | None:
        for path in self._paths:
            folder, _, name = path.rpartition("/")
            if self._tree.entries(folder).get(name) is False:
                return path
        return None
