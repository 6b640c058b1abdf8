"""What is wrong with native libraries: for another machine, in need of what nobody brings, or leading elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping

from kernel.library.elf import Elf, read_elf
from kernel.library.error import LibraryError
from kernel.words import mark

#: How files for Linux begin.
ELF = b"\x7fELF"
#: What every Linux that Espalier runs on has (PEP 600, and musl's); everything else is to be brought along.
SYSTEM = frozenset((
    "ld-linux-x86-64.so.2", "ld-linux.so.2", "ld-linux-aarch64.so.1", "ld-linux-armhf.so.3", "ld64.so.1", "ld64.so.2",
    "ld-linux-riscv64-lp64d.so.1", "libGL.so.1", "libICE.so.6", "libSM.so.6", "libX11.so.6", "libXext.so.6",
    "libXrender.so.1", "libatomic.so.1", "libc.so.6", "libdl.so.2", "libexpat.so.1", "libgcc_s.so.1",
    "libglib-2.0.so.0", "libgobject-2.0.so.0", "libgthread-2.0.so.0", "libm.so.6", "libnsl.so.1", "libpthread.so.0",
    "libresolv.so.2", "librt.so.1", "libstdc++.so.6", "libutil.so.1", "libz.so.1",
    "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1",
))  # fmt: skip
#: Where a library may want others looked for: beside itself.
_ORIGIN = ("$ORIGIN", "${ORIGIN}")


def elf_problems(name: str, elf: Elf, known: Collection[str], folder: str = "") -> Iterator[str]:
    """Why a library may not be loaded.

    Args:
        name: What it is called in messages.
        elf: Its facts.
        known: Names of the libraries that come with it.
        folder: Where it is within what it came with; it may look for others in there.
    """
    for need in elf.needs:
        if "/" in need or need.startswith("."):
            yield mark(f"{name} needs {need}, which is a path and may be any file")
        elif need not in known and need not in SYSTEM:
            yield mark(f"{name} needs {need}, which nobody brings and not every system has")
    for place in elf.search:
        if not _is_inside(place, folder):
            yield mark(f"{name} looks for libraries in {place or 'the folder where Espalier was started'}")
    for other in elf.hidden:
        yield mark(f"{name} makes the system load {other} besides what it needs")
    if "/" in elf.soname:
        yield mark(f"{name} calls itself {elf.soname}, which is a path")


def wheel_library_problems(files: Mapping[str, bytes], platforms: Collection[str]) -> Iterator[str]:
    """What is wrong with the machine code of a wheel.

    Args:
        files: Path within the wheel → content, of files for Linux.
        platforms: The platforms that the wheel's name has: ``manylinux_2_17_x86_64``.
    """
    facts: dict[str, Elf] = {}
    for path, content in sorted(files.items()):
        try:
            facts[path] = read_elf(content)
        except LibraryError as error:
            yield f"{path}: {error.message}"
    # Others of the wheel are found by their files' names, as the tools that repair wheels name them.
    known = {path.rpartition("/")[2] for path in facts}
    for path, elf in facts.items():
        if not any(platform.endswith(f"_{elf.architecture}") for platform in platforms):
            yield f"{path} is for {elf.architecture}, and the wheel's name says {', '.join(sorted(platforms))}"
        yield from elf_problems(path, elf, known, posixpath.dirname(path))


def in_order(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """Names so that each comes behind those that it needs; what is not among them is left out.

    Raises:
        LibraryError: some need each other in a circle.
    """
    done: list[str] = []
    under_way: list[str] = []

    def take(name: str) -> None:
        if name in done:
            return
        if name in under_way:
            raise LibraryError(f"{' needs '.join([*under_way[under_way.index(name):], name])}, which is a circle")
        under_way.append(name)
        for other in needs[name]:
            if other in needs:
                take(other)
        under_way.pop()
        done.append(name)

    for name in sorted(needs):
        take(name)
    return done


def _is_inside(place: str, folder: str) -> bool:
    start = next((start for start in _ORIGIN if place == start or place.startswith(f"{start}/")), None)
    if start is None:
        return False
    whole = posixpath.normpath(posixpath.join("/top", folder, place.removeprefix(start).lstrip("/")))
    return whole == "/top" or whole.startswith("/top/")
