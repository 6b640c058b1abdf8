"""A file that a merge could not join, as pieces: what both sides have alike, and what they have each in their own way.

The file in the working tree is the result in the making. Git marks in it what could not be joined (git-merge, "How
conflicts are presented"); taking a side replaces the marks by its lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from plugins.api import (
    Change,
    Column,
    Committed,
    ReadOnlyError,
    Schema,
    TableError,
    Update,
    is_open_database,
    mark,
    read_bytes,
    say,
    write_whole,
)
from plugins.git.editing import everything
from plugins.git.listed import FileRows
from plugins.git.path import real_path
from plugins.git.repository import shown

#: What is taken of a piece → the parts of it, in that order.
TAKES = {"ours": ("ours",), "theirs": ("theirs",), "both": ("ours", "theirs"), "base": ("base",)}
#: How the lines begin that git writes around the parts of a conflict → the part that follows; None ends it.
_MARKS = {b"<": "ours", b"|": "base", b"=": "theirs", b">": None}
_MARK = re.compile(rb"^(?:(<)<{6}|(\|)\|{6}|(=)={6}|(>)>{6})(?: .*)?$")


class Piece(NamedTuple):
    """Lines of a file, with their ends.

    Attributes:
        is_conflict: Whether the sides differ; what is alike is in all three.
        text: The lines as they stand in the file, with git's marks.
    """

    is_conflict: bool
    ours: bytes
    base: bytes
    theirs: bytes
    text: bytes


def pieces_of(data: bytes) -> list[Piece]:
    """The pieces of a file's content; what looks like marks and is none is left as it is."""
    found: list[Piece] = []
    same: list[bytes] = []
    lines = data.splitlines(keepends=True)
    at = 0
    while at < len(lines):
        read = _conflict(lines, at) if lines[at].startswith(b"<<<<<<<") else None
        if read is None:
            same.append(lines[at])
            at += 1
            continue
        if same:
            found.append(_alike(same))
            same = []
        found.append(read[0])
        at = read[1]
    return [*found, _alike(same)] if same else found


def taken(data: bytes, number: int, take: str) -> bytes:
    """The content with one piece decided.

    Raises:
        TableError: there is no such conflict.
    """
    pieces = pieces_of(data)
    if not 0 < number <= len(pieces) or not pieces[number - 1].is_conflict:
        raise TableError(say("there is no conflict {number} any more", number=number))
    piece = pieces[number - 1]
    chosen = b"".join(getattr(piece, part) for part in TAKES[take])
    return b"".join([*(one.text for one in pieces[: number - 1]), chosen, *(one.text for one in pieces[number:])])


def _alike(lines: Sequence[bytes]) -> Piece:
    text = b"".join(lines)
    return Piece(False, text, text, text, text)


def _conflict(lines: Sequence[bytes], start: int) -> tuple[Piece, int] | None:
    """The conflict that begins at a line, and the line behind it; None where the marks are not whole."""
    parts: dict[str, list[bytes]] = {"ours": [], "base": [], "theirs": []}
    part: str | None = "ours"
    for at in range(start + 1, len(lines)):
        found = _MARK.match(lines[at].rstrip(b"\r\n"))
        sign = next((one for one in found.groups() if one), b"") if found else b""
        if sign == b"<":
            return None
        if not sign or (sign == b"=" and part == "theirs"):
            parts[part].append(lines[at])
            continue
        part = _MARKS[sign]
        if part is None:
            sides = {name: b"".join(own) for name, own in parts.items()}
            return Piece(True, text=b"".join(lines[start : at + 1]), **sides), at + 1
    return None


class Pieces(FileRows):
    """The pieces of a file with conflicts: ``file == "path"``; ``take`` is edited to decide one."""

    schema = Schema(
        "pieces",
        (
            Column("file", "text", is_key=True, is_generated=True),
            Column("number", "integer", is_key=True, is_generated=True, doc="From 1; what is alike counts as well."),
            Column("is_conflict", "boolean", label=mark("Conflict"), is_generated=True),
            Column("ours", "text", is_generated=True, doc="What the branch has that is checked out."),
            Column("base", "text", is_generated=True, doc="What both have begun from, where git wrote it down."),
            Column("theirs", "text", is_generated=True, doc="What the branch has that is merged."),
            Column("take", "text", label=mark("Take"), choices=tuple(TAKES), doc="Edited to decide a conflict."),
        ),
        key=("file", "number"), title=mark("Pieces of a conflict"), can_add=False, can_delete=False,
    )  # fmt: skip

    def stamp(self) -> Any:
        """The file and the index may be others."""
        return self._repository.state_stamp()

    def rows_of(self, value: Any) -> Sequence[Sequence[Any]]:
        """The file's pieces; none for a file that is not there."""
        place = self._place(str(value))
        if not place.is_file() or place.is_symlink():
            return ()
        return [
            (value, number, one.is_conflict, shown(one.ours), shown(one.base), shown(one.theirs), None)
            for number, one in enumerate(pieces_of(read_bytes(place)), 1)
        ]

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Decide conflicts; those that were there are counted anew behind each."""
        self.forget()
        for change in changes:
            if not isinstance(change, Update) or change.values.keys() != {"take"} or change.values["take"] not in TAKES:
                raise ReadOnlyError(say("only the column take can be edited here"))
        for file in {str(change.key[0]) for change in changes}:
            own = sorted((one for one in changes if one.key[0] == file), key=lambda one: -one.key[1])
            place = self._place(file)
            try:
                data = read_bytes(place)
            except OSError as error:
                raise TableError(say("{name} cannot be read: {error}", name=file, error=error)) from error
            for change in own:  # the last first, so that numbers stay
                data = taken(data, int(change.key[1]), str(change.values["take"]))
            try:
                write_whole(place, data)
            except OSError as error:
                raise TableError(say("{name} cannot be written: {error}", name=file, error=error)) from error
        return everything(self, self._repository, [tuple(change.key) for change in changes])

    def _place(self, file: str) -> Path:
        """Where the file is.

        Raises:
            TableError: outside of the working tree, there is none, or the program has it open as a database.
        """
        worktree = self._repository.worktree
        if worktree is None:
            raise TableError(say("a bare repository has no files"))
        place = worktree / real_path(file)
        if not place.resolve().is_relative_to(worktree.resolve()):
            raise TableError(say("{name} is outside of the working tree", name=file))
        if is_open_database(place):
            raise TableError(say("{path} is a database that is open", path=file), hint=say("close it first"))
        return place
