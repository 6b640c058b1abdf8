"""Connections to one SQLite file: a writer, a small pool of readers, and a watcher that numbers the file's states.

A reader knows which state it sees by asking the watcher before and after its transaction began: when nobody wrote in
between, that state is the one. So readers share what they found out (:class:`kernel.tables.sqlite.known.Known`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote as quote_url

from kernel.open_file import SQLITE_MAGIC, hold, read_bytes
from kernel.tables.error import InterruptedCallError, SourceError, UnavailableError
from kernel.tables.sqlite.known import Known, Used
from kernel.tables.sqlite.precedence import Precedence
from kernel.tables.sqlite.stop import check_interrupt, stoppable
from kernel.tables.sqlite.trouble import is_locked, translated
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.tables.sqlite.mirror.find import Behind

#: Readers kept open.
MOST_READERS = 4
#: Seconds between two tries while a writer commits.
_LOCKED_S = 0.005
#: How often a reader begins anew when somebody writes just then.
_MOST_BEGINS = 3


class Connection(sqlite3.Connection):
    """SQLite's, which counts the functions that the plans of one transaction gave it."""

    callbacks = 0


class Before(NamedTuple):
    """A state of the file, what is known of it, and the writer's number of what others wrote."""

    state: int
    known: Known
    version: int


class Reader:
    """A connection for one thread at a time, inside a read transaction.

    Attributes:
        state: Number of the file's state that it reads; None when that could not be told.
        known: What is known of that state.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.state: int | None = None
        self.known = Known()


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
        self._open: set[Connection] = set()
        self._writer: Connection | None = None
        self._watcher: Connection | None = None
        self._watch_lock = threading.Lock()
        self._state = 0
        self._seen: int | None = None
        self._known = Known()
        self._inside = threading.local()
        self._is_closed = False
        self._is_immutable = False
        #: Orders of texts that others stand in for while rows are read.
        self._collations: frozenset[str] = frozenset()
        self.precedence = Precedence()
        #: What mirrors columns of large tables, from its first use on.
        self.behind: Behind | None = None
        _check_file(path)
        self._identity = _identity(path)
        self._release: Callable[[], None] | None = hold(path)
        try:
            with self.reader() as reader:
                self.encoding = reader.connection.execute("PRAGMA encoding").fetchone()[0]
                self._find_collations(reader.connection)
        except BaseException:
            self.close()
            raise

    def _find_collations(self, connection: Connection) -> None:
        """Learn which orders of texts readers need that are not SQLite's, and give them to the first."""
        sql = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%collate%'"
        if connection.execute(sql).fetchone()[0]:
            from kernel.tables.sqlite.collation import foreign_collations, stand_in

            self._collations = foreign_collations(connection)
            stand_in(connection, self._collations)

    @contextlib.contextmanager
    def reader(self) -> Iterator[Reader]:
        """A reader inside a read transaction, for this thread until the block ends.

        Raises:
            TableError: SQLite's errors translated.
        """
        inside: Connection | None = getattr(self._inside, "connection", None)
        if inside is not None:
            yield Reader(inside)
            return
        with self._lock:
            self._check_open()
            self.check_file()
            reader = self._idle.pop() if self._idle else None
        try:
            reader = reader or self._new_reader()
            try:
                self._begin(reader)
                with stoppable(reader.connection), self.precedence.asked():
                    yield reader
            finally:
                if reader.connection.in_transaction:
                    reader.connection.execute("ROLLBACK")
                self._give_back(reader)
        except sqlite3.Error as error:
            if self._is_closed:
                raise UnavailableError(mark("the source was closed while it was read")) from error
            check_interrupt()
            raise translated(error, self.path) from error

    def writer(self) -> Connection:
        """The one writer; hold ``write_lock`` while using it."""
        with self._lock:
            self._check_open()
        self.check_file()
        if self._writer is None:
            connection = self._connect(self.is_read_only)
            connection.execute("PRAGMA foreign_keys = ON")
            self._writer = connection
        return self._writer

    def check_file(self) -> None:
        """Refuse to go on with a file that has no name any more: what is written to it is lost.

        Raises:
            SourceError: it was deleted or moved, or another one stands in its place.
        """
        try:
            found = _identity(self.path)
        except FileNotFoundError:
            raise SourceError(mark(f"{self.path.name} was deleted or moved while it was open"),
                              hint=mark("put it back, or open it anew")) from None
        except OSError as error:
            raise SourceError(mark(f"{self.path.name} cannot be read: {error.strerror}")) from error
        if found != self._identity:
            raise SourceError(mark(f"another file stands in the place of {self.path.name}"), hint=mark("open it anew"))

    @contextlib.contextmanager
    def inside(self, connection: Connection) -> Iterator[None]:
        """Within the block, one transaction, this thread reads over ``connection``, and so what was written there."""
        self._inside.connection, self._inside.kept = connection, {}
        try:
            yield
        finally:
            self._inside.connection, self._inside.kept = None, {}

    def kept(self, connection: sqlite3.Connection) -> dict[Any, Any]:
        """Room for what holds until the end of the transaction that this thread is inside of; else for nothing."""
        return self._inside.kept if getattr(self._inside, "connection", None) is connection else {}

    def state(self) -> int:
        """The number of the file's state now; another one after every commit of anybody."""
        until = time.monotonic() + self._busy_s
        while True:
            try:
                return self._look()
            except sqlite3.OperationalError as error:
                if not is_locked(error) or time.monotonic() >= until:
                    raise
            time.sleep(_LOCKED_S)  # outside of the lock: who reads must be able to look, for a writer waits for that

    def _look(self) -> int:
        """The state's number; raises at once when a writer is about to commit."""
        with self._watch_lock:
            self._check_open()
            if self._watcher is None:
                self._watcher = self._connect(self.is_read_only, busy_s=0)
            seen = self._watcher.execute("PRAGMA data_version").fetchone()[0]
            if seen != self._seen:
                self._seen = seen
                self._state += 1
                self._known = Known()
            return self._state

    def _is_still(self, state: int) -> bool:
        """Whether nobody has written since that state, as far as it can be told without waiting."""
        try:
            return self._look() == state
        except sqlite3.OperationalError as error:
            if is_locked(error):
                return False
            raise

    def before_writing(self, connection: sqlite3.Connection) -> Before | None:
        """What to hand :meth:`after_writing`; inside a transaction of the writer, so that nobody else can write."""
        try:
            state = self._look()
        except sqlite3.OperationalError as error:
            if is_locked(error):
                return None
            raise
        with self._watch_lock:
            known = self._known
        return Before(state, known, connection.execute("PRAGMA data_version").fetchone()[0])

    def after_writing(self, connection: sqlite3.Connection, before: Before, written: Collection[Used]) -> None:
        """Keep what still holds, when nothing but these columns of some rows was written since ``before``.

        Another program's commit shows in the writer's own number, which its own commits leave as it is.
        """
        if not self._is_still(before.state + 1):
            return
        with self._watch_lock:
            is_ours = connection.execute("PRAGMA data_version").fetchone()[0] == before.version
            if is_ours and self._state == before.state + 1:
                self._known = before.known.without(written)

    def close(self) -> None:
        """Close everything; a reader in use is interrupted, and closed when it is given back."""
        if self.behind is not None:
            self.behind.close()
        with self.write_lock, self._watch_lock, self._lock:
            self._is_closed = True
            self._known = Known()
            idle, self._idle = self._idle, []
            own = [connection for connection in (self._writer, self._watcher) if connection]
            for connection in [*(reader.connection for reader in idle), *own]:
                self._open.discard(connection)
                connection.close()
            self._writer = self._watcher = None
            for connection in self._open:  # what is left is in use
                connection.interrupt()
            self._let_go()

    @property
    def open_count(self) -> int:
        """Connections that are open now."""
        return len(self._open)

    def _begin(self, reader: Reader) -> None:
        """Begin a read transaction and tell which state of the file it sees."""
        for _ in range(_MOST_BEGINS):
            before = self.state()
            reader.connection.execute("BEGIN")
            reader.connection.execute("PRAGMA data_version").fetchone()  # the transaction reads from here on
            with self._watch_lock:
                known = self._known
            if self._is_still(before):
                reader.state, reader.known = before, known
                return
            reader.connection.execute("ROLLBACK")
        reader.connection.execute("BEGIN")
        reader.state, reader.known = None, Known()

    def renew(self, reader: Reader, between: Callable[[], None]) -> None:
        """Read on in a new transaction. Other programs can write between the two, which without a write-ahead log
        they can only while nobody reads.

        Args:
            reader: Of this thread.
            between: Called between the two.

        Raises:
            InterruptedCallError: somebody wrote, so that the rest would be of another state.
        """
        state = reader.state
        if reader.connection.in_transaction:
            reader.connection.execute("ROLLBACK")
        between()
        self._begin(reader)
        if state is None or reader.state != state:
            raise InterruptedCallError(mark("another program wrote meanwhile"))

    def _give_back(self, reader: Reader) -> None:
        reader.connection.callbacks = 0
        with self._lock:
            if self._is_closed or len(self._idle) >= MOST_READERS:
                self._open.discard(reader.connection)
                reader.connection.close()
                self._let_go()
            else:
                self._idle.append(reader)

    def _let_go(self) -> None:
        """Have the file looked at as one that is not open, once nothing here reads it any more."""
        if self._is_closed and not self._open and self._release is not None:
            self._release()
            self._release = None

    def _new_reader(self) -> Reader:
        connection = self._connect(self.is_read_only)
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error as error:
            with self._lock:
                self._open.discard(connection)
            connection.close()
            if not isinstance(error, sqlite3.OperationalError) or not self._may_be_immutable():
                raise
            self._is_immutable = True
            connection = self._connect(True)
        if self._collations:
            from kernel.tables.sqlite.collation import stand_in

            stand_in(connection, self._collations)
        return Reader(connection)

    def _may_be_immutable(self) -> bool:
        """Whether a WAL database stands in a folder where its side files cannot be made, and has none."""
        is_stuck = not os.access(self.path.parent, os.W_OK) or not os.access(self.path, os.W_OK)
        return is_stuck and not self._is_immutable and not self.path.with_name(self.path.name + "-wal").exists()

    def _connect(self, is_read_only: bool, busy_s: float | None = None) -> Connection:
        mode = "ro" if is_read_only else "rw"
        immutable = "&immutable=1" if self._is_immutable else ""
        address = f"file:{quote_url(str(self.path.absolute()))}?mode={mode}{immutable}"
        connection = sqlite3.connect(address, uri=True, timeout=self._busy_s if busy_s is None else busy_s,
                                     isolation_level=None, check_same_thread=False, factory=Connection)
        # The schema stays trusted: without that, Debian 12's SQLite calls every file damaged that checks a column by
        # json_valid(), as Django's do. No function that a schema could call here has an effect: extensions are off.
        connection.text_factory = decode_text
        connection.execute("PRAGMA temp_store = FILE")  # a sort in memory takes longer and cannot be stopped
        connection.execute("PRAGMA threads = 2")
        with self._lock:
            self._open.add(connection)
        return connection

    def _check_open(self) -> None:
        if self._is_closed:
            raise SourceError(mark("the source is closed"))


def decode_text(stored: bytes) -> str | bytes:
    """A stored text; one that is no valid UTF-8 stays bytes."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def _identity(path: Path) -> tuple[int, int]:
    """What tells a file from every other one."""
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _check_file(path: Path) -> None:
    """Say clearly why a file cannot be a database."""
    try:
        if path.is_dir():
            raise SourceError(mark(f"{path.name or path} is a folder, not a database file"))
        if not path.exists():
            raise SourceError(mark(f"there is no file {path}"))
        head = read_bytes(path, len(SQLITE_MAGIC))
    except OSError as error:
        raise SourceError(mark(f"{path.name} cannot be read: {error.strerror}")) from error
    if not head:
        raise SourceError(mark(f"{path.name} is empty: there is no database in it"))
    if head != SQLITE_MAGIC:
        raise SourceError(mark(f"{path.name} is no SQLite database"), hint=mark("open a file made by SQLite"))
