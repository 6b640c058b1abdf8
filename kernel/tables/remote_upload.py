"""A commit of many rows on its way to the server: sent in pieces, written as one, with progress until the end.

The pieces are encoded a thousand changes at a time, so that neither end is kept from its other work.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from kernel.tables.change import Committed, Part
from kernel.tables.error import InterruptedCallError, TableError, UnavailableError
from kernel.tables.interrupt import interruptible
from kernel.tables.reporting import stretch, tell

#: Changes, and bytes of texts and files, from which on a commit is sent in pieces.
MANY, MUCH = 2_000, 4 * 1024 * 1024
#: Changes that are encoded at once.
SLICE = 1_000
#: Bytes of one piece at most, and of an answer's.
PIECE, ANSWER_PIECE = 512 * 1024, 128 * 1024
#: First byte of a piece of the answer: how far it is, or a part of what was written.
PROGRESS, ANSWER = b"p", b"a"
#: Part of the work that the sending is.
_SENDING = 0.2

Ask = Callable[[str, dict[str, Any], Any, float], Any]
Pieces = Callable[[str, dict[str, Any]], Iterator[bytes]]


def is_large(parts: Sequence[Part]) -> bool:
    """Whether a commit should be sent in pieces."""
    if sum(len(part.changes) for part in parts) >= MANY:
        return True
    values = (value for part in parts for change in part.changes for value in getattr(change, "values", {}).values())
    return sum(len(value) for value in values if isinstance(value, str | bytes)) >= MUCH


def upload(ask: Ask, pieces_of: Pieces, parts: Sequence[Part], id: str, piece: int,
           wait_s: float) -> tuple[Committed, ...]:  # fmt: skip
    """Send a commit and have it written.

    Args:
        ask, pieces_of: Ask the server, for an answer or for the pieces of a long one.
        parts: What to write.
        id: The commit's.
        piece: Bytes that may be sent at once.
        wait_s: Seconds that the server may take for one piece.

    Raises:
        TableError: what the tables say, or that it is too much for the server.
        UnavailableError: the server is away; with the hint that the outcome is unknown once all was sent.
        InterruptedCallError: it was given up.
    """
    try:
        count = _send(ask, parts, id, piece, wait_s)
    except UnavailableError as error:
        raise UnavailableError(error.message) from None  # nothing can have been written yet
    except InterruptedCallError:
        with contextlib.suppress(TableError), interruptible(None):
            ask("commit.drop", {"id": id}, None, wait_s)
        raise
    from kernel.wire.value import decode

    with stretch(_SENDING, 1.0), contextlib.closing(pieces_of("commit.end", {"id": id, "count": count})) as pieces:
        return decode(_answer(pieces), tuple[Committed, ...])


def _send(ask: Ask, parts: Sequence[Part], id: str, piece: int, wait_s: float) -> int:
    """Send everything; the number of pieces."""
    total = sum(len(part.changes) for part in parts) or 1
    count = sent = 0
    with stretch(0.0, _SENDING):
        for number, part in _slices(parts):
            for data, is_whole in _cut(number, part, piece):
                args = {"id": id, "sequence": count, "data": data, "is_whole": is_whole}
                ask("commit.add", args, None, wait_s)
                count += 1
            sent += len(part.changes)
            tell(sent / total)
    return count


def _slices(parts: Sequence[Part]) -> Iterator[tuple[int, Part]]:
    for number, part in enumerate(parts):
        for at in range(0, max(len(part.changes), 1), SLICE):
            yield number, Part(part.table, tuple(part.changes[at : at + SLICE]))


def _cut(number: int, part: Part, piece: int) -> Iterator[tuple[bytes, bool]]:
    """The bytes of a slice in pieces, the last of which is marked."""
    from kernel.wire.value import encode

    data = encode((number, part))
    for at in range(0, len(data), piece):
        yield data[at : at + piece], at + piece >= len(data)


def joined(slices: Iterable[bytes]) -> list[Part]:
    """The parts again, at the server.

    Raises:
        ValueError: these are not the slices of a commit.
    """
    from kernel.wire.value import decode

    found: list[tuple[str, list[Any]]] = []
    for data in slices:
        number, part = decode(data, tuple[int, Part])
        if number == len(found):
            found.append((part.table, []))
        if number != len(found) - 1 or found[-1][0] != part.table:
            raise ValueError("the pieces of the commit are not in order")
        found[-1][1].extend(part.changes)
    return [Part(table, tuple(changes)) for table, changes in found]


def _answer(pieces: Iterable[bytes]) -> bytes:
    """The bytes of the answer; what comes before them is told."""
    from kernel.wire.value import decode

    found = bytearray()
    for piece in pieces:
        if piece[:1] == ANSWER:
            found += piece[1:]
        else:
            tell(decode(piece[1:], float))
    return bytes(found)
