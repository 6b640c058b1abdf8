"""Texts of hundreds of megabytes: a document without styles, filled in pieces; and lines that are too long to edit.

QScintilla's own ``setText`` takes five times as long and eight times the memory.
"""

from __future__ import annotations

import mmap
import re
from typing import Any

from plugins.scintilla.host import SCI, Host

#: Bytes that are handed over at once.
PIECE = 8 << 20
#: A line of more bytes than this costs a second a key; pieces of a broken one have so many.
LONG_LINE, PART = 100_000, 20_000
_LINE = re.compile(rb"[^\r\n]+")


def fill_large(host: Host, text: Any) -> None:
    """Show a text in a document of its own that keeps no styles."""
    send = host.send
    options = SCI.SC_DOCUMENTOPTION_STYLES_NONE | SCI.SC_DOCUMENTOPTION_TEXT_LARGE
    # With room for one piece more: a text that fills its room is moved to a larger one.
    document = send(SCI.SCI_CREATEDOCUMENT, len(text) + PIECE, options)
    send(SCI.SCI_SETDOCPOINTER, 0, document)
    send(SCI.SCI_RELEASEDOCUMENT, 0, document)
    send(SCI.SCI_SETCODEPAGE, SCI.SC_CP_UTF8)
    send(SCI.SCI_SETUNDOCOLLECTION, 0)
    for start in range(0, len(text), PIECE):
        piece = bytes(text[start : start + PIECE])
        send(SCI.SCI_APPENDTEXT, len(piece), piece)
        _forget(text, start)
    send(SCI.SCI_SETUNDOCOLLECTION, 1)


def _forget(text: Any, start: int) -> None:
    """Let the system have the memory of a piece of a mapped file back; it is read again where it is wanted again."""
    if isinstance(text, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        text.madvise(mmap.MADV_DONTNEED, start, min(PIECE, len(text) - start))


def has_long_line(text: bytes) -> bool:
    """Whether a line is too long to be edited in time."""
    place = 0
    while len(text) - place >= LONG_LINE:
        # The last line end within the length of a long line: what is before it is in short ones.
        end = max(text.rfind(b"\n", place, place + LONG_LINE), text.rfind(b"\r", place, place + LONG_LINE))
        if end < 0:
            return True
        place = end + 1
    return False


def can_break(text: bytes) -> bool:
    """Whether lines can be broken softly: a lone carriage return means nothing in this text."""
    return re.search(rb"\r(?!\n)", text) is None


def broken(text: bytes) -> bytes:
    """The text with its long lines in parts, each ended by a lone carriage return; see :func:`joined`."""
    return _LINE.sub(lambda match: match[0] if len(match[0]) < LONG_LINE else _parts(match[0]), text)


def joined(text: bytes) -> bytes:
    """The text as it was before :func:`broken`, with what was edited since."""
    return re.sub(rb"\r(?!\n)", b"", text) if b"\r\n" in text else text.replace(b"\r", b"")


def _parts(line: bytes) -> bytes:
    parts, start = [], 0
    while start < len(line):
        stop = min(start + PART, len(line))
        while stop < len(line) and line[stop] & 0xC0 == 0x80:
            stop -= 1
        space = line.rfind(b" ", start + PART // 2, stop)
        stop = space + 1 if space >= 0 and stop < len(line) else stop
        parts.append(line[start:stop])
        start = stop
    return b"\r".join(parts)
