"""Native libraries in this process: each exactly the bytes of its release, whatever the system has by the same name.

A library that is loaded already answers for its name (soname), so those of an app are loaded before anybody asks for
them, each behind those that it needs: then ``ctypes``, ``cffi`` and extension modules get these. They are loaded from
memory that is sealed, so that no other program changes them between the check and the use.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kernel.digest import sha256_of
from kernel.library.check import elf_problems, in_order
from kernel.library.description import Description
from kernel.library.elf import Elf, read_elf
from kernel.library.error import LibraryError
from kernel.words import mark

ReadFile = Callable[[str], bytes | None]


class _Loaded(NamedTuple):
    sha256: str
    path: str
    library: ctypes.CDLL


#: What this process has loaded of apps, by soname. NOTE: nothing is ever unloaded; code may still run in it.
_loaded: dict[str, _Loaded] = {}
#: Other names by which ``ctypes`` may ask for them: the library's name in app.toml, the file's name.
_names: dict[str, str] = {}
_lock = threading.RLock()


def this_machine() -> tuple[str, str]:
    """Platform and architecture, as descriptions name them."""
    return "linux" if sys.platform.startswith("linux") else sys.platform, platform.machine()


def for_others(values: Mapping[str, Any]) -> set[str]:
    """The files of libraries that are for other machines alone; none when they are described wrongly."""
    from kernel.library.description import read_descriptions

    try:
        known = [one for choices in read_descriptions(values).values() for one in choices]
    except LibraryError:
        return set()  # told when the app is opened
    mine = {one.file for one in known if one.machine == this_machine()}
    return {one.file for one in known} - mine


def load_libraries(values: Mapping[str, Any], read_file: ReadFile) -> None:
    """Load the libraries of a release that are for this machine.

    Args:
        values: ``libraries`` of its manifest.
        read_file: A file of the release, verified.

    Raises:
        LibraryError: one is not what the manifest says, is not for this machine, or clashes with what is loaded.
    """
    from kernel.library.description import read_descriptions

    machine = this_machine()
    chosen: dict[str, Description] = {}
    for name, choices in read_descriptions(values).items():
        fitting = [one for one in choices if one.machine == machine]
        if len(fitting) != 1:
            count = "several versions" if fitting else "nothing"
            raise LibraryError(mark(f"the release has {count} of the library {name} for {' '.join(machine)}"))
        chosen[name] = fitting[0]
    contents = {name: _content(name, one, read_file) for name, one in chosen.items()}
    facts = {name: read_elf(content) for name, content in contents.items()}
    _check(chosen, facts)
    names = {one.soname: name for name, one in chosen.items()}
    for soname in in_order({chosen[name].soname: elf.needs for name, elf in facts.items()}):
        name = names[soname]
        load_content(soname, contents[name])
        with _lock:
            _names.update({name: soname, chosen[name].file.rpartition("/")[2]: soname})


def load_content(soname: str, content: bytes) -> ctypes.CDLL:
    """Load a library from its bytes; the same bytes once.

    Raises:
        LibraryError: this process has another library of that name already, or it cannot be loaded.
    """
    sha256 = sha256_of(content).hex()
    with _lock:
        found = _loaded.get(soname)
        if found is not None:
            if found.sha256 != sha256:
                raise LibraryError(
                    mark(f"another version of {soname} is in use by this process"), hint=mark("start the app again")
                )
            return found.library
        if _is_in_process(soname):
            hint = mark("build the library with another name (-Wl,-soname,…)")
            raise LibraryError(mark(f"{soname} is in use by Espalier itself, in the system's version"), hint=hint)
        path = sealed_file(soname, content)
        try:
            library = ctypes.CDLL(path, mode=os.RTLD_NOW | os.RTLD_LOCAL)
        except OSError as error:
            raise LibraryError(mark(f"{soname} cannot be loaded: {str(error).replace(path, soname)}")) from error
        _loaded[soname] = _Loaded(sha256, path, library)
        _names[soname] = soname
        _hook()
        return library


def find(name: str) -> ctypes.CDLL | None:
    """The app's library of that name, soname or file name; None when the app has none such."""
    with _lock:
        soname = _names.get(name)
        return _loaded[soname].library if soname else None


def sealed_file(name: str, content: bytes) -> str:
    """A path by which the system's loader reads exactly these bytes; good as long as this process is there.

    Raises:
        LibraryError: this system has no files in memory.
    """
    if not hasattr(os, "memfd_create"):
        raise LibraryError(mark(f"{name} cannot be loaded: native libraries of apps need Linux"))
    import fcntl

    try:
        handle = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
        fcntl.fcntl(handle, fcntl.F_ADD_SEALS, seals)
    except OSError as error:
        raise LibraryError(mark(f"{name} cannot be loaded: {error.strerror or error}")) from error
    # NOTE: it stays open: the loader knows libraries by their path, and another file must never get this one.
    return f"/proc/self/fd/{handle}"


def _content(name: str, one: Description, read_file: ReadFile) -> bytes:
    content = read_file(one.file)
    if content is None:
        raise LibraryError(mark(f"the release has no file {one.file}, which the library {name} is"))
    if sha256_of(content).hex() != one.sha256:
        raise LibraryError(mark(f"{one.file} is not what the release says of the library {name}"))
    return content


def _check(chosen: dict[str, Description], facts: dict[str, Elf]) -> None:
    """What was looked at when it was published, once more: the manifest may come from a server that did not look."""
    sonames = [one.soname for one in chosen.values()]
    for name, one in chosen.items():
        elf = facts[name]
        if (elf.architecture, elf.soname) != (one.architecture, one.soname) or sonames.count(one.soname) > 1:
            raise LibraryError(mark(f"{one.file} is not what the release says of the library {name}"))
        for reason in elf_problems(f"the library {name}", elf, sonames):
            raise LibraryError(reason)


def _is_in_process(soname: str) -> bool:
    try:
        ctypes.CDLL(soname, mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
    except OSError:
        return False
    return True


def _hook() -> None:
    """Let ``ctypes`` know the libraries by all their names, once."""
    if not _before:
        from ctypes import util

        _before.update(dlopen=ctypes._dlopen, find=util.find_library)  # type: ignore[attr-defined]
        ctypes._dlopen = _dlopen  # type: ignore[attr-defined]
        util.find_library = _find_library


#: The functions of ``ctypes`` that ours stand before.
_before: dict[str, Callable[..., Any]] = {}


def _dlopen(name: Any, mode: int) -> Any:
    soname = _names.get(name) if isinstance(name, str) else None
    return _before["dlopen"](_loaded[soname].path if soname else name, mode)


def _find_library(name: str) -> str | None:
    """``geo`` → ``libgeo.so.1`` of the app, else what the system has."""
    own = _names.get(name) or _names.get(f"lib{name}.so")
    own = own or next((soname for soname in sorted(_loaded) if soname.startswith(f"lib{name}.so.")), None)
    return own or _before["find"](name)
