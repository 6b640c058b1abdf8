"""What Python asks for the modules of apps: one finder before all others, which answers for names of apps alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from kernel.code.app_code import AppCode
    from kernel.code.module_map import ModuleMap

#: How the names of all modules of apps begin; no file can be called so, and nothing else is looked at.
PREFIX = "espalier_app_"


class Finder:
    """A finder on ``sys.meta_path``. It keeps no app's modules from going."""

    def __init__(self) -> None:
        self._apps: WeakValueDictionary[str, AppCode] = WeakValueDictionary()

    def add(self, code: AppCode) -> None:
        """Answer for an app's modules from now on."""
        self._apps[code.prefix] = code
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)
            sys.path_hooks.append(self._entry)

    def remove(self, prefix: str) -> None:
        """Answer for them no more."""
        self._apps.pop(prefix, None)

    def find_spec(self, fullname: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """See :class:`importlib.abc.MetaPathFinder`."""
        if not fullname.startswith(PREFIX):
            return None
        prefix, _, name = fullname.partition(".")
        code = self._apps.get(prefix)
        return code.find_spec(fullname, name) if code is not None else None

    def invalidate_caches(self) -> None:
        """Nothing: what an app has does not change."""

    def _entry(self, path: str) -> TreeEntry:
        """What ``pkgutil`` lists the modules of a package by, from one entry of its ``__path__``."""
        for code in list(self._apps.values()):
            if path.startswith(code.file_name("")):
                return TreeEntry(code.modules, path.removeprefix(code.file_name("")))
        raise ImportError(f"{path} belongs to no app")


class TreeEntry:
    """One entry of a package's ``__path__``, as ``pkgutil`` lists it. Modules are found by their whole names alone.

    Args:
        modules: Of the tree.
        folder: In it.
    """

    def __init__(self, modules: ModuleMap, folder: str) -> None:
        self._modules = modules
        self._folder = folder

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> None:
        """See :class:`importlib.abc.PathEntryFinder`."""

    def iter_modules(self, prefix: str = "") -> Iterator[tuple[str, bool]]:
        """See :func:`pkgutil.iter_modules`."""
        return ((prefix + name, is_package) for name, is_package in self._modules.names_in((self._folder,)))


#: The one of this process.
finder = Finder()
