"""The audit of a server: who changed what, when, and what was refused. A SQLite table that is only ever added to.

Commits leave a note in their own database, in their own transaction; the audit takes it from there in its own time.
So a line is neither lost nor there twice when the server is killed between the two.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from kernel.error import EspalierError
from kernel.tables.contract import Source
from kernel.tables.remote_commit import new_id
from layouts.grant import Grant
from server.audit_entry import Note, as_text, decode_note, key_text
from server.audit_flood import Flood, cut
from server.log import Log

#: What the audit is called as a source and as a table of the app ``espalier``.
AUDIT_APP, AUDIT = "espalier", "audit"
#: Who may read it over the wire.
AUDIT_GRANTS = (Grant("role:auditor", AUDIT, ("read",)),)
#: Seconds between two looks for what is to be taken while commits come in.
PAUSE_S = 0.2
#: Days that a line is kept, and most lines; 0 = for ever, and any number.
KEEP_DAYS, KEEP_ROWS = 400, 5_000_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    number INTEGER PRIMARY KEY, at DATETIME NOT NULL, person TEXT NOT NULL, is_verified BOOLEAN NOT NULL,
    origin TEXT NOT NULL, app TEXT NOT NULL, source TEXT NOT NULL, "table" TEXT NOT NULL, key TEXT NOT NULL,
    action TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, reason TEXT NOT NULL,
    commit_id TEXT NOT NULL, position INTEGER NOT NULL, UNIQUE (commit_id, position)
);
CREATE INDEX IF NOT EXISTS audit_row ON audit (app, source, "table", key, number);
CREATE INDEX IF NOT EXISTS audit_time ON audit (at);
CREATE TRIGGER IF NOT EXISTS audit_is_only_added_to BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
"""
_INSERT = f"INSERT OR IGNORE INTO audit VALUES (NULL{', ?' * 14})"


class Noted(Protocol):
    """A source whose commits leave notes."""

    def take_notes(self, take: Any) -> bool:
        """Hand notes out, then forget them; whether there were any."""


class Audit:
    """Writes the audit in a thread of its own.

    Args:
        path: The database; made when missing.
        log: The server's log.
        keep_days, keep_rows: How much is kept; 0 = all.
        flood: How much refusals may take; made here when left out.
    """

    def __init__(
        self, path: Path, log: Log, keep_days: int = KEEP_DAYS, keep_rows: int = KEEP_ROWS, flood: Flood | None = None
    ) -> None:
        self.path = path
        self._log = log
        self._keep = keep_days, keep_rows
        self._lock = threading.Lock()
        self._writing, self._flushing = threading.Lock(), threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._waiting: dict[int, Noted] = {}
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._source: Source | None = None
        self._is_failure_told = False
        self._flood = flood or Flood()

    def follow(self, source: Any) -> None:
        """A source has, or may have, notes to be taken. From any thread; costs nothing."""
        if not hasattr(source, "take_notes"):
            return
        with self._lock:
            self._waiting[id(source)] = source
        self._begin()
        self._wake.set()

    def _begin(self) -> None:
        """Have the thread."""
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="espalier-audit", daemon=True)
                self._thread.start()

    def add(self, commit_id: str, note: Note) -> None:
        """Write a note at once: a refusal, or a commit whose source keeps no notes.

        Refusals are cut to a size, and those of a flood counted (:mod:`server.audit_flood`).
        """
        self._tell_left_out()
        if self._flood.lets(note):
            self._guarded(lambda: self._write([(commit_id, cut(note))]))
        else:
            self._begin()
            self._wake.set()

    def add_all(self, notes: Sequence[tuple[str, Note]]) -> None:
        """Write notes by their ids, whatever they are of; those that are there stay as they are."""
        self._guarded(lambda: self._write(notes))

    def _tell_left_out(self, *, is_all: bool = False) -> None:
        """Write how many refusals were not listed."""
        if found := self._flood.summaries(is_all=is_all):
            self._guarded(lambda: self._write([(new_id(), note) for note in found]))

    def source(self) -> Source:
        """The audit as a source that nobody can write to, up to date."""
        self.flush()
        with self._writing:
            self._opened()
        with self._lock:
            if self._source is None:
                from kernel.tables.sqlite import SqliteSource

                self._source = SqliteSource(self.path, is_read_only=True)
            return self._source

    def flush(self) -> None:
        """Take every note that waits; when this returns, those that another thread was taking are written too."""
        self._tell_left_out()
        with self._flushing:
            with self._lock:
                waiting, self._waiting = self._waiting, {}
            for source in waiting.values():
                self._guarded(lambda source=source: self._drain(source))

    def close(self) -> None:
        """Take what waits and close; sources must still be open."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(5)
        self.flush()
        self._tell_left_out(is_all=True)
        if self._source is not None:
            self._source.close()
        with self._writing:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(self._flood.wait_s)
            self._wake.clear()
            self.flush()
            self._stop.wait(PAUSE_S)

    def _drain(self, source: Noted) -> None:
        while source.take_notes(lambda found: self._write((id, decode_note(note)) for _, id, note in found)):
            continue

    def _guarded(self, work: Any) -> None:
        """What cannot be written is said in the log once, and tried again with the next commit."""
        try:
            work()
        except (EspalierError, OSError, sqlite3.Error) as error:
            if not self._is_failure_told:
                self._log.error("the audit cannot be written", path=self.path, error=error)
            self._is_failure_told = True
            return
        self._is_failure_told = False

    def _write(self, notes: Iterable[tuple[str, Note]]) -> None:
        with self._writing:
            connection = self._opened()
            with connection:
                for commit_id, note in notes:
                    connection.executemany(_INSERT, _rows(commit_id, note))
                self._sweep(connection)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self.path, timeout=5, check_same_thread=False)
            self._connection.executescript(f"PRAGMA journal_mode = wal; {_SCHEMA}")
        return self._connection

    def _sweep(self, connection: sqlite3.Connection) -> None:
        days, rows = self._keep
        if days:
            connection.execute("DELETE FROM audit WHERE at < datetime('now', ?)", (f"-{days} days",))
        if rows:
            connection.execute("DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - ?", (rows,))


def _rows(commit_id: str, note: Note) -> Iterable[tuple[Any, ...]]:
    for position, entry in enumerate(note.entries):
        yield (
            note.at, note.person, note.is_verified, note.origin, note.app, note.source, entry.table,
            key_text(entry.key), entry.action, as_text(entry.before), as_text(entry.after), entry.reason,
            commit_id, position,
        )  # fmt: skip
