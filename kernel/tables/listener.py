"""Who is told of changes, by table; safe from any thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from kernel.disposer import Disposer
from kernel.tables.change import TableChange
from kernel.tables.contract import Listener
from kernel.tables.schema import Schema


class Listeners:
    """Listeners by table name. A listener that raises does not keep the others from hearing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, dict[object, Listener]] = {}

    def add(self, table: str, listener: Listener) -> Disposer:
        """Call ``listener`` after every change of ``table`` until the disposer is called."""
        token = object()
        with self._lock:
            self._listeners.setdefault(table, {})[token] = listener

        def dispose() -> None:
            with self._lock:
                self._listeners.get(table, {}).pop(token, None)

        return dispose

    def tables(self) -> list[str]:
        """The tables that anybody listens to."""
        with self._lock:
            return [table for table, listeners in self._listeners.items() if listeners]

    def notify(self, change: TableChange) -> None:
        """Tell the table's listeners; what one raises goes to ``sys.excepthook``, for the commit itself stands."""
        with self._lock:
            listeners = list(self._listeners.get(change.table, {}).values())
        for listener in listeners:
            try:
                listener(change)
            except Exception as error:
                sys.excepthook(type(error), error, error.__traceback__)

    def referring(self, change: TableChange, schema_of: Callable[[str], Schema | None]) -> list[TableChange]:
        """What is to be told of the tables whose references lead to the changed one, directly or through others.

        Args:
            change: What the table's own listeners are told; new rows alone change nothing elsewhere.
            schema_of: A table's schema by name, None when there is no such table.
        """
        if not change.updated and not change.deleted:
            return []
        listened = [table for table in self.tables() if leads_to(table, change.table, schema_of)]
        return [TableChange(table, has_changed_references=True) for table in listened]

    def clear(self) -> None:
        """Forget all listeners."""
        with self._lock:
            self._listeners.clear()


def leads_to(table: str, other: str, schema_of: Callable[[str], Schema | None]) -> bool:
    """Whether references of ``table``, or of a table that they lead to, lead to ``other``."""
    seen: set[str] = set()
    ahead = [table]
    while ahead:
        schema = schema_of(ahead.pop())
        for reference in schema.references if schema else ():
            if reference.table == other:
                return True
            if reference.table not in seen:
                seen.add(reference.table)
                ahead.append(reference.table)
    return False
