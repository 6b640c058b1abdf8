"""What was published last of each app, noted durably so that serials never fall.

There are two equal copies, each with a checksum: one damaged byte loses nothing. Without notes serials are counted
from the commits, which rewritten history can make fewer.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from kernel.cache.durable import Together
from kernel.cache.error import CacheError
from server.error import NoteError
from server.log import Log

#: The files in the server's own directory, the one that is believed first.
NAMES = ("published.json", "published-copy.json")

#: Lines of an app's log that are kept.
LOG_LENGTH = 200


class Served(msgspec.Struct, omit_defaults=True):
    """One channel's release: everything that cannot be read from its tree again.

    Attributes:
        tree: The mark of its tree and libraries.
        commit: The commit that it was made of.
        serial, version, created, previous: See :class:`kernel.release.Manifest`.
    """

    tree: str
    commit: str
    serial: int
    version: str = ""
    created: int = 0
    previous: str = ""


class Entry(msgspec.Struct, omit_defaults=True):
    """One line of an app's log: a release, or something that was not taken.

    Attributes:
        at: When, in seconds since 1970.
        action: ``released``, ``refused``, ``withdrawn``, or ``rolled out`` to another part of everybody.
        channel, serial, version, tree, commit: Of what was published.
        person: Who did it; ``is_verified`` says whether that is certain.
        message: What they said of it.
        release: The release's id.
        problems: Why it was refused, a text each.
        percent: Of a staged roll-out, how much of those on stable get it from then on.
    """

    at: int
    action: str
    channel: str
    serial: int = 0
    version: str = ""
    tree: str = ""
    commit: str = ""
    person: str = ""
    is_verified: bool = False
    message: str = ""
    release: str = ""
    problems: tuple[str, ...] = ()
    percent: float = 0.0


class Note(msgspec.Struct, omit_defaults=True):
    """What was published of one app.

    Attributes:
        tree, commit: Of the last stable release.
        serial: The highest that any channel had.
        channels: Channel → its release.
        versions: Version → the mark that was published as it, for ever.
        log: What happened, the newest last; at most :data:`LOG_LENGTH`.
    """

    tree: str
    commit: str
    serial: int
    channels: dict[str, Served] = {}
    versions: dict[str, str] = {}
    log: list[Entry] = []

    def served(self) -> dict[str, Served]:
        """Channel → release, of notes as older servers wrote them as well."""
        if not self.channels and self.tree:
            return {"stable": Served(self.tree, self.commit, self.serial)}
        return self.channels

    def tell(self, entry: Entry) -> None:
        """Add a line to the log."""
        self.log.append(entry)
        del self.log[:-LOG_LENGTH]


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
        self.directory = directory
        self._log = log

    def read(self) -> dict[str, Note]:
        """The notes by app; none when nothing was noted yet.

        Raises:
            NoteError: there are notes, and no copy can be read. Nothing is overwritten.
        """
        wrong = []
        for name in NAMES:
            path = self.directory / name
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
            NoteError: they cannot be written; both are whole in any case.
        """
        body = msgspec.json.encode(notes, order="sorted")
        whole = msgspec.json.encode(_File(hashlib.sha256(body).hexdigest(), msgspec.Raw(body)))
        try:
            with Together() as files:
                for name in NAMES:
                    files.add(str(self.directory), name, [whole])
        except CacheError as error:
            reason = getattr(error.__cause__, "strerror", "") or error.message
            raise NoteError(f"the notes in {self.directory} cannot be written: {reason}", hint=error.hint) from error


def _parsed(data: bytes) -> dict[str, Note]:
    """The notes of one copy; raises ValueError when it is damaged."""
    file = msgspec.json.decode(data, type=_File)
    if hashlib.sha256(bytes(file.notes)).hexdigest() != file.sha256:
        raise ValueError("its checksum is wrong")
    return msgspec.json.decode(file.notes, type=dict[str, Note])
