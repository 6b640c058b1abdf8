"""The native libraries of a release: what app.toml describes, looked through, filled in and resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kernel.digest import sha256_of
from kernel.library.check import elf_problems, in_order
from kernel.library.description import Description, read_descriptions
from kernel.library.elf import Elf, read_elf
from kernel.library.error import LibraryError
from kernel.library.resolve import machines, resolve
from kernel.words import mark

ReadFile = Callable[[str], bytes | None]


def check_libraries(values: Mapping[str, Any], read_file: ReadFile) -> tuple[dict[str, Any], list[LibraryError]]:
    """The ``libraries`` of a manifest, and everything that keeps the app from having them.

    Args:
        values: ``[libraries]`` of app.toml.
        read_file: A file of the app by path, or None.
    """
    problems: list[LibraryError] = []
    filled: dict[str, tuple[Description, ...]] = {}
    facts: dict[str, Elf] = {}
    try:
        described = read_descriptions(values)
    except LibraryError as error:
        return {}, [error]
    for name, choices in described.items():
        whole = []
        for one in choices:
            try:
                whole.append(_filled(name, one, read_file, facts))
            except LibraryError as error:
                problems.append(error)
        filled[name] = tuple(whole)
    if problems:
        return {}, problems
    chosen: dict[str, list[Description]] = {}
    for machine in machines(filled):
        try:
            found = resolve(filled, machine)
            _check_set(found, facts)
        except LibraryError as error:
            problems.append(error)
            continue
        for name, one in found.items():
            chosen.setdefault(name, []).append(one)
    return {name: [msgspec.to_builtins(one) for one in found] for name, found in sorted(chosen.items())}, problems


def _filled(name: str, one: Description, read_file: ReadFile, facts: dict[str, Elf]) -> Description:
    """A description with what its file says; refuses one that says something else."""
    content = read_file(one.file)
    if content is None:
        raise LibraryError(mark(f"the app has no file {one.file}, which the library {name} is to be"))
    if one.platform != "linux":
        raise LibraryError(mark(f"the library {name} is for {one.platform}, and libraries are for linux so far"))
    try:
        elf = facts[one.file] = read_elf(content)
    except LibraryError as error:
        raise LibraryError(mark(f"{one.file} cannot be the library {name}: {error.message}")) from error
    digest = sha256_of(content).hex()
    said = {"architecture": elf.architecture, "soname": elf.soname, "sha256": digest}
    for entry, found in said.items():
        if getattr(one, entry) not in ("", found):
            raise LibraryError(
                mark(f"{one.file} has the {entry} {found or 'none'}, and app.toml says {getattr(one, entry)}")
            )
    if not elf.soname:
        hint = mark("link it with -Wl,-soname,libNAME.so.1")
        raise LibraryError(mark(f"{one.file} has no name of its own (soname) that others could need it by"), hint=hint)
    return msgspec.structs.replace(one, **said)


def _check_set(chosen: dict[str, Description], facts: dict[str, Elf]) -> None:
    """Refuse libraries for one machine that need what is not there, or each other in a circle."""
    sonames = {one.soname for one in chosen.values()}
    for name, one in chosen.items():
        elf = facts[one.file]
        reason = next(elf_problems(f"the library {name} ({one.file})", elf, sonames), None)
        if reason is not None:
            hint = mark("bring it along as another library, or link it in") if "nobody brings" in reason else ""
            raise LibraryError(reason, hint=hint)
    in_order({one.soname: facts[one.file].needs for one in chosen.values()})
