"""One HTTP/1.1 request as far as git needs it: its head within limits, its body by length or in chunks (RFC 9112)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

#: Bytes of a request's head; seconds that it may take; seconds without a byte of its body.
MAX_HEAD, HEAD_S, SILENCE_S = 16 * 1024, 10.0, 60.0
_METHODS = ("GET", "POST", "HEAD")
_PIECE = 64 * 1024


class HttpError(Exception):
    """A request that is not served: the status and a sentence."""

    def __init__(self, status: str, reason: str, headers: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, headers


class Request(NamedTuple):
    """A request's head; header names are in small letters."""

    method: str
    path: str
    query: str
    headers: dict[str, str]


async def read_head(reader: asyncio.StreamReader) -> Request:
    """The head of a request.

    Raises:
        HttpError: it is too long, too slow, or none.
    """
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_S)
    except asyncio.LimitOverrunError as error:
        raise HttpError("431 Request Header Fields Too Large", "the head is too long") from error
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        raise HttpError("408 Request Timeout", "the head did not come") from error
    try:
        first, *lines = head.decode("ascii").rstrip("\r\n").split("\r\n")
        method, target, version = first.split(" ")
    except (UnicodeDecodeError, ValueError) as error:
        raise HttpError("400 Bad Request", "this is no HTTP request") from error
    if len(head) > MAX_HEAD or not version.startswith("HTTP/1.") or method not in _METHODS:
        raise HttpError("400 Bad Request", "this is no request for this server")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or not name or name != name.strip() or name in headers and name in ("content-length", "host"):
            raise HttpError("400 Bad Request", "a header cannot be read")
        headers[name] = value.strip()
    if "content-length" in headers and "transfer-encoding" in headers:
        raise HttpError("400 Bad Request", "a body has one length")
    path, _, query = target.partition("?")
    return Request(method, path, query, headers)


async def read_body(reader: asyncio.StreamReader, request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body in pieces.

    Raises:
        HttpError: it is longer than ``limit`` bytes, too slow, or breaks off.
    """
    total = 0
    pieces = _chunked(reader) if request.headers.get("transfer-encoding", "").lower() == "chunked" else _plain(
        reader, _length(request)
    )  # fmt: skip
    async for piece in pieces:
        total += len(piece)
        if total > limit:
            raise HttpError("413 Content Too Large", f"at most {limit >> 20} MiB in one push")
        yield piece


def _length(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    if not text.isdigit() or len(text) > 15:
        raise HttpError("400 Bad Request", "the length of the body cannot be read")
    return int(text)


async def _plain(reader: asyncio.StreamReader, length: int) -> AsyncIterator[bytes]:
    while length:
        piece = await _some(reader.read(min(length, _PIECE)))
        length -= len(piece)
        yield piece


async def _chunked(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await _some(reader.readline())
        text = line.partition(b";")[0].strip()
        try:
            size = int(text, 16)
        except ValueError as error:
            raise HttpError("400 Bad Request", "a chunk cannot be read") from error
        if not 0 <= size <= 1 << 31:
            raise HttpError("400 Bad Request", "a chunk cannot be read")
        if not size:
            while (await _some(reader.readline())).strip():
                pass
            return
        async for piece in _plain(reader, size):
            yield piece
        await _some(reader.readline())


async def _some(reading: object) -> bytes:
    """The bytes that come; raises HttpError when none do."""
    try:
        found: bytes = await asyncio.wait_for(reading, SILENCE_S)  # type: ignore[arg-type]
    except (TimeoutError, ValueError) as error:
        raise HttpError("408 Request Timeout", "the body did not come") from error
    if not found:
        raise HttpError("400 Bad Request", "the body broke off")
    return found
