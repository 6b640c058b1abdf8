"""Telling what became of what was published: the audit, the events, and who it was."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from kernel.digest import sha256_of
from kernel.tables.remote_commit import new_id
from server.audit import Audit
from server.audit_entry import Entry as AuditEntry
from server.audit_entry import Note as AuditNote
from server.audit_entry import at_time, now
from server.identity import Person
from server.note import Entry, Note

#: The folder of the server's own directory where git's hook leaves who pushed a commit.
FOLDER = "pushed"
#: Seconds that such a note is kept.
KEEP_S = 3600.0
#: Commits whose publishers are remembered.
MOST = 1_000
#: Lines of each app's log that are looked for in the audit at a start: those of the last update are among them.
LATEST = 10


class _Pushed(msgspec.Struct):
    """Who pushed a commit."""

    name: str
    is_verified: bool
    origin: str
    message: str = ""


class Publishers:
    """Who published which commit: told by this process, or left by git's hook in a file.

    Args:
        directory: The server's own directory.
    """

    def __init__(self, directory: Path) -> None:
        self._folder = directory / FOLDER
        self._lock = threading.Lock()
        self._by_commit: dict[str, tuple[Person, str]] = {}

    def tell(self, commit: str, person: Person, message: str = "") -> None:
        """Somebody publishes this commit in a moment."""
        with self._lock:
            self._by_commit[commit] = person, message
            while len(self._by_commit) > MOST:
                del self._by_commit[next(iter(self._by_commit))]

    def find(self, commit: str) -> tuple[Person, str] | None:
        """Who published it and what they said; None when nobody told."""
        with self._lock:
            if commit in self._by_commit:
                return self._by_commit[commit]
        try:
            left = msgspec.json.decode((self._folder / commit).read_bytes(), type=_Pushed)
        except (OSError, msgspec.DecodeError):
            return None
        return Person(left.name, left.is_verified, left.origin), left.message

    def leave(self, commit: str, person: Person, message: str) -> None:
        """Leave it for the server's process; older notes go. Without it the commit's own word counts."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._folder.iterdir():
                if path.stat().st_mtime < time.time() - KEEP_S:
                    path.unlink()
            left = _Pushed(person.name, person.is_verified, person.origin, message)
            (self._folder / commit).write_bytes(msgspec.json.encode(left))


def tell_audit(audit: Audit, app: str, entry: Entry) -> None:
    """Write a line of an app's log into the server's audit; one that is there already is not written again."""
    audit.add(*_line(app, entry))


def tell_again(audit: Audit, notes: Mapping[str, Note]) -> None:
    """Write what a server that was killed between its notes and the audit has left out.

    Args:
        audit: The audit.
        notes: App → what was published of it.
    """
    lines = [_line(app, entry) for app, note in notes.items() for entry in note.log[-LATEST:]]
    if lines:
        audit.add_all(lines)


def _line(app: str, entry: Entry) -> tuple[str, AuditNote]:
    """The id of a line of the audit, the same one whenever it is asked for, and the line."""
    after = {name: getattr(entry, name) for name in ("serial", "version", "release", "commit", "message")}
    reason = "; ".join(entry.problems)
    row = AuditEntry("", (entry.channel,), entry.action, {}, {k: v for k, v in after.items() if v}, reason[:4000])
    id = sha256_of(msgspec.msgpack.encode((app, entry))).hex()[:32]
    return id, AuditNote(at_time(entry.at), entry.person, entry.is_verified, "", app, "", (row,))


def tell_refused(audit: Audit, person: Person, app: str, channel: str, reason: str) -> None:
    """Write a refusal for want of a right into the audit."""
    row = AuditEntry("", (channel,), "refused", {}, {}, reason[:4000])
    audit.add(new_id(), AuditNote(now(), person.name, person.is_verified, person.origin, app, "", (row,)))


def event_of(app: str, entry: Entry) -> dict[str, Any]:
    """What subscribers of ``publishing:<app>`` hear."""
    names = ("action", "channel", "serial", "version", "release", "person", "message")
    facts = {name: getattr(entry, name) for name in names}
    return {"app": app, **facts, "problems": list(entry.problems[:20])}
