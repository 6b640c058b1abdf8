"""Which files of a tree are modules: a dotted name → the file, as Python itself would look for it in folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kernel.code.tree import FileTree
from kernel.module_name import is_reserved

_INIT = "__init__.py"


class Place(NamedTuple):
    """Where a module is.

    Attributes:
        path: Its file; empty for a folder without ``__init__.py``.
        folders: Where its submodules and resources are; empty for a module that is no package.
    """

    path: str
    folders: tuple[str, ...] = ()


class ModuleMap:
    """The modules of a tree.

    Args:
        tree: The files.
        roots: Folders in which modules begin, with a slash at the end, or empty; in this order.
        suffixes: Endings of modules' files, in this order.
    """

    def __init__(
        self, tree: FileTree, roots: Sequence[str] = ("",), suffixes: Sequence[str] = (".py",)
    ) -> None:
        self._tree = tree
        self._suffixes = tuple(suffixes)
        self._roots = tuple(root.rstrip("/") for root in roots)
        self._tops: dict[str, bool] = {}

    def find(self, name: str) -> Place | None:
        """The module of a dotted name; empty is the top itself, a package of all roots."""
        if not name:
            return Place("", self._roots)
        above, _, leaf = name.replace(".", "/").rpartition("/")
        folders = []
        for root in self._roots:
            folder = _joined(root, above)
            entries = self._tree.entries(folder)
            inner = _joined(folder, leaf)
            if entries.get(leaf):
                if self._tree.entries(inner).get(_INIT) is False:
                    return Place(f"{inner}/{_INIT}", (inner,))
                folders.append(inner)
            for suffix in self._suffixes:
                if entries.get(leaf + suffix) is False:
                    return Place(inner + suffix)
        return Place("", tuple(folders)) if any(map(self._has_module, folders)) else None

    def holds(self, top: str) -> bool:
        """Whether a top name is a module of the tree; never one of Python's or ours."""
        found = self._tops.get(top)
        if found is None:
            found = self._tops[top] = not is_reserved(top) and self.find(top) is not None
        return found

    def names_in(self, folders: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """The modules right in these folders: (name, whether it is a package)."""
        for folder in folders:
            for name, is_folder in sorted(self._tree.entries(folder).items()):
                if is_folder and self._tree.entries(_joined(folder, name)).get(_INIT) is False:
                    yield name, True
                elif not is_folder and name.endswith(self._suffixes) and name != _INIT:
                    yield name.partition(".")[0], False

    def _has_module(self, folder: str) -> bool:
        """Whether a folder has a module somewhere; one of pictures alone is none."""
        entries = self._tree.entries(folder)
        if any(name.endswith(self._suffixes) and not is_folder for name, is_folder in entries.items()):
            return True
        return any(self._has_module(_joined(folder, name)) for name, is_folder in entries.items() if is_folder)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and name else folder or name
