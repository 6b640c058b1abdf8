"""Libraries of layouts that several apps share: the folders ``libraries/<name>`` beside the folder ``apps``.

A layout takes a file of one as ``library:forms/fields.kdl``. In the app it is ``libraries/forms/fields.kdl``: a server
puts the libraries that an app uses into its release, and of a folder they are read where they stand. An app's own
file of that path goes before.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layouts.kdl import SyntaxNode

#: What a path into a library begins with, and the folder that holds the libraries.
PREFIX = "library:"
FOLDER = "libraries"


def path_of(text: str) -> str:
    """The app's path of ``library:NAME/FILE``; empty when the text names no file of a library."""
    if not text.startswith(PREFIX):
        return ""
    inner = posixpath.normpath(text.removeprefix(PREFIX))
    is_inside = "/" in inner and not inner.startswith(("/", "../"))
    return f"{FOLDER}/{inner}" if is_inside else ""


def library_of(path: str) -> str:
    """The library that a path of an app is in; empty when it is in none."""
    head, _, rest = path.partition("/")
    name, separator, _ = rest.partition("/")
    return name if head == FOLDER and separator else ""


def shown_path(path: str) -> str:
    """The path as a layout writes it: ``library:forms/fields.kdl``, or the path itself."""
    return f"{PREFIX}{path.removeprefix(FOLDER + '/')}" if library_of(path) else path


def names_in(content: bytes) -> frozenset[str]:
    """The libraries that a layout file names in any of its values."""
    if PREFIX.encode() not in content:
        return frozenset()
    from layouts.kdl import read

    return frozenset(_names(read(content.decode("utf-8", "replace"), "").nodes))


def _names(nodes: list[SyntaxNode]) -> Iterator[str]:
    for node in nodes:
        for value in (*node.arguments, *node.properties.values()):
            if isinstance(value.value, str) and (path := path_of(value.value)):
                yield library_of(path)
        yield from _names(node.children)


def beside(folder: Path) -> Path | None:
    """The folder of the libraries that an app's folder ``…/apps/NAME`` may use; None when it stands elsewhere."""
    folder = folder.absolute()
    return folder.parent.parent / FOLDER if folder.parent.name == "apps" else None


def place_of(folder: Path, path: str) -> Path:
    """Where a file of an app's folder is on the disk: in the folder, or in the libraries beside it."""
    own = folder / path
    libraries = beside(folder) if library_of(path) else None
    return libraries.parent / path if libraries is not None and not own.exists() else own


def path_at(folder: Path, place: Path) -> str:
    """The other way round: the app's path of a place on the disk; empty when it is neither in it nor beside it."""
    if place.is_relative_to(folder):
        return place.relative_to(folder).as_posix()
    libraries = beside(folder)
    if libraries is not None and place.is_relative_to(libraries):
        return f"{FOLDER}/{place.relative_to(libraries).as_posix()}"
    return ""


def is_within(folder: Path, place: Path) -> bool:
    """Whether a place, links followed, is a file of the folder or of the libraries beside it."""
    whole, libraries = place.resolve(), beside(folder)
    return whole.is_relative_to(folder.resolve()) or (
        libraries is not None and place.is_relative_to(libraries) and whole.is_relative_to(libraries.resolve())
    )


def files_beside(folder: Path) -> list[str]:
    """The app's paths of all layouts in the libraries beside it, sorted."""
    libraries = beside(folder)
    if libraries is None:
        return []
    return sorted(f"{FOLDER}/{path.relative_to(libraries).as_posix()}" for path in libraries.rglob("*.kdl"))
