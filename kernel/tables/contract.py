"""The two protocols that everything on screen stands on: a source of tables, and a table.

Every source passes the same contract test (``tests/contract/table_contract.py``). All methods may be called
from any thread and may block; views therefore call them from a worker, never from the thread that paints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, TableChange
from kernel.tables.query import Query
from kernel.tables.schema import Schema

Listener = Callable[[TableChange], None]


class Table(Protocol):
    """Rows of one shape."""

    @property
    def schema(self) -> Schema:
        """The table's columns, key and references as they are now."""

    def count(self, query: Query) -> int:
        """How many rows (or groups) the query has.

        Raises:
            TableError: the filter is wrong, or the source cannot be read.
        """

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """Rows ``start`` (from 0) up to but without ``stop``; shorter at the end, never an error there."""

    def locate(self, query: Query, key: Key) -> int | None:
        """The position of the row with that key in the query's order, or None when it is not in it."""

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Write all the changes or none.

        Raises:
            ConflictError: a row's version is not the one the change names.
            ConstraintError: the source refuses a value; names the column where it can.
            ReadOnlyError: the table or a column cannot be edited.
            LockedError, UnavailableError: try again later.
        """

    def subscribe(self, listener: Listener) -> Disposer:
        """Call ``listener`` after every commit to this table, from whichever thread learns of it."""


class Source(Protocol):
    """A place that holds tables: memory, a SQLite file, a source server."""

    def table_names(self) -> list[str]:
        """The names of all tables and views, in the source's order."""

    def table(self, name: str) -> Table:
        """The table of that name; the same object for the same name.

        Raises:
            UnknownTableError: with the nearest right name as hint.
        """

    def close(self) -> None:
        """Let go of files, connections and listeners; using its tables afterwards raises SourceError."""
