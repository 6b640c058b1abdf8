"""Messages on a stream: a header that tells the length, then as many bytes (LSP 3.17, "Base Protocol"). No Qt here."""

from __future__ import annotations

#: Bytes of a header and of a message at most. More is no protocol but something that was printed by mistake.
MOST_HEADER, MOST_BODY = 4096, 64 << 20
_END = b"\r\n\r\n"


class FramingError(Exception):
    """What came is not the protocol."""


def frame(body: bytes) -> bytes:
    """A message as it goes over the stream."""
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class Unframer:
    """Takes a stream apart; feed it what comes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._held = 0
        self._wanted = -1

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are whole with this data.

        Raises:
            FramingError: a header is none, or tells of too much.
        """
        self._parts.append(data)
        self._held += len(data)
        # A large body comes in many pieces: they are joined once, when all are there.
        if self._held < self._wanted:
            return []
        held, bodies = b"".join(self._parts), []
        start = 0
        while True:
            if self._wanted < 0:
                found = self._header(held, start)
                if found is None:
                    break
                start, self._wanted = found
            if len(held) - start < self._wanted:
                break
            bodies.append(held[start : start + self._wanted])
            start += self._wanted
            self._wanted = -1
        self._parts = [held[start:]]
        self._held = len(held) - start
        return bodies

    def _header(self, held: bytes, start: int) -> tuple[int, int] | None:
        """Where the body begins and how long it is; None while the header is not whole."""
        stop = held.find(_END, start, start + MOST_HEADER)
        if stop < 0:
            if len(held) - start >= MOST_HEADER:
                raise FramingError(f"no header but {_shown(held[start:])}")
            return None
        for line in held[start:stop].split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                digits = value.strip()
                if not digits.isdigit() or len(digits) > 12:
                    break
                if int(digits) > MOST_BODY:
                    raise FramingError(f"a message of {int(digits):,} bytes")
                return stop + len(_END), int(digits)
        raise FramingError(f"no header but {_shown(held[start:stop])}")


def _shown(data: bytes) -> str:
    return repr(data[:60].decode("utf-8", "replace"))
