"""A source over one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.tables.change import Committed, Part, TableChange
from kernel.tables.contract import Check
from kernel.tables.error import SourceError, TableError
from kernel.tables.listener import Listeners
from kernel.tables.sqlite.connection import Connections
from kernel.tables.sqlite.introspect import list_unread
from kernel.tables.sqlite.shapes import Shapes
from kernel.tables.sqlite.table import SqliteTable
from kernel.tables.sqlite.trouble import translated
from kernel.tables.sqlite.turn import Ticket, Turns

if TYPE_CHECKING:
    from kernel.tables.sqlite.commit import Written
    from kernel.tables.together import Asked, Outcome


class SqliteSource:
    """The tables of a SQLite file; usable from any thread.

    Args:
        path: The file; it must exist.
        is_read_only: Refuse every commit.
        busy_s: How long to wait for another program's lock before LockedError, in seconds.

    Raises:
        SourceError: there is no such file, it is a folder, empty, damaged or no database.
        LockedError: another program holds it.
    """

    def __init__(self, path: Path | str, *, is_read_only: bool = False, busy_s: float = 2.0) -> None:
        self.path = Path(path)
        self.listeners = Listeners()
        #: The number of the last note that was handed out, and of the last one that is forgotten.
        self.taken_note = self.forgotten_note = 0
        self.turns: Turns[Asked, Written] = Turns(self._write_waiting)
        self._tables: dict[str, SqliteTable] = {}
        self._lock = threading.Lock()
        self._local = threading.local()
        self._seen_version: int | None = None
        self._is_gone = False
        self.connections = Connections(self.path, is_read_only=is_read_only, busy_s=busy_s)
        self.encoding = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}[self.connections.encoding]
        try:
            self.poll()
        except TableError:
            self.connections.close()
            raise

    def table_names(self) -> list[str]:
        """See :class:`kernel.tables.contract.Source`; SQLite's own tables are left out, and :meth:`unread`."""
        with self.connections.reader() as reader:
            return self.shapes(reader.connection).names()

    def unread(self) -> dict[str, str]:
        """Virtual tables that no module here can read, by name, with the module's name."""
        with self.connections.reader() as reader:
            return list_unread(reader.connection)

    def table(self, name: str) -> SqliteTable:
        """See :class:`kernel.tables.contract.Source`."""
        with self.connections.reader() as reader:
            self.shapes(reader.connection).need(name)
        with self._lock:
            return self._tables.setdefault(name, SqliteTable(self, name))

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """See :meth:`kernel.tables.contract.Source.commit`; ids are kept in the file itself (see ``ledger``)."""
        from kernel.tables.sqlite.commit import commit

        return commit(self, parts, id, check)

    def commit_together(self, asked: Sequence[Asked]) -> list[Outcome]:
        """Write commits of several people as :meth:`commit` does, the disk waited for once if possible."""
        from kernel.tables.sqlite.commit import commit_together

        return commit_together(self, asked)

    def _write_waiting(self, tickets: Sequence[Ticket[Asked, Written]]) -> None:
        from kernel.tables.sqlite.commit import write_waiting

        write_waiting(self, tickets)

    def take_notes(self, take: Callable[[list[tuple[int, str, bytes]]], None], most: int = 1_000) -> bool:
        """Hand the next notes of commits (number, id, note) to ``take``; whether there were any.

        They are forgotten along with a later commit, which costs no wait for the disk of its own. A note is handed out
        again when the file is opened anew before that.
        """
        from kernel.tables.sqlite import ledger

        with self.connections.reader() as reader:
            found = ledger.notes(reader.connection, self.taken_note, most)
        if found:
            take(found)
            self.taken_note = found[-1][0]
        return bool(found)

    def shapes(self, connection: sqlite3.Connection) -> Shapes:
        """The shapes as that connection sees the schema; for this thread, until it asks again."""
        kept = self.connections.kept(connection)
        if "shapes" in kept:  # nobody changes the schema meanwhile
            return kept["shapes"]
        version = connection.execute("PRAGMA schema_version").fetchone()[0]
        shapes = getattr(self._local, "shapes", None)
        if shapes is None or shapes.version != version:
            shapes = self._local.shapes = Shapes(version)
        shapes.connection = connection
        kept["shapes"] = shapes
        return shapes

    def poll(self) -> bool:
        """Whether another program has written since the last call; if so all listeners are told.

        Cheap (one read of the file's header): call it on a timer while somebody looks.
        """
        self._check_file()
        with self.connections.write_lock:
            connection = self.connections.writer()
            try:
                version = connection.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.Error as error:
                raise translated(error, self.path) from error
            has_changed = self._seen_version not in (None, version)
            self._seen_version = version
        if has_changed:
            for table in self.listeners.tables():
                self.listeners.notify(TableChange(table, is_everything=True))
        return has_changed

    def _check_file(self) -> None:
        """Tell all listeners once that the file is gone, and once that it is back.

        Raises:
            SourceError: it is gone.
        """
        problem = None
        try:
            self.connections.check_file()
        except SourceError as error:
            problem = error
        if (problem is not None) != self._is_gone:
            self._is_gone = problem is not None
            for table in self.listeners.tables():
                self.listeners.notify(TableChange(table, is_everything=True))
        if problem is not None:
            raise problem

    def check_open(self) -> None:
        """Raise SourceError when the source is closed."""
        with self.connections.reader():
            pass

    def close(self) -> None:
        """See :class:`kernel.tables.contract.Source`."""
        self.connections.close()
        self.listeners.clear()

    def describe(self, problem: Exception) -> str:
        """A problem with this source in one sentence."""
        if isinstance(problem, sqlite3.Error):
            problem = translated(problem, self.path)
        return str(problem)
