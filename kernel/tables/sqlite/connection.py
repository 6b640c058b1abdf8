"""Connections to one SQLite file: a writer, and a small pool of readers that remember orders."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote as quote_url

from kernel.tables.error import SourceError, UnavailableError
from kernel.tables.interrupt import current
from kernel.tables.sqlite.trouble import translated

#: Readers kept open.
MOST_READERS = 4
#: Orders remembered by a reader.
MOST_ORDERS = 4
#: Steps of SQLite's machine between looks whether a call was given up (20 ms or so). An interrupt is heard at once;
#: the look is for the one that comes just between two statements.
LOOK_STEPS = 1_000_000


class Reader:
    """A connection for one thread at a time; what it remembers is dropped when anybody has written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.memory: OrderedDict[str, Any] = OrderedDict()
        #: (Table, column) → whether all texts in it are ASCII.
        self.plain: dict[tuple[str, str], bool] = {}
        self._version = -1

    def refresh(self) -> None:
        """Forget what was remembered if the file has changed; call it inside a transaction."""
        version = self.connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self.memory.clear()
            self.plain.clear()

    def remember(self, name: str, value: Any) -> None:
        """Keep a value until the file changes or newer ones push it out."""
        self.memory[name] = value
        while len(self.memory) > MOST_ORDERS:
            self.memory.popitem(last=False)


class Connections:
    """Opens, hands out and closes connections.

    Args:
        path: The file; it must exist.
        is_read_only: Never write.
        busy_s: How long to wait for another program's lock, in seconds.
    """

    def __init__(self, path: Path, *, is_read_only: bool, busy_s: float) -> None:
        self.path = path
        self.is_read_only = is_read_only
        self.write_lock = threading.RLock()
        self._busy_s = busy_s
        self._lock = threading.Lock()
        self._idle: list[Reader] = []
        self._open: set[sqlite3.Connection] = set()
        self._writer: sqlite3.Connection | None = None
        self._inside = threading.local()
        self._is_closed = False
        self._is_immutable = False
        _check_file(path)
        with self.reader() as reader:
            self.encoding = reader.connection.execute("PRAGMA encoding").fetchone()[0]
            reader.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    @contextlib.contextmanager
    def reader(self) -> Iterator[Reader]:
        """A reader inside a read transaction, for this thread until the block ends.

        Raises:
            TableError: SQLite's errors translated.
        """
        inside: sqlite3.Connection | None = getattr(self._inside, "connection", None)
        if inside is not None:
            yield Reader(inside)
            return
        with self._lock:
            self._check_open()
            reader = self._idle.pop() if self._idle else None
        try:
            reader = reader or self._new_reader()
            try:
                reader.connection.execute("BEGIN")
                reader.refresh()
                with stoppable(reader.connection):
                    yield reader
            finally:
                if reader.connection.in_transaction:
                    reader.connection.execute("ROLLBACK")
                self._give_back(reader)
        except sqlite3.Error as error:
            if self._is_closed:
                raise UnavailableError("the source was closed while it was read") from error
            check_interrupt()
            raise translated(error, self.path) from error

    def writer(self) -> sqlite3.Connection:
        """The one writer; hold ``write_lock`` while using it."""
        with self._lock:
            self._check_open()
        if self._writer is None:
            connection = self._connect(self.is_read_only)
            connection.execute("PRAGMA foreign_keys = ON")
            self._writer = connection
        return self._writer

    @contextlib.contextmanager
    def inside(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Within the block this thread reads over ``connection``, and so what its transaction has written."""
        self._inside.connection = connection
        try:
            yield
        finally:
            self._inside.connection = None

    def close(self) -> None:
        """Close everything; a reader in use is interrupted, and closed when it is given back."""
        with self.write_lock, self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            for connection in [reader.connection for reader in idle] + ([self._writer] if self._writer else []):
                self._open.discard(connection)
                connection.close()
            self._writer = None
            for connection in self._open:  # what is left is in use
                connection.interrupt()

    @property
    def open_count(self) -> int:
        """Connections that are open now."""
        return len(self._open)

    def _give_back(self, reader: Reader) -> None:
        with self._lock:
            if self._is_closed or len(self._idle) >= MOST_READERS:
                self._open.discard(reader.connection)
                reader.connection.close()
            else:
                self._idle.append(reader)

    def _new_reader(self) -> Reader:
        try:
            connection = self._connect(self.is_read_only)
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            if not self._may_be_immutable():
                raise
            self._is_immutable = True
            connection = self._connect(True)
        return Reader(connection)

    def _may_be_immutable(self) -> bool:
        """Whether a WAL database stands in a folder where its side files cannot be made, and has none."""
        is_stuck = not os.access(self.path.parent, os.W_OK) or not os.access(self.path, os.W_OK)
        return is_stuck and not self._is_immutable and not self.path.with_name(self.path.name + "-wal").exists()

    def _connect(self, is_read_only: bool) -> sqlite3.Connection:
        mode = "ro" if is_read_only else "rw"
        immutable = "&immutable=1" if self._is_immutable else ""
        address = f"file:{quote_url(str(self.path.absolute()))}?mode={mode}{immutable}"
        connection = sqlite3.connect(address, uri=True, timeout=self._busy_s, isolation_level=None,
                                     check_same_thread=False)
        connection.text_factory = decode_text
        connection.execute("PRAGMA trusted_schema = OFF")
        with self._lock:
            self._open.add(connection)
        return connection

    def _check_open(self) -> None:
        if self._is_closed:
            raise SourceError("the source is closed")


@contextlib.contextmanager
def stoppable(connection: sqlite3.Connection) -> Iterator[None]:
    """Within the block, stop what the connection does when nobody waits for this thread's call any more.

    Raises:
        InterruptedCallError: nobody does already.
    """
    interrupt = current()
    if interrupt is None:
        yield
        return
    connection.set_progress_handler(lambda: interrupt.is_set, LOOK_STEPS)
    try:
        with interrupt.stopping(connection.interrupt):
            yield
    finally:
        connection.set_progress_handler(None, 0)


def check_interrupt() -> None:
    """Raise InterruptedCallError when nobody waits for this thread's call any more."""
    interrupt = current()
    if interrupt is not None:
        interrupt.check()


def decode_text(stored: bytes) -> str | bytes:
    """A stored text; one that is no valid UTF-8 stays bytes."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def _check_file(path: Path) -> None:
    """Say clearly why a file cannot be a database."""
    try:
        if path.is_dir():
            raise SourceError(f"{path.name or path} is a folder, not a database file")
        if not path.exists():
            raise SourceError(f"there is no file {path}")
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}") from error
    if not head:
        raise SourceError(f"{path.name} is empty: there is no database in it")
    if head != b"SQLite format 3\0":
        raise SourceError(f"{path.name} is no SQLite database", hint="open a file made by SQLite")
