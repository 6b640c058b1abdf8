"""The two protocols that everything on screen stands on: a source of tables, and a table.

Every source passes the same contract test (``tests/contract/table_contract.py``). All methods may be called
from any thread and may block; views therefore call them from a worker, never from the thread that paints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part, TableChange
from kernel.tables.query import Query
from kernel.tables.schema import Schema

Listener = Callable[[TableChange], None]
#: Takes the part of a long work that is done, from 0.0 to 1.0; may be called from the worker's thread, often.
Report = Callable[[float], None]


class Estimate(msgspec.Struct, frozen=True):
    """How many rows a query has, as far as it is known; ``is_exact`` when that is the truth and not a guess."""

    count: int
    is_exact: bool = True


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

    def estimate(self, query: Query) -> Estimate:
        """How many rows the query has, as far as that can be told within a few milliseconds.

        A table without end answers a count that is not exact, and a greater one the further it was read.
        """

    def prepare(self, query: Query, report: Report) -> int:
        """Make every page of the query as cheap as its first, and answer its exact count.

        A sort of many rows is carried out here, so that :meth:`fetch` anywhere takes a moment afterwards, until the
        table changes. Pages near the start can be fetched meanwhile from other threads, and are there first. Ends with
        InterruptedCallError within 50 ms when nobody waits any more (see :mod:`kernel.tables.interrupt`).
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


class Check(Protocol):
    """Looks at a commit from inside its transaction; what either call raises undoes all of it.

    The tables of the source, read by the thread that calls, show the rows as they are within the transaction.
    """

    def before(self) -> None:
        """Nothing is written yet, and nobody else can write."""

    def after(self, done: tuple[Committed, ...]) -> bytes | None:
        """Everything is written, and nobody else can see it yet.

        Answers a note that a source which remembers ids keeps with this one, in the same transaction; None = none.
        """


class Source(Protocol):
    """A place that holds tables: memory, a SQLite file, a source server."""

    def table_names(self) -> list[str]:
        """The names of all tables and views, in the source's order."""

    def table(self, name: str) -> Table:
        """The table of that name; the same object for the same name.

        Raises:
            UnknownTableError: with the nearest right name as hint.
        """

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """Write the changes of several tables, all of them or none; answers a :class:`Committed` for each part.

        References are checked when everything is written, so that a row and those that refer to it may come in any
        order. A later part sees what an earlier one wrote.

        Args:
            parts: Tables and their changes, in order.
            id: Names this commit for ever (32 random hex digits). A commit whose id was committed before is not done
                again: it gets the answer of then, also when the process that wrote it ended before it could answer.
            check: Looks at the transaction from inside; only for sources of this process.

        Raises:
            TableError: as :meth:`Table.commit`; ``part`` of a ConflictError and ConstraintError says which part. An
                id that names a commit of other changes is a TableError as well.
        """

    def close(self) -> None:
        """Let go of files, connections and listeners; using its tables afterwards raises SourceError."""
