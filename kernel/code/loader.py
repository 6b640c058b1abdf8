"""The loader of one module that is a file of a tree."""

from __future__ import annotations

from types import CodeType, ModuleType
from typing import Any, Protocol

from kernel.code.module_map import Place
from kernel.code.tree import FileTree


class CodeSource(Protocol):
    """Whose modules these are.

    Attributes:
        tree: The files.
        builtins: What the modules find built in; None for Python's own.
    """

    tree: FileTree
    builtins: dict[str, Any] | None

    def file_name(self, path: str) -> str:
        """What a file of the tree is called in tracebacks."""

    def code(self, path: str) -> CodeType:
        """The compiled code of a file."""


class TreeLoader:
    """See :class:`importlib.abc.InspectLoader`.

    Args:
        source: Whose module it is.
        place: Where it is.
    """

    def __init__(self, source: CodeSource, place: Place) -> None:
        self._source = source
        self._place = place

    def create_module(self, spec: object) -> None:
        """Python's own kind of module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code in it; a folder has none."""
        if not self._place.path:
            return
        module.__file__ = self._source.file_name(self._place.path)
        if self._source.builtins is not None:
            module.__builtins__ = self._source.builtins
        exec(self._source.code(self._place.path), module.__dict__)

    def is_package(self, fullname: str = "") -> bool:
        """Whether there may be modules in it."""
        return bool(self._place.folders)

    def get_code(self, fullname: str = "") -> CodeType | None:
        """The module's code; None for a folder."""
        return self._source.code(self._place.path) if self._place.path else None

    def get_filename(self, fullname: str = "") -> str:
        """What the module's file is called.

        Raises:
            ImportError: it has none.
        """
        if not self._place.path:
            raise ImportError("a folder without __init__.py has no file", name=fullname)
        return self._source.file_name(self._place.path)

    def get_source(self, fullname: str = "") -> str | None:
        """The module's text, for tracebacks and ``inspect``; None for a folder.

        Raises:
            OSError: it cannot be read now.
        """
        if not self._place.path:
            return None
        from importlib.util import decode_source

        content = self._read(self._place.path)
        try:
            return decode_source(content)
        except (SyntaxError, UnicodeDecodeError):
            return content.decode("utf-8", "replace")

    def get_data(self, path: str) -> bytes:
        """A file by the name that :meth:`get_filename` has for it, or one beside it.

        Raises:
            OSError: there is none.
        """
        start = self._source.file_name(self._place.path).removesuffix(self._place.path)
        return self._read(path.removeprefix(start))

    def get_resource_reader(self, fullname: str = "") -> Any:
        """What ``importlib.resources`` reads the package's files by; None for a module that is no package."""
        if not self._place.folders:
            return None
        from kernel.code.resource import TreeReader

        return TreeReader(self._source.tree, self._place.folders)

    def _read(self, path: str) -> bytes:
        from kernel.error import EspalierError

        try:
            content = self._source.tree.read(path)
        except EspalierError as error:
            raise OSError(str(error)) from error
        if content is None:
            raise FileNotFoundError(path)
        return content
