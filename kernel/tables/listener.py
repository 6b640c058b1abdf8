"""Who is told of changes, by table; safe from any thread."""

from __future__ import annotations

import sys
import threading

from kernel.disposer import Disposer
from kernel.tables.change import TableChange
from kernel.tables.contract import Listener


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

    def clear(self) -> None:
        """Forget all listeners."""
        with self._lock:
            self._listeners.clear()
