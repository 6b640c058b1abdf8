"""What was published last of each app, noted durably so that serials never fall.

There are two equal copies, each with a checksum: one damaged byte loses nothing. Without notes serials are counted
from the commits, which rewritten history can make fewer.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from kernel.cache.durable import write_file
from kernel.cache.error import CacheError
from server.error import NoteError
from server.log import Log

#: The files in the server's own directory, the one that is believed first.
NAMES = ("published.json", "published-copy.json")


class Note(msgspec.Struct):
    """What was published last of one app."""

    tree: str
    commit: str
    serial: int


class _File(msgspec.Struct):
    """A copy: the SHA-256 of ``notes`` as they are written, and they."""

    sha256: str
    notes: msgspec.Raw


class Notes:
    """The notes in ``directory``.

    Args:
        directory: The server's own directory; made when it is missing.
        log: Where a damaged copy is told.
    """

    def __init__(self, directory: Path, log: Log) -> None:
        self._directory = directory
        self._log = log

    def read(self) -> dict[str, Note]:
        """The notes by app; none when nothing was noted yet.

        Raises:
            NoteError: there are notes, and no copy can be read. Nothing is overwritten.
        """
        wrong = []
        for name in NAMES:
            path = self._directory / name
            try:
                found = _parsed(path.read_bytes())
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                wrong.append(path)
                self._log.error("release notes cannot be read", path=path, error=error)
            else:
                return found
        if wrong:
            raise NoteError(
                f"the notes of what was published are damaged: {', '.join(map(str, wrong))}",
                hint="restore one from a backup; or remove them, and serials are counted from the commits again: "
                "clients that saw a higher one then wait until a release passes it",
            )
        return {}

    def write(self, notes: dict[str, Note]) -> None:
        """Replace both copies.

        Raises:
            NoteError: they cannot be written; the first one is whole in any case.
        """
        body = msgspec.json.encode(notes, order="sorted")
        whole = msgspec.json.encode(_File(hashlib.sha256(body).hexdigest(), msgspec.Raw(body)))
        for name in NAMES:
            try:
                write_file(str(self._directory), name, [whole])
            except CacheError as error:
                reason = getattr(error.__cause__, "strerror", "") or error.message
                path = self._directory / name
                raise NoteError(f"the notes {path} cannot be written: {reason}", hint=error.hint) from error


def _parsed(data: bytes) -> dict[str, Note]:
    """The notes of one copy; raises ValueError when it is damaged."""
    file = msgspec.json.decode(data, type=_File)
    if hashlib.sha256(bytes(file.notes)).hexdigest() != file.sha256:
        raise ValueError("its checksum is wrong")
    return msgspec.json.decode(file.notes, type=dict[str, Note])
