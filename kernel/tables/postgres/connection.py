"""Connections to one database: a few kept open, made anew when the server was restarted, stopped when given up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import psycopg

from kernel.tables.error import SourceError, TableError
from kernel.tables.interrupt import current
from kernel.tables.postgres.address import describe
from kernel.tables.postgres.loader import adapters
from kernel.tables.postgres.trouble import is_given_up, refused, translated

#: Connections kept open while nobody uses them.
MOST_IDLE = 4
#: Seconds that a server may take to answer a connection.
CONNECT_S = 5
#: Seconds between cancels of a statement, as one may come just before it has begun.
CANCEL_AGAIN_S = 0.02
_SETTINGS = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';"
    " SET extra_float_digits = 1; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;"
)
#: A network that is gone without a word is found out within half a minute, by commits and by who listens.
_PATIENCE = {"connect_timeout": CONNECT_S, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
             "tcp_user_timeout": 30_000}
Answer = TypeVar("Answer")
Connection = psycopg.Connection[Any]


class Connections:
    """Opens, hands out and closes connections; safe from any thread.

    Args:
        address: As libpq reads it.
        password: Empty: libpq looks for it.
        is_read_only: Have the server refuse every change.
        lock_s: Seconds to wait for another program's lock.
        statement_s: Seconds that one statement may take; 0 = as long as it likes.
    """

    def __init__(self, address: str, password: str, *, is_read_only: bool, lock_s: float, statement_s: float) -> None:
        self.name = describe(address)
        self.is_read_only = is_read_only
        self._address = address
        self._password = password
        self._settings = _SETTINGS + f" SET lock_timeout = {int(lock_s * 1000)};"
        self._settings += f" SET statement_timeout = {int(statement_s * 1000)};"
        self._settings += " SET default_transaction_read_only = on;" if is_read_only else ""
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._inside = threading.local()
        self._is_closed = False

    def run(self, work: Callable[[Connection], Answer]) -> Answer:
        """What ``work`` answers; run again with a new connection when a kept one turns out to be broken.

        Raises:
            TableError: psycopg's errors translated.
        """
        inside: Connection | None = getattr(self._inside, "connection", None)
        if inside is not None:
            try:
                with inside.transaction():
                    return work(inside)
            except psycopg.Error as error:
                raise self.translated(error, is_gone=inside.closed) from error
        while True:
            try:
                with self.borrowed() as (connection, is_kept):
                    return work(connection)
            except psycopg.Error as error:
                is_gone = connection.closed or isinstance(error, psycopg.InterfaceError)
                if is_gone and is_kept and not self._is_closed:
                    self.forget_idle()
                    continue
                raise self.translated(error, is_gone=bool(is_gone)) from error

    @property
    def is_inside(self) -> bool:
        """Whether this thread is in a transaction that has not ended, of which others know nothing."""
        return getattr(self._inside, "connection", None) is not None

    @contextlib.contextmanager
    def inside(self, connection: Connection) -> Iterator[None]:
        """Within the block this thread reads over ``connection``, and so what its transaction has written."""
        self._inside.connection = connection
        try:
            yield
        finally:
            self._inside.connection = None

    def translated(self, error: psycopg.Error, *, is_gone: bool = False) -> TableError:
        """The error to raise for one of psycopg's."""
        if self._is_closed:
            return SourceError("the source is closed")
        return translated(error, self.name, is_gone=is_gone)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[tuple[Connection, bool]]:
        """A connection for this thread until the block ends, and whether it was used before.

        Outside of transactions every statement is one of its own.

        Raises:
            TableError: no connection can be made.
            InterruptedCallError: nobody waits for this thread's call any more.
        """
        with self._lock:
            self._check_open()
            connection = self._idle.pop() if self._idle else None
        is_kept = connection is not None
        connection = connection or self.connect()
        try:
            with _stoppable(connection):
                yield connection, is_kept
        except psycopg.Error as error:
            if is_given_up(error):
                check_interrupt()
            raise
        finally:
            self._give_back(connection)

    def connect(self) -> Connection:
        """A new connection in the pool's settings; the caller gives it back or closes it.

        Raises:
            SourceError, UnavailableError: there is no way to one.
        """
        settings: dict[str, Any] = {name: value for name, value in _PATIENCE.items() if name not in self._address}
        settings |= {"password": self._password} if self._password else {}
        try:
            connection = psycopg.connect(self._address, autocommit=True, context=_Context(),
                                         application_name="espalier", **settings)
        except psycopg.Error as error:
            raise refused(error, self.name) from error
        try:
            told = connection.pgconn.exec_(f"{self._settings} SELECT pg_backend_pid()".encode()).get_value(0, 0)
            check_server(connection, int(told or 0), self.name)
            connection.prepare_threshold = 3
        except psycopg.Error as error:
            connection.close()
            raise self.translated(error, is_gone=True) from error
        except SourceError:
            connection.close()
            raise
        with self._lock:
            self._open.add(connection)
        return connection

    def let_go(self, connection: Connection) -> None:
        """Close a connection that :meth:`connect` made."""
        with self._lock:
            self._open.discard(connection)
        connection.close()

    def check_open(self) -> None:
        """Raise SourceError when the source is closed."""
        with self._lock:
            self._check_open()

    def forget_idle(self) -> None:
        """Close the connections that nobody uses; they may be broken."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._open.difference_update(idle)
        for connection in idle:
            connection.close()

    def pids(self) -> set[int]:
        """The numbers of the server's processes that serve this source."""
        with self._lock:
            return {connection.info.backend_pid for connection in self._open if not connection.closed}

    def close(self) -> None:
        """Close everything; what is under way is cancelled, and closed when it is given back."""
        with self._lock:
            self._is_closed = True
        self.forget_idle()
        for connection in list(self._open):
            with contextlib.suppress(psycopg.Error):
                connection.cancel_safe(timeout=2)

    @property
    def open_count(self) -> int:
        """Connections that are open now."""
        return len(self._open)

    def _give_back(self, connection: Connection) -> None:
        is_whole = not connection.closed and connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        interrupt = current()
        if interrupt is not None and interrupt.is_set:  # a late cancel would hit another call
            is_whole = False
        with self._lock:
            if is_whole and not self._is_closed and len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        self.let_go(connection)

    def _check_open(self) -> None:
        if self._is_closed:
            raise SourceError("the source is closed")


def check_server(connection: Connection, pid: int, name: str) -> None:
    """See that a connection is to PostgreSQL itself, and that its texts can be read.

    Args:
        connection: A new one.
        pid: The process that serves it, as that tells.
        name: The database's, for messages.

    Raises:
        SourceError: it is not; the message says what to do.
    """
    # NOTE: a pooler gives each statement or transaction to another process, which knows nothing of the settings above,
    # of LISTEN, locks and prepared statements; it makes up the number of the process when a client connects.
    if pid != connection.info.backend_pid:
        raise SourceError(f"{name} is reached through a pooler, which mixes up the settings of its clients",
                          hint="give the address of PostgreSQL itself instead of PgBouncer's")
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
        raise SourceError(f"{name} does not say how its texts are encoded (SQL_ASCII)",
                          hint="copy it into a database of encoding UTF8")


def is_unicode_at(connection: Connection) -> bool:
    """Whether the database holds its texts as UTF-8."""
    return connection.info.parameter_status("server_encoding") == "UTF8"


class _Context:
    """What psycopg takes loaders from."""

    def __init__(self) -> None:
        self.adapters = adapters()
        self.connection = None


@contextlib.contextmanager
def _stoppable(connection: Connection) -> Iterator[None]:
    """Within the block, stop what the connection does when nobody waits for this thread's call any more."""
    interrupt = current()
    if interrupt is None:
        yield
        return
    is_done = threading.Event()
    threads: list[threading.Thread] = []

    def cancel() -> None:
        while not is_done.is_set():
            with contextlib.suppress(psycopg.Error):  # a lost connection has nothing to stop
                connection.cancel_safe(timeout=2)
            is_done.wait(CANCEL_AGAIN_S)

    def stop() -> None:
        threads.append(threading.Thread(target=cancel, name="espalier-cancel", daemon=True))
        threads[-1].start()

    try:
        with interrupt.stopping(stop):
            yield
    finally:
        is_done.set()
        for thread in threads:
            thread.join()


def check_interrupt() -> None:
    """Raise InterruptedCallError when nobody waits for this thread's call any more."""
    interrupt = current()
    if interrupt is not None:
        interrupt.check()
