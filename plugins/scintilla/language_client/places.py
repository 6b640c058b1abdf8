"""Places of an open text, between the editor's bytes and the units that a server counts in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.protocol import Position, Range

if TYPE_CHECKING:
    from plugins.scintilla.code import Code


def position_of(code: Code, place: int, encoding: str) -> dict[str, int]:
    """A byte as a server names it."""
    line = code.line_of(place)
    start = code.line_start(line)
    if encoding == "utf-8":
        character = place - start
    else:
        message = SCI.SCI_COUNTCODEUNITS if encoding == "utf-16" else SCI.SCI_COUNTCHARACTERS
        character = code.send(message, start, place)
    return {"line": line, "character": character}


def range_of(code: Code, start: int, stop: int, encoding: str) -> dict[str, dict[str, int]]:
    """A part as a server names it."""
    return {"start": position_of(code, start, encoding), "end": position_of(code, stop, encoding)}


def byte_of(code: Code, position: Position, encoding: str) -> int:
    """The byte that a server names; the line's end where that is shorter, the text's end beyond its lines."""
    if position.line >= code.line_count or position.line < 0:
        return code.length
    start, stop = code.line_start(position.line), code.line_stop(position.line)
    character = max(position.character, 0)
    if encoding == "utf-8" or not character:
        return min(start + character, stop)
    message = SCI.SCI_POSITIONRELATIVECODEUNITS if encoding == "utf-16" else SCI.SCI_POSITIONRELATIVE
    found = code.send(message, start, min(character, stop - start))
    return min(found, stop) if found > start else stop


def bytes_of(code: Code, part: Range, encoding: str) -> tuple[int, int]:
    """The bytes from and to that a server names."""
    start, stop = byte_of(code, part.start, encoding), byte_of(code, part.end, encoding)
    return min(start, stop), max(start, stop)
