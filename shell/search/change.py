"""Changes of files that are made as a whole or not at all, and what takes them back. No Qt here.

Every change says of which content it is: a file that is another by now is left as it is, and so are all the others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kernel.error import EspalierError
from kernel.open_file import is_open_database
from kernel.whole_file import mode_of, written_beside
from kernel.words import say
from shell.search.gathering import SearchError, digest_of, read_mapped


class Part(NamedTuple):
    """Bytes from ``start`` to ``stop`` of a text become ``new``."""

    start: int
    stop: int
    new: bytes


class FileChange(NamedTuple):
    """What becomes of one file.

    Attributes:
        path: As people read it.
        place: Where it is.
        before: SHA-256 of its text as it is now, of its bytes for a change of the whole; None where there is no file.
        parts: What is replaced in its text, in order; None for a change of the whole.
        whole: Its bytes then; None where there shall be no file.
        mode: The permissions of a file that is made; None = those of any new one.
    """

    path: str
    place: Path
    before: bytes | None
    parts: tuple[Part, ...] | None = None
    whole: bytes | None = None
    mode: int | None = None


def replaced(text: Any, parts: Sequence[Part]) -> bytes:
    """A text with its parts replaced."""
    pieces, place = [], 0
    for one in parts:
        pieces += [bytes(text[place : one.start]), one.new]
        place = one.stop
    return b"".join([*pieces, bytes(text[place:])])


def way_back(change: FileChange, text: Any, after: bytes) -> FileChange:
    """What takes a replacement in a text back.

    Args:
        change: It has parts.
        text: What they are of.
        after: What came of it.
    """
    assert change.parts is not None
    parts, shift = [], 0
    for one in change.parts:
        start = one.start + shift
        parts.append(Part(start, start + len(one.new), bytes(text[one.start : one.stop])))
        shift += len(one.new) - (one.stop - one.start)
    return change._replace(before=digest_of(after), parts=tuple(parts))


def write_all(changes: Sequence[FileChange]) -> list[FileChange]:
    """Make all the changes; answers what takes them back, in the same order.

    Every new content is on the disk under another name before the first file is touched; where a file cannot be
    replaced after all, those before it become again what they were.

    Raises:
        SearchError: a file was changed since, or cannot be read or written; names it. Nothing has changed, or those
            that could not become again what they were are named.
    """
    prepared: list[_Prepared] = []
    done: list[_Prepared] = []
    try:
        for change in changes:
            prepared.append(_prepare(change))
        for one in prepared:
            _put(one)
            done.append(one)
    except BaseException as error:
        if left := [one.change.path for one in reversed(done) if not _is_put_back(one)]:
            raise put_back_error(left, getattr(error, "message", "")) from error
        raise
    finally:
        for one in prepared:
            if one.name:
                Path(one.name).unlink(missing_ok=True)
    return [one.back for one in prepared]


class _Prepared(NamedTuple):
    """A change whose new content waits beside the file.

    Attributes:
        change: It.
        name: Where the new content waits; empty for a file that goes.
        seen: What the system says of the file as it was read.
        old: Its bytes; None where there is none.
        back: What takes the change back.
    """

    change: FileChange
    name: str
    seen: tuple[int, ...]
    old: Any
    back: FileChange


def _prepare(change: FileChange) -> _Prepared:
    _refuse(change)
    seen = _seen(_target(change))
    old = read_mapped(change.place)
    if change.parts is not None:
        data, back = _with_parts(change, old)
    else:
        if (None if old is None else digest_of(old)) != change.before:
            raise changed_since(change.path)
        data = change.whole
        after = None if data is None else digest_of(data)
        back = change._replace(before=after, whole=None if old is None else bytes(old))
    there = mode_of(_target(change))
    back = back._replace(mode=change.mode if there is None else there)
    name = "" if data is None else _written(change, data)
    return _Prepared(change, name, seen, old, back)


def _refuse(change: FileChange) -> None:
    """Leave alone what is no plain file of the person's."""
    if is_open_database(change.place):
        raise SearchError(say("{path} is a database that is open", path=change.path), hint=_nothing())
    if change.parts is None and change.whole is None and change.place.is_symlink():
        raise SearchError(say("{path} is a link to another file", path=change.path), hint=_nothing())


def _seen(target: Path) -> tuple[int, ...]:
    """What tells a file from one that was written since; nothing where there is none."""
    try:
        facts = target.stat()
    except OSError:
        return ()
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _with_parts(change: FileChange, old: Any) -> tuple[bytes, FileChange]:
    from plugins.scintilla.document import read, write

    if old is None:
        raise SearchError(say("{path} is gone", path=change.path), hint=_nothing())
    text, form = read(old)
    if digest_of(text) != change.before:
        raise changed_since(change.path)
    after = replaced(text, change.parts or ())
    try:
        return write(after, form), way_back(change, text, after)
    except EspalierError as error:
        raise SearchError(f"{change.path}: {error.message}", hint=error.hint) from error


def put_back_error(paths: Sequence[str], reason: str) -> SearchError:
    """What is said of files that are other now, and should not be."""
    text = say("these files are changed, and could not be put back: {paths}", paths=", ".join(paths))
    return SearchError(text, hint=reason)


def changed_since(path: str) -> SearchError:
    """What is said of a file that is another by now."""
    return SearchError(say("{path} was changed since", path=path), hint=_nothing())


def _nothing() -> str:
    return say("nothing was changed in any file")


def _written(change: FileChange, data: bytes) -> str:
    """Write a content beside the file that it is of; answers its name."""
    target = _target(change)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return str(written_beside(target, data, change.mode))
    except OSError as error:
        raise _unwritable(change, error) from error


def _put(one: _Prepared) -> None:
    """Have a prepared file in its place."""
    target = _target(one.change)
    if _seen(target) != one.seen:  # while others were prepared
        raise changed_since(one.change.path)
    try:
        if one.name:
            os.replace(one.name, target)
        else:
            target.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(one.change, error) from error


def _is_put_back(one: _Prepared) -> bool:
    """Make a file again what it was; False where that cannot be, so that the others are tried all the same."""
    try:
        if one.old is None:
            _target(one.change).unlink(missing_ok=True)
        else:
            os.replace(_written(one.back, bytes(one.old)), _target(one.change))
    except (OSError, SearchError):
        return False
    return True


def _target(change: FileChange) -> Path:
    return Path(os.path.realpath(change.place))  # a link stays a link


def _unwritable(change: FileChange, error: OSError) -> SearchError:
    reason = error.strerror or str(error)
    return SearchError(say("{path} cannot be written: {reason}", path=change.path, reason=reason), hint=_nothing())
