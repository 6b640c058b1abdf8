"""The loader of an extension module of a wheel: from memory that nobody can change, its libraries before it."""

from __future__ import annotations

import _imp
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

from kernel.library.error import LibraryError
from kernel.library.load import sealed_file

if TYPE_CHECKING:
    from kernel.wheel.mount import Mounted


class ExtensionLoader:
    """See :class:`importlib.abc.Loader`.

    Args:
        mounted: The wheels.
        path: The module's file in them.
    """

    def __init__(self, mounted: Mounted, path: str) -> None:
        self._mounted = mounted
        self._path = path

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module, as its code makes it.

        Raises:
            ImportError: it cannot be loaded.
        """
        try:
            self._mounted.load_libraries(self._path)
            path = sealed_file(spec.name, self._mounted.content(self._path))
        except LibraryError as error:
            raise ImportError(str(error), name=spec.name) from error
        own = ModuleSpec(spec.name, ExtensionFileLoader(spec.name, path), origin=path)
        return _imp.create_dynamic(own)

    def exec_module(self, module: ModuleType) -> None:
        """Let it begin; its file is where the wheel's files are."""
        module.__file__ = self._mounted.file_name(self._path)
        _imp.exec_dynamic(module)

    def is_package(self, fullname: str = "") -> bool:
        """Never."""
        return False

    def get_code(self, fullname: str = "") -> None:
        """None: it is machine code."""

    def get_source(self, fullname: str = "") -> None:
        """None: it is machine code."""
