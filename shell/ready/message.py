"""What the launcher and the process that is ready say to each other over their socket.

launcher → ready: 8 bytes of length with four open files (standard input, output, error, the directory), a request;
ready → launcher: ``R`` and the id of a process that waits, or ``N`` and the reason why there is none;
launcher → that process: ``G``, from when on it is the window; silence ends it;
then, once or twice, how it ended: 4 bytes, the exit code, or the negative number of the signal. The last one counts.
"""

from __future__ import annotations

import marshal
import sys

READY, NOT_READY, GO = b"R", b"N", b"G"
#: Seconds that either side waits for the next word of the other before there is a window.
PATIENCE_S = 0.05
#: Asks the process that is ready to stay for another time than it was told.
STAY = "stay"
#: Bytes of a request that are still read: what Linux lets a command line and its environment take.
LARGEST = 4 << 20
#: Open files that come with a request.
FILES = 4


class Request:
    """A start as the launcher has it. On the way to every start: without :mod:`typing`.

    Attributes:
        argv: Its command line; empty asks the process that is ready to leave, or to do what ``path`` says.
        path: Its ``sys.path``; without a command line, :data:`STAY` and the seconds to stay without a start.
        environment: Its variables, in bytes.
        umask: Its mask for new files.
        ignored: Numbers of the signals that it was started to ignore.
    """

    def __init__(
        self, argv: list[str], path: list[str], environment: dict[bytes, bytes], umask: int, ignored: list[int]
    ) -> None:
        self.argv, self.path, self.environment, self.umask, self.ignored = argv, path, environment, umask, ignored

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Request) and vars(self) == vars(other)


def encode(request: Request) -> bytes:
    """Its bytes, for the same Python."""
    return marshal.dumps(tuple(vars(request).values()))


def decode(data: bytes) -> Request:
    """The request.

    Raises:
        ValueError, EOFError, TypeError: it is none.
    """
    return Request(*marshal.loads(data))


def length_of(data: bytes) -> bytes:
    """The 8 bytes before a request."""
    return len(data).to_bytes(8, "little")


def ending(code: int) -> bytes:
    """How a process ended."""
    return code.to_bytes(4, sys.byteorder, signed=True)


def read_ending(data: bytes) -> int | None:
    """The last of the endings that came; None when none did."""
    return int.from_bytes(data[-4:], sys.byteorder, signed=True) if len(data) >= 4 else None
