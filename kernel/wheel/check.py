"""What is wrong with a wheel before it becomes part of a release; all of it is told at once.

Installers do not compare the hashes of a wheel's own list: here everything is, once, when it is published.
"""

from __future__ import annotations

import configparser
import hashlib
import stat
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from kernel.delivery.path import check_path
from kernel.error import EspalierError
from kernel.library.check import ELF, wheel_library_problems
from kernel.module_name import is_reserved
from kernel.wheel.archive import UNLISTED, Archive
from kernel.wheel.error import WheelError
from kernel.wheel.shell_package import SHELL_MODULES
from kernel.words import mark

#: Algorithms that a list may name; the weaker ones prove nothing.
_ALGORITHMS = ("sha256", "sha384", "sha512")
#: Ways of packing that every Python reads.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Wrong(NamedTuple):
    """One reason why a wheel is refused."""

    message: str
    hint: str = ""


def check_wheel(
    path: str, data: bytes, without_commands: Collection[str] = ()
) -> tuple[Archive | None, list[Wrong]]:
    """The wheel, and everything that is wrong with it; no wheel when it cannot even be opened.

    Args:
        path: Its file.
        data: Its bytes.
        without_commands: Names of wheels whose commands for a terminal are left out, which nobody minds then.
    """
    try:
        archive = Archive(path, data)
    except WheelError as error:
        return None, [Wrong(error.message, error.hint)]
    found: list[Wrong] = []
    for check in CHECKS:
        if check is _commands and archive.name in without_commands:
            continue
        try:
            found += check(archive)
        except EspalierError as error:
            found.append(Wrong(error.message, error.hint))
    return archive, list(dict.fromkeys(found))


def _names(archive: Archive) -> Iterator[Wrong]:
    """Paths that stay inside, are told apart everywhere, and are files."""
    seen: dict[str, str] = {}
    for entry in archive.entries:
        name = entry.filename
        if reason := check_path(name):
            yield Wrong(mark(f"the file {name!r} of {archive.path} {reason}"))
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield Wrong(mark(f"the file {name!r} of {archive.path} is a link"))
        if entry.flag_bits & 1 or entry.compress_type not in _PACKED:
            yield Wrong(mark(f"the file {name!r} of {archive.path} is encrypted or packed in an unusual way"))
        before = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if before != name:
            yield Wrong(mark(f"{before!r} and {name!r} of {archive.path} are one file on some systems"))
    if len(archive.paths) != len(archive.entries):
        yield Wrong(mark(f"{archive.path} has a file twice"))


def _places(archive: Archive) -> Iterator[Wrong]:
    """Nothing outside of its packages: no start-up hooks, no files for elsewhere."""
    for path in sorted(archive.paths):
        if path.endswith(".pth"):
            yield Wrong(mark(f"{path} of {archive.path} would run at every start of Python"))
        if path.partition("/")[0].endswith(".data"):
            yield Wrong(
                mark(f"{path} of {archive.path} belongs outside of its packages"), mark("apps have no such places")
            )


def _commands(archive: Archive) -> Iterator[Wrong]:
    """No commands for a terminal, unless the app leaves them out in so many words."""
    entry_points = f"{archive.information}/entry_points.txt"
    if entry_points in archive.paths:
        parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
        try:
            parser.read_string(archive.read(entry_points).decode("utf-8", "replace"))
        except configparser.Error:
            yield Wrong(mark(f"the entry points of {archive.path} cannot be read"))
            return
        for section in ("console_scripts", "gui_scripts"):
            for command in parser.options(section) if parser.has_section(section) else ():
                hint = mark(f'an app has none; to leave them out write wheels_without_commands = ["{archive.name}"]')
                yield Wrong(mark(f"{archive.path} brings the command {command}"), hint)


def _description(archive: Archive) -> Iterator[Wrong]:
    """It says of itself what its file's name says."""
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version

    about, form = archive.about("METADATA"), archive.about("WHEEL")
    try:
        is_same = (canonicalize_name(about["Name"] or ""), Version(about["Version"] or "")) == (
            archive.name, archive.version,
        )  # fmt: skip
    except InvalidVersion:
        is_same = False
    if not is_same:
        yield Wrong(mark(f"{archive.path} calls itself {about['Name']} {about['Version']}"))
    if not (form["Wheel-Version"] or "").startswith("1."):
        yield Wrong(mark(f"{archive.path} is a wheel of a form that is not known: {form['Wheel-Version'] or 'none'}"))


def _hashes(archive: Archive) -> Iterator[Wrong]:
    """Every file is in the wheel's list, with the hash and size that it has."""
    unlisted = {f"{archive.information}/{name}" for name in UNLISTED}
    for path in sorted(archive.paths - unlisted):
        row = archive.listed.get(path)
        if row is None or row.algorithm not in _ALGORITHMS:
            yield Wrong(mark(f"{path} of {archive.path} is not in its list with a hash"))
            continue
        content = archive.read(path)
        if hashlib.new(row.algorithm, content).digest() != row.digest or row.size not in (-1, len(content)):
            yield Wrong(mark(f"{path} of {archive.path} is not what its list says"))
    for path in sorted(archive.listed.keys() - archive.paths - unlisted):
        yield Wrong(mark(f"{archive.path} lists {path}, which it does not have"))


def _modules(archive: Archive) -> Iterator[Wrong]:
    """No module of Python's, of ours, or of the libraries that the shell works with."""
    for top in archive.tops:
        if not top.isidentifier():
            yield Wrong(mark(f"{archive.path} has a folder {top}, which is no name of a module"))
        elif is_reserved(top):
            yield Wrong(mark(f"{archive.path} would be a module {top}, which is Python's or Espalier's own"))
        elif top in SHELL_MODULES:
            hint = mark(f"leave it out: apps use the {SHELL_MODULES[top]} of the shell")
            yield Wrong(mark(f"{archive.path} would be the module {top}, which Espalier itself works with"), hint)


def _machine(archive: Archive) -> Iterator[Wrong]:
    """It is for a Python that Espalier has, and what is machine code in it is for the machine that its name says."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if not any(_is_for_us(tag.interpreter, tag.abi) for tag in archive.tags):
        names = ", ".join(sorted(map(str, archive.tags)))
        yield Wrong(
            mark(f"{archive.path} is for another Python ({names})"), mark("Espalier runs on Python 3.11 and up")
        )
    wanted = archive.about("METADATA")["Requires-Python"] or ""
    try:
        is_right = SpecifierSet(wanted).contains(".".join(map(str, sys.version_info[:3])), prereleases=True)
    except InvalidSpecifier:
        is_right = False
    if not is_right:
        yield Wrong(mark(f"{archive.path} needs Python {wanted}"))
    native = {path: archive.read(path) for path in archive.paths if archive.is_native(path)}
    if native and all(tag.platform == "any" for tag in archive.tags):
        yield Wrong(mark(f"{archive.path} has machine code, and its name says that it has none"))
    of_linux = {path: content for path, content in native.items() if content.startswith(ELF)}
    platforms = {tag.platform for tag in archive.tags}
    yield from (Wrong(f"{archive.path}: {reason}") for reason in wheel_library_problems(of_linux, platforms))


def _is_for_us(interpreter: str, abi: str) -> bool:
    """Whether some Python from 3.11 on takes it."""
    if interpreter in ("py3", "py2.py3") or interpreter.startswith("py31"):
        return True
    minor = interpreter.removeprefix("cp3")
    if minor == interpreter or not (minor.isascii() and minor.isdigit()):
        return False
    return abi == "abi3" or int(minor[:6]) >= 11


#: What is looked at, in the order that it is told.
CHECKS: tuple[Callable[[Archive], Iterator[Wrong]], ...] = (
    _names, _places, _commands, _description, _hashes, _modules, _machine,
)  # fmt: skip
