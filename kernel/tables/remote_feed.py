"""The changes of one remote table: one subscription on the wire, however many listeners there are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.disposer import Disposer
from kernel.tables.change import TableChange
from kernel.tables.contract import Listener

if TYPE_CHECKING:
    from kernel.wire.link import Link


class Feed:
    """Subscribes with the first listener and lets go with the last.

    Args:
        link: The server.
        topic: The table's topic.
        table: The table's name, for changes that cannot be told in detail.
        heard: Called before the listeners, with every change.
    """

    def __init__(self, link: Link, topic: str, table: str, heard: Callable[[TableChange], None]) -> None:
        self._link = link
        self._topic = topic
        self._table = table
        self._heard = heard
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._dispose: Disposer | None = None

    def subscribe(self, listener: Listener) -> Disposer:
        """Call ``listener`` with every change, on the link's thread."""
        with self._lock:
            self._listeners = [*self._listeners, listener]
            if self._dispose is None:
                self._dispose = self._link.on_event(self._topic, self._event)

        def dispose() -> None:
            self._remove(listener)

        return dispose

    def close(self) -> None:
        """Forget all listeners."""
        with self._lock:
            self._listeners = []
            dispose, self._dispose = self._dispose, None
        if dispose is not None:
            dispose()

    def _remove(self, listener: Listener) -> None:
        with self._lock:
            if listener not in self._listeners:
                return
            rest = self._listeners.copy()
            rest.remove(listener)
            self._listeners = rest
            dispose = None
            if not rest:
                dispose, self._dispose = self._dispose, None
        if dispose is not None:
            dispose()

    def _event(self, body: Any) -> None:
        """One event; without a body, or with one from a newer server, everything may have changed."""
        try:
            change = msgspec.convert(body, TableChange)
        except msgspec.ValidationError:
            change = TableChange(self._table, is_everything=True)
        self.tell(change)

    def tell(self, change: TableChange) -> None:
        """Tell the listeners of a change, from any thread."""
        self._heard(change)
        for listener in self._listeners:
            listener(change)
