"""The wheels of one app in this process: importable by their own names, and only the app's exact versions of them.

Pure modules come from the wheel's bytes, extension modules from sealed memory; what wants paths finds a folder of the
wheel's files. A process has the wheels of one app: two versions of a package side by side are two processes.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from kernel.code.app_code import compiled_or_kept
from kernel.code.compiled import CompiledCode
from kernel.code.finder import TreeEntry
from kernel.code.loader import TreeLoader
from kernel.code.module_map import ModuleMap
from kernel.code.tree import ListedTree
from kernel.digest import sha256_of
from kernel.module_name import is_reserved
from kernel.wheel.archive import Archive
from kernel.wheel.choice import choose
from kernel.wheel.error import WheelError
from kernel.wheel.shell_package import SHELL_MODULES
from kernel.wheel.view import has_data, view_of
from kernel.words import mark

ReadFile = Callable[[str], bytes | None]
_mounted: list[Mounted] = []
_lock = threading.Lock()


class Mounted:
    """A finder on ``sys.meta_path`` for the modules of these wheels.

    Args:
        archives: The wheels that are for this machine, verified.
        place: A directory of this person's alone, for compiled code and folders.
        key: The key that compiled code is sealed with.
        identity: Tells one choice of wheels from another.
    """

    builtins = None

    def __init__(self, archives: list[Archive], place: Path, key: Callable[[], bytes], identity: str) -> None:
        self.identity = identity
        self.archives = archives
        self._owners = {path: archive for archive in archives for path in archive.paths}
        digests = {path: row.digest.hex() for archive in archives for path, row in archive.listed.items()
                   if row.algorithm == "sha256"}  # fmt: skip
        self.tree = ListedTree(self._owners, self.content, digests)
        self._map = ModuleMap(self.tree, suffixes=(*EXTENSION_SUFFIXES, ".py"))
        self._tops = {top for archive in archives for top in archive.tops}
        self._code = {one: CompiledCode(place / f"{_mark(one)}.code", key) for one in archives}
        self._folders = {one: str(view_of(one, place / _mark(one))) if has_data(one) else f"<{_mark(one)}>"
                         for one in archives}  # fmt: skip
        self._known_needs: dict[str, tuple[str, ...]] = {}

    # For Python's import system

    def find_spec(self, fullname: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """See :class:`importlib.abc.MetaPathFinder`."""
        if fullname.partition(".")[0] not in self._tops:
            return None
        found = self._map.find(fullname)
        if found is None:
            return None
        if found.path and not found.path.endswith(".py"):
            from kernel.wheel.extension import ExtensionLoader

            return ModuleSpec(fullname, ExtensionLoader(self, found.path), origin=self.file_name(found.path))
        origin = self.file_name(found.path) if found.path else None
        spec = ModuleSpec(fullname, TreeLoader(self, found), origin=origin, is_package=bool(found.folders))
        spec.submodule_search_locations = [self.file_name(folder) for folder in found.folders] or None
        return spec

    def find_distributions(self, context: Any) -> Iterator[Any]:
        """See :class:`importlib.metadata.MetadataPathFinder`."""
        from packaging.utils import canonicalize_name

        from kernel.wheel.metadata import WheelDistribution

        wanted = canonicalize_name(context.name) if context.name else ""
        return (WheelDistribution(self, one) for one in self.archives if wanted in ("", one.name))

    def invalidate_caches(self) -> None:
        """Nothing: wheels do not change."""

    def entry(self, path: str) -> TreeEntry:
        """What ``pkgutil`` lists the modules of a package by, from one entry of its ``__path__``.

        Raises:
            ImportError: it is of no wheel.
        """
        for folder in self._folders.values():
            if path.startswith(f"{folder}/"):
                return TreeEntry(self._map, path.removeprefix(f"{folder}/"))
        raise ImportError(f"{path} is of no wheel")

    # For the loaders

    def content(self, path: str) -> bytes:
        """A file of a wheel."""
        return self._owners[path].read(path)

    def file_name(self, path: str) -> str:
        """What a file or folder of a wheel is called: its place on the disk, where it has one."""
        owner = self._owners.get(path)
        if owner is None:
            owner = next(one for known, one in self._owners.items() if known.startswith(f"{path}/"))
        return f"{self._folders[owner]}/{path}"

    def code(self, path: str) -> CodeType:
        """The compiled code of a module."""
        return compiled_or_kept(self.tree, path, self.file_name(path), self._code[self._owners[path]])

    def keep(self) -> None:
        """Write what was compiled to the disk."""
        for code in self._code.values():
            code.write()

    def load_libraries(self, path: str) -> None:
        """Load the libraries that an extension module needs of its own wheel.

        Raises:
            LibraryError: one cannot be loaded.
        """
        from kernel.library.check import in_order
        from kernel.library.load import load_content

        archive = self._owners[path]
        places = {one.rpartition("/")[2]: one for one in archive.paths if archive.is_native(one)}
        needed: dict[str, tuple[str, ...]] = {}
        waiting = list(self._needs(path))
        while waiting:
            name = waiting.pop()
            if name in places and name not in needed:
                needed[name] = self._needs(places[name])
                waiting += needed[name]
        for name in in_order(needed):
            load_content(name, archive.read(places[name]))

    def _needs(self, path: str) -> tuple[str, ...]:
        """The libraries that a file needs; none when it is no file for Linux."""
        from kernel.library.check import ELF
        from kernel.library.elf import read_elf

        if path not in self._known_needs:
            content = self.content(path)
            self._known_needs[path] = read_elf(content).needs if content.startswith(ELF) else ()
        return self._known_needs[path]


def mount(values: Mapping[str, Any], read_file: ReadFile, place: Path, key: Callable[[], bytes]) -> Mounted | None:
    """Make the wheels of a release importable in this process; None when it has none.

    Args:
        values: ``wheels`` of its manifest.
        read_file: A file of the release, verified.
        place: A directory of this person's alone, below the cache.
        key: The key that compiled code is sealed with.

    Raises:
        WheelError: one is not for this machine or not what it should be, or other wheels are in use here.
    """
    if not values:
        return None
    contents: dict[str, bytes] = {}
    for name, path in sorted(choose(values).items()):
        data = read_file(path)
        if data is None:
            raise WheelError(mark(f"the release has no file {path}, which its {name} is"))
        contents[path] = data
    identity = " ".join(sha256_of(data).hex() for data in contents.values())
    with _lock:
        for before in _mounted:
            if before.identity == identity:
                return before
            raise WheelError(
                mark("this process has the wheels of another release in use"), hint=mark("start the app again")
            )
        made = Mounted([_usable(path, data) for path, data in contents.items()], place, key, identity)
        _mounted.append(made)
        sys.meta_path.insert(0, made)
        sys.path_hooks.append(made.entry)
    return made


def mounted() -> Mounted | None:
    """The wheels of this process."""
    return _mounted[0] if _mounted else None


def _usable(path: str, data: bytes) -> Archive:
    """A wheel whose modules may be imported here: what was looked at when it was published, once more in short."""
    archive = Archive(path, data)
    for top in archive.tops:
        if is_reserved(top) or top in SHELL_MODULES:
            raise WheelError(mark(f"{path} would be the module {top}, which is Python's or Espalier's own"))
        known = sys.modules.get(top)
        if known is not None:
            hint = mark("its version here is the one that apps use: leave the wheel out")
            raise WheelError(
                mark(f"{path} would be the module {top}, which this process has in use already"), hint=hint
            )
    from kernel.delivery.path import check_path

    for name in archive.paths:
        if reason := check_path(name):
            raise WheelError(mark(f"the file {name!r} of {path} {reason}"))
        if name.endswith(".pth") or name.partition("/")[0].endswith(".data"):
            raise WheelError(mark(f"{name} of {path} is outside of its packages"))
    return archive


def _mark(archive: Archive) -> str:
    return f"{archive.name}-{archive.version}-{archive.sha256[:24]}"
