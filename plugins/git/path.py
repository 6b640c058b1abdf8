"""Names of files, which git keeps as bytes, as texts that people read and that lead back to the same bytes."""

from __future__ import annotations

import os
import re

_ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")


def shown_path(path: str | bytes) -> str:
    r"""A path as UTF-8; a byte that is none is written ``\xff``, a backslash ``\\``."""
    raw = path if isinstance(path, bytes) else os.fsencode(path)
    return raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def real_path(shown: str) -> str:
    """The path that :func:`shown_path` wrote, as Python's own functions take it."""
    raw = _ESCAPED.sub(lambda match: _byte(match[1]), shown.encode("utf-8", "surrogateescape"))
    return os.fsdecode(raw)


def _byte(escaped: bytes) -> bytes:
    return b"\\" if escaped == b"\\" else bytes([int(escaped[1:], 16)])
