"""The compiled code of all modules that starts import, in one file: to look for and read 200 small files takes a
start 25 ms.

The file is kept beside Python's own compiled code, and written when a start ends that imported more. A module counts
only while its source has the time and size that it was compiled from, as with Python's own. Light: imported first.
"""

from __future__ import annotations

import marshal
import mmap
import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader, spec_from_file_location

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATH = os.path.join(_ROOT, "resources", "__pycache__", "start.code")
#: Changes with the file's form, Python's bytecode and its switches.
HEAD = ("espalier", 3, MAGIC_NUMBER, sys.flags.optimize, sys.prefix)
#: Where modules are kept from: Espalier, Python, the environment. What a script's own folder adds is never kept.
PLACES = tuple(os.path.join(place, "") for place in (_ROOT, os.path.dirname(os.__file__), sys.prefix))
#: Qt's support modules are loaded in a way of their own.
LEFT_OUT = ("PySide6", "__feature__", "shiboken6", "shibokensupport", "signature_bootstrap")

#: What reading a file and making sense of its bytes may end in.
_DAMAGED = (OSError, ValueError, EOFError, TypeError, MemoryError, OverflowError, SystemError, RecursionError)

#: Module → (source file, its time in ns, its size in bytes, whether it is a package, marshalled code).
Row = tuple[str, int, int, bool, "bytes | memoryview"]
Rows = dict[str, Row]


class Bytecode:
    """A finder on ``sys.meta_path``; what it does not hold is left to the others.

    Args:
        path: The file; need not exist.
        places: Directories whose modules are kept.
    """

    def __init__(self, path: str = PATH, places: tuple[str, ...] = PLACES) -> None:
        self._path = path
        self._places = places
        self._rows: Rows = _read(path)
        self._missed: set[str] | None = set()
        self._wanted: list[str] = []

    def install(self) -> None:
        """Answer imports from now on; not where PYTHONPATH may say that other modules come first.

        A version that came as a release has its own folder there, see :mod:`shell.version_choice`.
        """
        if os.environ.get("PYTHONPATH", _ROOT) == _ROOT:
            sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: object = None, target: object = None):
        """See :class:`importlib.abc.MetaPathFinder`."""
        row = self._rows.get(name)
        if row is None or not _is_current(row):
            if self._missed is not None and not name.startswith(LEFT_OUT):
                self._missed.add(name)
            return None
        places = [os.path.dirname(row[0])] if row[3] else None
        return spec_from_file_location(name, row[0], loader=_Loader(name, row), submodule_search_locations=places)

    def names(self) -> list[str]:
        """The modules that starts before this one imported; none before the first, or where another path goes first."""
        return list(self._rows) if self in sys.meta_path else []

    def note(self) -> None:
        """The start is over: what was missed until now is what :meth:`keep` adds."""
        if self._missed is not None:
            self._wanted = [name for name in self._missed if name in sys.modules]
            self._missed = None

    def keep(self) -> None:
        """Write the file anew when the start missed modules. One that cannot be written is gone on without."""
        added = {name: row for name in self._wanted if (row := _compiled(name)) is not None}
        added = {name: row for name, row in added.items() if row[0].startswith(self._places)}
        if added:
            _write(self._path, {name: row for name, row in self._rows.items() if _is_current(row)} | added)
        self._wanted = []


class _Loader(SourceFileLoader):
    """Python's own loader but that it has the code already."""

    def __init__(self, name: str, row: Row) -> None:
        super().__init__(name, row[0])
        self._code = row[4]

    def get_code(self, fullname: str):
        """See :class:`importlib.abc.InspectLoader`. What is damaged is compiled from its source."""
        try:
            code = marshal.loads(self._code)
            if type(code) is type(_is_current.__code__) and code.co_filename == self.path:
                return code
        except _DAMAGED:
            pass  # as if it were not there
        return super().get_code(fullname)


def _is_current(row: Row) -> bool:
    try:
        state = os.stat(row[0])
    except OSError:
        return False  # moved or gone: the others find it, or tell
    return (state.st_mtime_ns, state.st_size) == row[1:3]


def _compiled(name: str) -> Row | None:
    """The row of an imported module; None for those that Python did not load from a source file."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or spec.name != name or not isinstance(spec.loader, SourceFileLoader):
        return None
    is_package = spec.submodule_search_locations is not None
    try:
        state = os.stat(spec.loader.path)
        code = marshal.dumps(spec.loader.get_code(name))
    except (OSError, ImportError, SyntaxError, ValueError):
        return None  # gone or changed since it was imported: the next start sees to it
    return spec.loader.path, state.st_mtime_ns, state.st_size, is_package, code


def _read(path: str) -> Rows:
    try:
        with open(path, "rb") as file:
            # NOTE: it is replaced as a whole and never cut, so a start reads only what it needs of these megabytes.
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        length = int.from_bytes(content[:8], "little")
        head, index = marshal.loads(content[8 : 8 + length])
        codes = content[8 + length :]
        if head != HEAD or len(codes) != sum(row[4] for row in index.values()):
            return {}
    except _DAMAGED:
        return {}  # not written yet, or damaged
    rows, at = {}, 0
    for name, (source, time_ns, size, is_package, taken) in index.items():
        rows[name] = (source, time_ns, size, is_package, codes[at : at + taken])
        at += taken
    return rows


def _write(path: str, rows: Rows) -> None:
    part = f"{path}.{os.getpid()}-{os.urandom(4).hex()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(part, "wb") as file:
            index = marshal.dumps((HEAD, {name: (*row[:4], len(row[4])) for name, row in rows.items()}))
            file.write(len(index).to_bytes(8, "little") + index)
            file.writelines(row[4] for row in rows.values())
        os.replace(part, path)
    except OSError:
        _drop(part)


def _drop(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return  # never begun


#: The one of this process.
bytecode = Bytecode()
