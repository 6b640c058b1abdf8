"""Paths of an app's files: every place that names one, and what is written there once files are called otherwise."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from layouts.app_manifest import APP_FILE
from layouts.kdl import SyntaxNode, Value
from layouts.kinds.kind import Kind
from layouts.language_server.documents import File, taken_path
from layouts.language_server.item import as_value
from layouts.language_server.lines import Lines
from layouts.language_server.rename import Edit, RenameError
from layouts.library import library_of, shown_path
from layouts.project import taken_path as path_within

_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LAYOUT = re.compile(r"""^[ \t]*layout[ \t]*=[ \t]*["']([^"'\r\n]*)["']""", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*entry[ \t]*=[ \t]*\[([^\]]*)\]", re.MULTILINE)
_QUOTE = re.compile('#*"')
_TEXT = re.compile(r"""["']([^"'\r\n]*)["']""")
#: What no path of a layout has: it could not be written in every place.
_STRANGE = re.compile(r"[\x00-\x1f\"'\\]")


class FileUse(NamedTuple):
    """A place that names a file.

    Attributes:
        file: The file that holds it.
        start, stop: The first character of the path, and the one behind the last, quotes left out.
        path: The file that is meant, from the app's folder.
        is_rooted: Whether paths count from the app's folder there, not from the folder of ``file``.
        around: Characters of its quote, on both sides.
    """

    file: str
    start: int
    stop: int
    path: str
    is_rooted: bool
    around: int = 0


def uses(manifest: str, files: Iterable[File], kinds: Mapping[str, Kind]) -> list[FileUse]:
    """Every place that names a file of the app.

    Args:
        manifest: The text of app.toml; empty when there is none.
        files: Layouts of the app and of libraries.
        kinds: The kind table, which says what is a path.
    """
    found = list(_in_manifest(manifest))
    for file in files:
        lines = Lines(file.text)
        for value, path, is_rooted in _in_nodes(file.document.nodes, kinds):
            start = lines.offset_of(value.where)
            quote = _QUOTE.match(value.source)
            around, stop = len(quote[0]) if quote else 0, start + len(value.source)
            found.append(FileUse(file.path, start + around, stop - around, path, is_rooted, around))
    return found


def _in_manifest(text: str) -> Iterator[FileUse]:
    """``layout`` and what follows each "layout" of ``entry``, above the first table."""
    header = _HEADER.search(text)
    end = header.start() if header else len(text)
    if layout := _LAYOUT.search(text, 0, end):
        yield FileUse(APP_FILE, layout.start(1), layout.end(1), layout[1], True)
    if entry := _ENTRY.search(text, 0, end):
        words = list(_TEXT.finditer(text, entry.start(1), entry.end(1)))
        for agent, word in zip(words, words[1:], strict=False):
            if agent[1] == "layout":
                yield FileUse(APP_FILE, word.start(1), word.end(1), word[1], True)


def _in_nodes(nodes: Iterable[SyntaxNode], kinds: Mapping[str, Kind]) -> Iterator[tuple[Value, str, bool]]:
    """Each value that is a path, the path in the app, and whether it counts from the app's folder."""
    for node in nodes:
        if node.name in ("use", "include"):
            value = node.arguments[0] if node.arguments else None
            path = taken_path(node) if value is not None else ""
            if value is not None and path:
                yield value, path, False
        elif node.name in kinds:
            yield from ((value, str(value.value), True) for value in _pictures(node, kinds[node.name]))
        yield from _in_nodes(node.children, kinds)


def _pictures(node: SyntaxNode, kind: Kind) -> Iterator[Value]:
    for row in kind.properties:
        if row.name != "file":
            continue
        value = node.properties.get("file")
        if value is None and 0 < row.argument <= len(node.arguments):
            value = node.arguments[row.argument - 1]
        if value is not None and isinstance(value.value, str) and "{" not in value.value:
            yield value


def at(found: Iterable[FileUse], file: str, offset: int) -> FileUse | None:
    """The place under the cursor."""
    return next((one for one in found if one.file == file and one.start <= offset <= one.stop), None)


def meant(one: FileUse, written: str) -> str:
    """The path in the app that a text names where ``one`` stands.

    Raises:
        RenameError: it names none, or one of a library.
    """
    path = posixpath.normpath(written) if one.is_rooted else path_within(one.file, written)
    if not written or _STRANGE.search(written) or not path or path.startswith(("/", "..")) or library_of(path):
        raise RenameError(f"{one.path} cannot be called {written or 'nothing'}", hint="write a path within the app")
    ending = posixpath.splitext(one.path)[1]
    if posixpath.splitext(path)[1] != ending:
        raise RenameError(f"{one.path} cannot be called {written}", hint=f"its name ends with {ending}")
    return path


def moved_edits(found: Iterable[FileUse], moves: Mapping[str, str]) -> dict[str, list[Edit]]:
    """File, as it is called before → its edits, when files are moved.

    Args:
        found: The places that name files.
        moves: Path of each moved file → its new path.
    """
    edits: dict[str, list[Edit]] = {}
    for one in found:
        target, home = moves.get(one.path, one.path), moves.get(one.file, one.file)
        if (target, home) == (one.path, one.file):
            continue
        before, written = (one.path, target) if one.is_rooted else (_from(one.file, one.path), _from(home, target))
        if not written or written == before:
            continue
        edit = Edit(one.start, one.stop, written)
        if one.file != APP_FILE:
            quoted = f'"{written}"' if one.around else as_value(written, "")
            edit = Edit(one.start - one.around, one.stop + one.around, quoted)
        edits.setdefault(one.file, []).append(edit)
    return edits


def _from(file: str, path: str) -> str:
    """How a layout writes a path; empty when it cannot take that file."""
    if library_of(path) == library_of(file):
        return posixpath.relpath(path, posixpath.dirname(file) or ".")
    return shown_path(path) if library_of(path) else ""
