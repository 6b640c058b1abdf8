"""The modules of one release of an app, imported from its files.

They live in ``sys.modules`` below a name of their own, so that they shadow nothing, and two releases of one app, or two
apps, do not meet. Within them ``import desk.prices`` means the app's own file where it has one: that alone is done by
an ``__import__`` of theirs, everything else by Python's import system.
"""

from __future__ import annotations

import builtins
import itertools
import sys
import threading
import weakref
from collections.abc import Iterable
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any

from kernel.code.compiled import CompiledCode
from kernel.code.finder import PREFIX, finder
from kernel.code.loader import TreeLoader
from kernel.code.module_map import ModuleMap
from kernel.code.tree import FileTree
from kernel.digest import sha256_of
from kernel.module_name import ROOTS

_numbers = itertools.count(1)


class AppCode:
    """See the module.

    Args:
        app: The app's name.
        tree: Its files.
        compiled: Where its compiled code is kept; None = nowhere.
        roots: Folders in which modules begin.

    Attributes:
        modules: Which of the files are modules.
        prefix: The package in ``sys.modules`` below which the modules are.
        builtins: What they find built in.
    """

    def __init__(
        self, app: str, tree: FileTree, compiled: CompiledCode | None = None, roots: Iterable[str] = ROOTS
    ) -> None:
        number = next(_numbers)
        self.app = app
        self.tree = tree
        self.prefix = f"{PREFIX}{number}_{''.join(c if c.isalnum() else '_' for c in app)}"
        # NOTE: the brackets keep every library from looking for the file on the disk; the first release of a process
        # is called without a number, as it is in the code that is kept.
        self._label = f"<{app}>/" if number == 1 else f"<{app} {number}>/"
        self.modules = ModuleMap(tree, tuple(roots))
        self._compiled = compiled
        self._importing = _Importing(self)
        self.builtins = {**vars(builtins), "__import__": self._import}
        finder.add(self)

    # Modules

    def has(self, name: str) -> bool:
        """Whether the app has a module, or a folder with modules, of that dotted name."""
        return self.modules.holds(name.partition(".")[0]) and self.modules.find(name) is not None

    def module(self, name: str) -> ModuleType:
        """The module of a dotted name, imported now if it was not before.

        Raises:
            ModuleNotFoundError: there is none.
            BaseException: whatever it raises while it is imported.
        """
        full = f"{self.prefix}.{name}"
        with self._importing:
            builtins.__import__(full)
            return sys.modules[full]

    def keep(self) -> None:
        """Write what was compiled to the disk."""
        if self._compiled is not None:
            self._compiled.write()

    def close(self) -> None:
        """Take the modules out of the process's list. What still runs goes on, and may import more of this release."""
        import linecache

        self._importing.end()
        for name in [name for name in linecache.cache if name.startswith(self._label)]:
            linecache.cache.pop(name, None)

    # For the finder and the loaders

    def find_spec(self, fullname: str, name: str) -> ModuleSpec | None:
        """What Python imports a module by; ``name`` is the one within the app."""
        if name and not self.modules.holds(name.partition(".")[0]):
            return None
        place = self.modules.find(name)
        if place is None:
            return None
        origin = self.file_name(place.path) if place.path else None
        spec = ModuleSpec(fullname, TreeLoader(self, place), origin=origin, is_package=bool(place.folders))
        spec.submodule_search_locations = [self.file_name(folder) for folder in place.folders] or None
        return spec

    def file_name(self, path: str) -> str:
        """What a file of the app is called in tracebacks."""
        return self._label + path

    def shown(self, name: str) -> str:
        """A file of a traceback as people know it, ``desk/scripts/prices.py``; empty when it is not of this app."""
        return f"{self.app}/{name.removeprefix(self._label)}" if name.startswith(self._label) else ""

    def code(self, path: str) -> CodeType:
        """The compiled code of a file; see :func:`compiled_or_kept`."""
        return compiled_or_kept(self.tree, path, self.file_name(path), self._compiled)

    # Imports within the app

    def _import(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """``__import__`` of the app's modules: its own files first where nothing standard or ours has the name."""
        if level:
            with self._importing:
                return builtins.__import__(name, globals, locals, fromlist, level)
        top = name.partition(".")[0]
        if not self.modules.holds(top):
            return builtins.__import__(name, globals, locals, fromlist, 0)
        with self._importing:
            found = builtins.__import__(f"{self.prefix}.{name}", globals, locals, fromlist, 0)
            return found if fromlist else sys.modules[f"{self.prefix}.{top}"]


class _Importing:
    """Imports of one release that are on their way, by any threads; after its end they find their modules all the same.

    NOTE: nothing is locked while a module runs: Python's own lock of another module may be waited for there.
    """

    def __init__(self, code: AppCode) -> None:
        # Not the code itself, which would then go by the collector of circles alone.
        self._code = weakref.ref(code)
        self._prefix = code.prefix
        self._lock = threading.Lock()
        self._count = 0
        self._is_over = False
        self._parked: dict[str, ModuleType] = {}

    def __enter__(self) -> None:
        with self._lock:
            self._count += 1
            if self._is_over and self._count == 1:
                sys.modules.update(self._parked)
                if (code := self._code()) is not None:
                    finder.add(code)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._count -= 1
            if self._is_over and self._count == 0:
                self._park()

    def end(self) -> None:
        """Take the modules out of the process's list, as soon as no import is on its way."""
        with self._lock:
            self._is_over = True
            if self._count == 0:
                self._park()

    def _park(self) -> None:
        inner = f"{self._prefix}."
        for name, module in sys.modules.copy().items():
            if (name == self._prefix or name.startswith(inner)) and not isinstance(module, _Replaced):
                self._parked[name] = module
                sys.modules[name] = _Replaced(name, module)
        finder.remove(self._prefix)


class _Replaced(ModuleType):
    """Stands in Python's list for a module of a release that was replaced and still runs; goes with it.

    ``pickle``, ``dataclasses`` and ``typing`` look there for the module of a class. It keeps nothing alive.
    """

    def __init__(self, name: str, module: ModuleType) -> None:
        super().__init__(name)
        self_reference = weakref.ref(self)

        def forget(_: object, modules: dict[str, ModuleType] = sys.modules) -> None:
            if modules.get(name) is self_reference():
                modules.pop(name, None)

        object.__setattr__(self, "_find", weakref.ref(module, forget))

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        module = object.__getattribute__(self, "_find")()
        return {} if module is None else vars(module)

    def __getattribute__(self, name: str) -> Any:
        if name in ("__class__", "__dict__"):
            return object.__getattribute__(self, name)
        module = object.__getattribute__(self, "_find")()
        if module is None:
            raise AttributeError(f"a module of a release that is gone has no {name}")
        return getattr(module, name)


def compiled_or_kept(tree: FileTree, path: str, file_name: str, kept: CompiledCode | None) -> CodeType:
    """The compiled code of a file of a tree, from what is kept if its source is the same.

    Args:
        tree: The files.
        path: The file.
        file_name: What it is called in tracebacks.
        kept: Where compiled code is kept.

    Raises:
        SyntaxError, ValueError: it is no Python.
        FileNotFoundError: there is no such file any more.
    """
    digest, content = tree.digest(path), None
    if not digest:
        content = _content(tree, path)
        digest = sha256_of(content).hex()
    key = bytes.fromhex(digest)
    found = kept.get(key) if kept is not None else None
    if found is None:
        content = _content(tree, path) if content is None else content
        found = compile(content, file_name, "exec", dont_inherit=True)
        if kept is not None:
            kept.put(key, found)
    if found.co_filename != file_name:
        import _imp

        _imp._fix_co_filename(found, file_name)
    return found


def _content(tree: FileTree, path: str) -> bytes:
    content = tree.read(path)
    if content is None:
        raise FileNotFoundError(path)
    return content
