"""The places of one text where something stands, each with its line; large texts are gone through in pieces. No Qt.

NOTE: Python's ``re`` lets no other thread run while it looks through a piece, so pieces are small, or windows would
stand still. A match may reach from one piece into the next by :data:`OVERLAP` bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from shell.search.wanted import Wanted

#: Bytes that are looked through at once, and by which a match may go beyond them; longest line that is kept whole.
PIECE, OVERLAP, LONGEST = 128 << 10, 32 << 10, 512 << 10
#: Letters that are shown before a match, of it and behind it.
BEFORE, FOUND, AFTER = 60, 200, 200
#: Bytes in which a null says that a file is no text.
SAMPLE = 8 << 10


class Hit(NamedTuple):
    """One place.

    Attributes:
        start, stop: In bytes of the text as UTF-8.
        line: From 1.
        before, found, after: The line, as it is shown.
        new: What would stand there, in UTF-8; None where nothing is replaced.
    """

    start: int
    stop: int
    line: int
    before: str
    found: str
    after: str
    new: bytes | None = None

    @property
    def shown_new(self) -> str:
        """What would stand there, as it is shown."""
        return "" if self.new is None else _short(_shown(self.new[: 4 * FOUND]), FOUND)


def text_of(data: Any) -> Any:
    """The text of a file as UTF-8; None of one that holds no text."""
    from plugins.scintilla.document import read, told_encoding

    sample = bytes(data[:SAMPLE])
    if b"\0" in sample and not told_encoding(sample)[0].startswith(("utf-16", "utf-32")):
        return None
    return read(data)[0]


def hits_in(
    wanted: Wanted, text: Any, template: str | None = None, check: Callable[[], object] = lambda: None
) -> Iterator[Hit]:
    """All places in order; those of no letters are left out.

    Args:
        wanted: What is looked for.
        text: UTF-8, as bytes or a map of them.
        template: What takes the places' place, to show it.
        check: Called now and then; raises to give the search up.

    Raises:
        EspalierError: the expression or the template is wrong, or the expression may search without end.
    """
    from plugins.scintilla.find import Search, looked_for, replacement

    search = Search(wanted.text, wanted.is_expression, wanted.has_case, wanted.is_word)
    needle = _needle(wanted)
    length, place, line, counted, last = len(text), 0, 1, 0, 0
    while place < length:
        check()
        stop = _cut(text, place + PIECE, length)
        piece = bytes(text[place : _letter_end(text, min(stop + OVERLAP, length), length)])
        if needle and needle not in (piece if wanted.has_case else piece.lower()):
            place = stop
            continue
        for match in looked_for(search, piece):
            if match is None:
                check()
                continue
            start = place + match.start
            if start >= stop and stop < length:
                break
            if match.stop == match.start or start < last:
                continue
            last = place + match.stop
            line, counted = line + _lines(text[counted:start]), start
            new = replacement(search, match, template) if template is not None else None
            yield _hit(text, start, last, line, new)
        place = stop


def _hit(text: Any, start: int, stop: int, line: int, new: bytes | None) -> Hit:
    """The hit with what stands around it in its lines."""
    low, high = max(start - 4 * BEFORE, 0), min(stop + 4 * AFTER, len(text))
    before, after = bytes(text[low:start]), bytes(text[stop:high])
    begin = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    ends = [at for at in (after.find(b"\n"), after.find(b"\r")) if at >= 0]
    head = _shown(before[begin:]).lstrip()
    tail = _shown(after[: min(ends)] if ends else after).rstrip()
    found = _shown(bytes(text[start : min(stop, start + 4 * FOUND)]))
    return Hit(
        start, stop, line, f"…{head[-BEFORE:]}" if len(head) > BEFORE else head, _short(found, FOUND),
        _short(tail, AFTER), new,
    )  # fmt: skip


def _shown(text: bytes) -> str:
    """Letters that can stand in one line: ends of lines become arrows, other signs that nobody sees a space."""
    plain = text.decode("utf-8", "replace").replace("\r\n", "↵").replace("\n", "↵").replace("\r", "↵")
    return "".join(letter if letter.isprintable() else " " for letter in plain)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _needle(wanted: Wanted) -> bytes:
    """What must stand in a piece with a match, for a quick look; empty where nothing can be told."""
    text = wanted.text if not wanted.is_expression and wanted.text.isascii() else ""
    # A k and an s have a third form beyond ASCII.
    if not wanted.has_case and any(letter in "kKsS" for letter in text):
        return b""
    return text.encode() if wanted.has_case else text.lower().encode()


def _lines(text: Any) -> int:
    """How many lines end in a part."""
    part = bytes(text)
    count = part.count(b"\n")
    return count + part.count(b"\r") - part.count(b"\r\n") if b"\r" in part else count


def _cut(text: Any, place: int, length: int) -> int:
    """Where a piece may end: behind a line, or between two letters of one that is too long."""
    if place >= length:
        return length
    end = text.find(b"\n", place, place + LONGEST)
    return end + 1 if end >= 0 else _letter_end(text, min(place + LONGEST, length), length)


def _letter_end(text: Any, place: int, length: int) -> int:
    """The same place, or the beginning of the letter that it lies in."""
    while 0 < place < length and text[place] & 0xC0 == 0x80:
        place -= 1
    return place
