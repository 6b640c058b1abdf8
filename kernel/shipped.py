"""Reads the TOML tables that ship with the program, through a compiled twin in ``__pycache__`` beside them.

TOML is for people and takes a start 15 ms; the twin is what Python does with its own sources. It holds the time and
size of the file that it was made from, and is made anew when they differ.
"""

from __future__ import annotations

import contextlib
import marshal
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Changes with the twin's form; marshal's own version is part of it.
_FORMAT = ("espalier", 1, marshal.version)


def read_shipped(path: Path, parse: Callable[[bytes, str], dict[str, Any]] | None = None) -> dict[str, Any]:
    """The table of a TOML file of ours, or of one that ``parse`` reads: content and path → plain data.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no TOML.
    """
    state = os.stat(path)
    head = (*_FORMAT, state.st_mtime_ns, state.st_size)
    twin = os.path.join(os.path.dirname(path), "__pycache__", f"{os.path.basename(path)}.tables")
    found = _read(twin)
    if isinstance(found, tuple) and len(found) == 2 and found[0] == head:
        return found[1]
    table = (parse or _parse_toml)(Path(path).read_bytes(), str(path))
    _write(twin, (head, table))
    return table


def _parse_toml(content: bytes, _path: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(content.decode("utf-8"))


def _read(twin: str) -> Any:
    try:
        with open(twin, "rb") as file:
            return marshal.loads(file.read())
    except (OSError, ValueError, EOFError, TypeError):
        return None  # not made yet, or damaged: it is made from the source


def _write(twin: str, content: Any) -> None:
    """Keep the twin where that is possible; an installation that may not be written goes on without."""
    part = f"{twin}.{os.getpid()}"
    try:
        data = marshal.dumps(content)
        os.makedirs(os.path.dirname(twin), exist_ok=True)
        with open(part, "wb") as file:
            file.write(data)
        os.replace(part, twin)
    except ValueError:
        return  # a date or time in the table: marshal cannot say it
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part)
