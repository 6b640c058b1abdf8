"""The commands ``publish.*`` of a server, asked over a link; see :mod:`server.publishing` for what they do there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kernel.error import EspalierError
from kernel.open_file import read_bytes

#: Bytes of one piece of files on their way.
PIECE = 512 * 1024
#: Longest silence of a server that checks an app, and longest wait for another answer, seconds.
SILENCE_S, ANSWER_S = 120.0, 60.0

#: Told ``(bytes sent, bytes in all)``.
Progress = Callable[[int, int], None]


class RefusedError(EspalierError):
    """It is not taken; ``problems`` has every reason as a record, and ``is_ours`` says that it was not sent at all."""

    def __init__(self, problems: list[dict[str, Any]], *, is_ours: bool = False) -> None:
        first = problems[0] if problems else {"message": "the server does not take it"}
        super().__init__(str(first["message"]), hint=str(first.get("hint", "")))
        self.problems = problems
        self.is_ours = is_ours


class Sent(NamedTuple):
    """What became of it: the server's record, and how many files and bytes were sent."""

    done: dict[str, Any]
    files: int = 0
    size: int = 0


class Client:
    """Asks one server.

    Args:
        link: The link to it.
    """

    def __init__(self, link: Any) -> None:
        self._link = link

    def publish(
        self, app: str, folder: Path, paths: list[str], progress: Progress = lambda sent, total: None, **facts: Any
    ) -> Sent:
        """Send what the server does not have and have it released.

        Args:
            app: The app's name.
            folder, paths: Its files.
            progress: Told how far the sending is.
            facts: ``channel``, ``message``, ``percent``.

        Raises:
            RefusedError: the server says why.
            RemoteError: nobody may publish so.
            UnavailableError: the server is away.
        """
        contents = {path: read_bytes(folder / path) for path in paths}
        hashes = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
        files = {path: {"sha256": hashes[path], "size": len(content)} for path, content in contents.items()}
        asked = {"app": app, "files": files, "channel": facts.get("channel", "")}
        missing = self._ask("publish.begin", asked)["missing"]
        by_hash = {hashes[path]: contents[path] for path in paths}
        total, sent = sum(len(by_hash[one]) for one in missing), 0
        for number, piece in enumerate(_pieces(by_hash[one] for one in missing)):
            self._ask("publish.add", {"app": app, "sequence": number, "data": piece})
            sent += len(piece)
            progress(sent, total)
        return Sent(self.run("publish.end", {"app": app, **facts}), len(missing), total)

    def run(self, command: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Have something done that is told in steps; answers what became of it.

        Raises:
            RefusedError, RemoteError, UnavailableError: as :meth:`publish`.
        """
        from kernel.wire import value as wire_value

        buffer = bytearray()
        found: dict[str, Any] = {}
        for piece in self._link.stream(command, dict(args), silence_s=SILENCE_S):
            buffer += piece
            while len(buffer) >= 4 and len(buffer) >= 4 + int.from_bytes(buffer[:4]):
                end = 4 + int.from_bytes(buffer[:4])
                record = wire_value.decode(bytes(buffer[4:end]), dict[str, Any])
                del buffer[:end]
                if "refused" in record:
                    raise RefusedError(list(record["refused"]))
                found = record.get("done", found)
        if not found:
            raise RefusedError([{"message": "the server ended before it said what became of it"}])
        return found

    def unpublish(self, app: str, channel: str, message: str) -> None:
        """Take an app off a channel."""
        self._ask("publish.unpublish", {"app": app, "channel": channel, "message": message})

    def log(self, app: str, most: int) -> dict[str, Any]:
        """What was published and refused, the newest first; what each channel has."""
        return self._ask("publish.log", {"app": app, "most": most})

    def files(self, app: str, release: str, channel: str) -> dict[str, Any]:
        """The files of a release: path → SHA-256 and size."""
        return self._ask("publish.files", {"app": app, "release": release, "channel": channel})

    def read(self, app: str, release: str, channel: str, files: Mapping[str, int]) -> dict[str, bytes]:
        """Contents of a release's files; ``files`` is path → size."""
        from kernel.wire.blob_stream import unpack_blobs

        asked = {"app": app, "release": release, "channel": channel, "paths": list(files)}
        blobs = unpack_blobs(self._link.stream("publish.read", asked), files.values())
        return {path: blob for path, blob in zip(files, blobs, strict=True) if blob is not None}

    def _ask(self, command: str, args: dict[str, Any]) -> Any:
        return self._link.call(command, args, timeout_s=ANSWER_S)


def _pieces(contents: Iterator[bytes]) -> Iterator[bytes]:
    """The contents one after the other, in pieces of about the same size."""
    buffer = bytearray()
    for content in contents:
        buffer += content
        while len(buffer) >= PIECE:
            yield bytes(buffer[:PIECE])
            del buffer[:PIECE]
    if buffer:
        yield bytes(buffer)
