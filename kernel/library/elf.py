"""What a native library of Linux says of itself: the machine it is for, its name, what it needs. Nothing of it runs."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from kernel.library.error import LibraryError
from kernel.words import mark

#: ELF's name of a machine → what Python's ``platform.machine()`` calls it; by (machine, bits).
MACHINES: dict[tuple[str, int], str] = {
    ("EM_X86_64", 64): "x86_64",
    ("EM_386", 32): "i686",
    ("EM_AARCH64", 64): "aarch64",
    ("EM_ARM", 32): "armv7l",
    ("EM_PPC64", 64): "ppc64le",
    ("EM_S390", 64): "s390x",
    ("EM_RISCV", 64): "riscv64",
}
#: Entries by which a library makes the loader load others than it needs by name.
_HIDDEN = ("DT_FILTER", "DT_AUXILIARY", "DT_AUDIT", "DT_DEPAUDIT")


class Elf(NamedTuple):
    """Facts of one library.

    Attributes:
        architecture: As in :data:`MACHINES`.
        soname: The name that others need it by; empty when it has none.
        needs: Names of the libraries that it needs.
        search: Folders where it wants them looked for.
        hidden: Libraries that it brings in by another way than needing them.
    """

    architecture: str
    soname: str
    needs: tuple[str, ...]
    search: tuple[str, ...]
    hidden: tuple[str, ...]


def read_elf(content: bytes) -> Elf:
    """The facts of a library.

    Raises:
        LibraryError: the bytes are no shared library for Linux.
    """
    from elftools.common.exceptions import DWARFError, ELFError
    from elftools.construct import ConstructError
    from elftools.elf.elffile import ELFFile

    try:
        file = ELFFile(io.BytesIO(content))
        machine = (str(file["e_machine"]), int(file.elfclass))
        found = _entries(file, content)
    # NOTE: on bytes that somebody made to confuse it, the library raises whatever its parts raise.
    except (ELFError, DWARFError, ConstructError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            OverflowError, MemoryError, AssertionError, RecursionError) as error:  # fmt: skip
        raise LibraryError(mark(f"it is no library for Linux, or damaged: {error or type(error).__name__}")) from error
    search = [one for name in ("DT_RPATH", "DT_RUNPATH") for text in found.get(name, ()) for one in text.split(":")]
    hidden = [text for name in _HIDDEN for text in found.get(name, ())]
    soname = next(iter(found.get("DT_SONAME", ())), "")
    needs = tuple(found.get("DT_NEEDED", ()))
    return Elf(MACHINES.get(machine, machine[0]), soname, needs, tuple(search), tuple(hidden))


#: Dynamic entries whose value is a text.
_TEXTS = ("DT_NEEDED", "DT_RPATH", "DT_RUNPATH", "DT_SONAME", *_HIDDEN)


def _entries(file: Any, content: bytes) -> dict[str, list[str]]:
    """The dynamic entries with texts: ELF's name → texts.

    They are read as the system's loader reads them, by addresses in memory. Section headers, which it does not look at,
    may say anything.
    """
    dynamic = [one for one in file.iter_segments() if one["p_type"] == "PT_DYNAMIC"]
    if file["e_type"] != "ET_DYN" or len(dynamic) != 1:
        raise ValueError(mark("it is no shared library"))
    segment = dynamic[0]
    if list(file.address_offsets(segment["p_vaddr"], segment["p_filesz"])) != [segment["p_offset"]]:
        raise ValueError(mark("its dynamic entries are in two places"))
    tags = [(str(tag.entry.d_tag), int(tag.entry.d_val)) for tag in segment.iter_tags()]
    table = [value for name, value in tags if name == "DT_STRTAB"]
    starts = list(file.address_offsets(table[0])) if len(table) == 1 else []
    if len(starts) != 1:
        raise ValueError(mark("its texts are in no place, or in two"))
    found: dict[str, list[str]] = {}
    for name, value in tags:
        if name in _TEXTS:
            at = starts[0] + value
            found.setdefault(name, []).append(content[at : content.index(b"\0", at)].decode())
    return found
