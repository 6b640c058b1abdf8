"""What can go wrong with a table, in words for the person who edits it."""

from __future__ import annotations

from kernel.error import EspalierError
from kernel.tables.block import Block


class TableError(EspalierError):
    """Anything wrong with a table or a query."""


class SourceError(TableError):
    """A source cannot be opened or read: missing, no database, damaged, no permission."""


class LockedError(TableError):
    """Another program holds the source; trying again later may work."""


class UnavailableError(TableError):
    """The source is away (the server is not reachable)."""


class InterruptedCallError(TableError):
    """Whoever asked no longer waits, so the work was stopped; nothing of a commit was written."""


class UnknownTableError(TableError):
    """No table of that name in the source."""


class UnknownColumnError(TableError):
    """A path, filter or change names a column that the table does not have.

    Attributes:
        is_hidden: The table has it, and the person may not read it; not told over the wire.
    """

    is_hidden = False


class ReadOnlyError(TableError):
    """The table, or the column, cannot be edited; the message says why."""


class ForbiddenError(TableError):
    """The person may not do that; nothing of the commit was written."""


class ConstraintError(TableError):
    """The source refused a change; nothing of the commit was written.

    Attributes:
        column: The column to show the message beside, empty when the whole row is meant.
        index: Which change of the commit, from 0.
        part: Which part of a commit over several tables, from 0.
        used_by: The table that the message names because its rows refer to the changed one; not told over the wire.
        names: Columns that the message names beside ``column``; not told over the wire.
        is_taken: Another row has the values of these columns; not told over the wire.
    """

    def __init__(
        self, message: str, *, column: str = "", index: int = 0, hint: str = "", part: int = 0, used_by: str = "",
        names: tuple[str, ...] = (), is_taken: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message, hint=hint)
        self.used_by = used_by
        self.names = names
        self.is_taken = is_taken
        self.column = column
        self.index = index
        self.part = part


class ConflictError(TableError):
    """A row was changed or deleted since it was read; nothing of the commit was written.

    Attributes:
        current: The rows as they are now (all the table's own columns); a deleted row is missing from it.
        index: The first change that conflicts, from 0.
        part: Its part of a commit over several tables, from 0.
    """

    def __init__(self, message: str, *, current: Block, index: int = 0, part: int = 0) -> None:
        super().__init__(message)
        self.current = current
        self.index = index
        self.part = part
