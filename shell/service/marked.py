"""Files of ours in places where people edit: each says what it was when it was written, so that no edit is lost."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kernel.digest import sha256_of
from kernel.error import EspalierError
from shell.service.table import File

_MARK = re.compile(r"^.*Written by espalier service \(([0-9a-f]{16})\).*\n", re.MULTILINE)
#: What ``status`` tells of a file.
MISSING, OURS, EDITED = "missing", "ours", "edited"


class ServiceError(EspalierError):
    """A service cannot be installed, asked about or removed."""


def marked(file: File) -> str:
    """The file's text with the line that says what it was; below the line that XML begins with."""
    begin, end = file.comment
    line = f"{begin} Written by espalier service ({_digest(file.text)}); a changed file is left alone.{end}\n"
    first, newline, rest = file.text.partition("\n")
    return f"{first}{newline}{line}{rest}" if first.startswith("<?xml") else line + file.text


def state_of(path: Path) -> str:
    """Whether the file is there, and as it was written.

    Raises:
        ServiceError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return MISSING
    except UnicodeDecodeError:
        return EDITED
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error.strerror}") from error
    found = _MARK.search(text)
    return OURS if found and found.group(1) == _digest(_MARK.sub("", text, count=1)) else EDITED


def write(file: File, *, may_replace_edits: bool) -> None:
    """Write it whole, or leave what is there.

    Raises:
        ServiceError: somebody has edited what is there, or it cannot be written.
    """
    _refuse_edits(file.path, may_replace_edits, "written over")
    part = file.path.with_name(f".{file.path.name}.{os.getpid()}")
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(marked(file), encoding="utf-8")
        os.replace(part, file.path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ServiceError(f"{file.path} cannot be written: {error.strerror}") from error


def check_removal(path: Path, *, may_remove_edits: bool) -> None:
    """Refuse to remove what somebody has edited; raises ServiceError."""
    _refuse_edits(path, may_remove_edits, "removed")


def _refuse_edits(path: Path, is_agreed: bool, done: str) -> None:
    if not is_agreed and state_of(path) == EDITED:
        hint = "keep what you need of it elsewhere, then add --force"
        raise ServiceError(f"{path} was edited, or is not of espalier service; it is not {done}", hint=hint)


def _digest(text: str) -> str:
    return sha256_of(text.encode()).hex()[:16]
