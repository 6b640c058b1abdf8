"""How the progress of a long call travels: small pieces of a stream, each the part done, the last one the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kernel.tables.contract import Report
from kernel.tables.error import TableError
from kernel.tables.interrupt import current
from kernel.wire.value import decode, encode
from kernel.words import mark

#: Seconds between two pieces: who waits looks at each whether the call was given up.
PERIOD_S = 0.04


def part_piece(part: float) -> bytes:
    """The piece that tells the part done, from 0 to 1."""
    return encode(float(part))


def answer_piece(count: int) -> bytes:
    """The last piece."""
    return encode(int(count))


def answer_of(pieces: Iterable[bytes], report: Report) -> int:
    """The answer at a stream's end; what comes before is reported.

    Raises:
        InterruptedCallError: nobody waits for this thread's call any more; the stream is left.
        TableError: the stream ended without an answer.
    """
    interrupt = current()
    for value in _values(pieces):
        if isinstance(value, int):
            return value
        report(value)
        if interrupt is not None:
            interrupt.check()
    raise TableError(mark("the server ended its answer too early"), hint=mark("try again"))


def _values(pieces: Iterable[bytes]) -> Iterator[int | float]:
    for piece in pieces:
        yield decode(piece, int | float)
