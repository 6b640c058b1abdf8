"""A table as the script of a watch has it: what it writes is told before, so that watches in a circle are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kernel.tables.change import Change, Committed, Delete
from kernel.tables.contract import Table


class WatchedTable:
    """The table, with its writes told.

    Args:
        table: The table.
        tell: Gets the columns of a commit; those of the key for rows that go.
    """

    def __init__(self, table: Table, tell: Callable[[Iterable[str]], None]) -> None:
        self._table, self._tell = table, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def commit(self, changes: Sequence[Change], *given: Any, **named: Any) -> Committed:
        """As the table's own."""
        keys = self._table.schema.key
        found = {name for one in changes for name in (keys if isinstance(one, Delete) else one.values)}
        self._tell(sorted(found))
        return self._table.commit(changes, *given, **named)
