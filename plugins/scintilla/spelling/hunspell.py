"""Dictionaries by the system's Hunspell, called in C: no lock of Python's is held while it looks. No Qt here.

Hunspell is what LibreOffice, Firefox and Kate look words up with; where it is not installed there are no dictionaries.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_int, c_void_p
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import Any

#: Names of the library, the newest first; suggestions for a word at most.
NAMES = ("libhunspell-1.7.so.0", "libhunspell-1.6.so.0", "libhunspell-1.7.0.dylib", "libhunspell-1.7-0.dll")
MOST = 8
_LIST = POINTER(c_char_p)
_FOLDERS = (
    "/usr/share/hunspell", "/usr/share/myspell/dicts", "/usr/local/share/hunspell", "/opt/homebrew/share/hunspell",
    "~/.local/share/hunspell", "~/Library/Spelling", "/Library/Spelling",
)  # fmt: skip


@cache
def library() -> Any:
    """Hunspell's C functions; None where it is not installed."""
    for name in (*NAMES, find_library("hunspell-1.7"), find_library("hunspell")):
        try:
            found = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if found is not None:
            found.Hunspell_create.restype = c_void_p
            found.Hunspell_create.argtypes = (c_char_p, c_char_p)
            found.Hunspell_destroy.argtypes = (c_void_p,)
            found.Hunspell_spell.argtypes = (c_void_p, c_char_p)
            found.Hunspell_get_dic_encoding.restype = c_char_p
            found.Hunspell_get_dic_encoding.argtypes = (c_void_p,)
            found.Hunspell_suggest.argtypes = (c_void_p, POINTER(_LIST), c_char_p)
            found.Hunspell_free_list.argtypes = (c_void_p, POINTER(_LIST), c_int)
            return found
    return None


def dictionaries() -> dict[str, Path]:
    """Language (``en_US``) → its file of words, of all that are installed beside their rules."""
    given = os.environ.get("DICPATH", "").split(os.pathsep)
    found: dict[str, Path] = {}
    for folder in (*filter(None, given), *_FOLDERS):
        for path in sorted(Path(folder).expanduser().glob("*.dic")):
            if path.with_suffix(".aff").is_file():
                found.setdefault(path.stem, path)
    return found


class Dictionary:
    """The words of one language; for one thread at a time.

    Args:
        path: The file of words; its rules lie beside it.
    """

    def __init__(self, path: Path) -> None:
        self._library = library()
        rules, words = (_name(one) for one in (path.with_suffix(".aff"), path))
        self._handle = self._library.Hunspell_create(rules, words)
        named = (self._library.Hunspell_get_dic_encoding(self._handle) or b"utf-8").decode("ascii", "replace")
        self._encoding = _known(named)

    def has(self, word: str) -> bool:
        """Whether it is a word; one with letters that the dictionary cannot write is none."""
        try:
            return bool(self._library.Hunspell_spell(self._handle, word.encode(self._encoding)))
        except UnicodeEncodeError:
            return False

    def near(self, word: str) -> list[str]:
        """Words that may be meant, the likeliest first."""
        rows = _LIST()
        try:
            count = self._library.Hunspell_suggest(self._handle, ctypes.byref(rows), word.encode(self._encoding))
        except UnicodeEncodeError:
            return []
        found = [(rows[index] or b"").decode(self._encoding, "replace") for index in range(min(count, MOST))]
        self._library.Hunspell_free_list(self._handle, ctypes.byref(rows), count)
        return found

    def close(self) -> None:
        """Let go of it."""
        handle, self._handle = self._handle, None
        if handle:
            self._library.Hunspell_destroy(handle)


def _name(path: Path) -> bytes:
    """A file's name as Hunspell takes it; on Windows in UTF-8, marked as a long one."""
    return f"\\\\?\\{path}".encode() if sys.platform == "win32" else os.fsencode(path)


def _known(encoding: str) -> str:
    """Python's name of an encoding."""
    import codecs

    for name in (encoding, encoding.replace("ISO", "iso-", 1), encoding.replace("microsoft-", "")):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return "utf-8"
