"""The table of a handle: opened when it is asked first, its schema, its changes as Qt signals, and whether its server
is away. What is asked of it is in ``handle``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from kernel.disposer import Disposers
from kernel.tables.change import Key, TableChange
from kernel.tables.error import UnavailableError
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from kernel.words import mark, say
from widgets import gui_thread

#: Why nothing can be written while the server of a table is away whose edits may not wait.
AWAY = mark("The server is away; this can be edited again when it is back")
#: Where nothing can wait.
_NONE: set[Key] = set()


class Opening(QObject):
    """What is known of a table that is opened and followed off the GUI thread.

    Args:
        table: The table, or a callable that opens it.
        name: What layouts call the table.
        word: A schema as people read it in their language; None leaves it as it is.

    Attributes:
        schema: None before it is known.
        error: Why the table cannot be read now, or None.
        is_away: Whether the table's server is known to be away; one that is being reached again is away still.
        state: ``loading``, ``ready``, ``offline`` or ``error``.
        own: Keys of rows that are written from here, until the change of them was heard.
    """

    schema_changed = Signal()
    changed = Signal(object)
    #: The server of the table went away, or is there again.
    away_changed = Signal()
    state_changed = Signal(str)

    def __init__(
        self, table: Any, name: str, parent: QObject | None, word: Callable[[Schema], Schema] | None = None
    ) -> None:
        super().__init__(parent)
        self._word = word
        self.name = name
        self.own: set[Key] = set()
        self.schema: Schema | None = None
        self.error: Exception | None = None
        self.is_away = False
        self.state = "loading"
        self._given = table
        self._opened: Any = None if _is_opener(table) else table
        self._opening = threading.Lock()
        self._disposers = Disposers()
        self._is_followed = self._is_watched = self._is_disposed = False
        self._heard = gui_thread.listener(self._hear)
        self._remember_schema()

    def _request(self, work: Callable[[], Any], done: Callable[[Any], None]) -> Any:
        """Run ``work`` off the GUI thread and take its answer on it."""
        raise NotImplementedError

    def _is_stopped(self) -> bool:
        """Whether nothing is run any more."""
        raise NotImplementedError

    @property
    def why_closed(self) -> str:
        """Why nothing can be written at the moment; empty when it can, or may wait for the server."""
        return say(AWAY) if self.is_away and not getattr(self._opened, "can_wait", False) else ""

    def why_not(self, action: str) -> str:
        """Why the person may not ``edit``, ``add`` or ``delete`` rows now; empty when that is open."""
        return self.why_closed or (self.schema.why_not(action) if self.schema is not None else "")

    @property
    def opened(self) -> Any:
        """The table, None before it was opened; nothing of it may be asked but what answers in a moment."""
        return self._opened

    @property
    def has_one_work(self) -> bool:
        """Whether the table's pages and preparations share the work of an order (``LocalTable.has_one_work``)."""
        return getattr(self._opened, "has_one_work", False)

    def table(self) -> Any:
        """The table itself, opened when it is not yet; for threads that may wait."""
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._given()
        return self._opened

    def retry(self) -> None:
        """Open the table and read its schema again after an error."""
        self._set_state("loading")
        self._request(self._open, self._take_opened)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _open(self) -> tuple[Schema, Any]:
        """On the worker. Changes are heard from before anything is read, or one in between would never be shown."""
        table = self.table()
        if not self._is_followed:
            heard = self._heard
            dispose = self._disposers.add(table.subscribe(lambda change: _tell(heard, change)))
            self._is_followed = True
            if self._is_stopped():  # the handle went meanwhile
                dispose()
        return table.schema, table

    def _take_opened(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._take_error(answer)
            return
        schema, table = answer
        schema = schema if self._word is None else self._word(schema)
        if not self._is_watched:
            self._is_watched = True
            watch = getattr(table, "on_state", None)
            if watch is not None:
                self._disposers.add(watch(gui_thread.listener(self._hear_link)))
        is_new = schema != self.schema
        self.schema, self.error = schema, None
        self._set_state("ready")
        if is_new:
            self.schema_changed.emit()

    def _take_error(self, error: Exception) -> None:
        self.error = error
        self._set_state("offline" if isinstance(error, UnavailableError) else "error")

    @property
    def pending(self) -> set[Key]:
        """The rows that are shown with edits which still wait for their server."""
        return getattr(self._opened, "pending_keys", _NONE)

    def pending_text(self, key: Key | None, query: Query) -> str:
        """What is said of a row that waits for its server; empty of others."""
        ask = getattr(self._opened, "pending_text", None)
        return ask(key, query) if ask is not None and key is not None and key in self.pending else ""

    def _hear(self, change: TableChange) -> None:
        if self._is_disposed:
            return
        if change.is_everything:
            self._request(self._open, self._take_opened)
        self.changed.emit(change)
        self.own.difference_update(self.own if change.is_everything else change.updated)

    def _hear_link(self, state: str) -> None:
        if self._is_disposed:
            return
        if state in ("online", "offline") and self.is_away != (state == "offline"):
            self.is_away = state == "offline"
            self.away_changed.emit()
        if state == "online" and self.state in ("offline", "error"):
            self.retry()
            self.changed.emit(TableChange(self.name, is_everything=True))
        elif state == "offline" and self.state != "offline":
            self.error = UnavailableError(say("the source is not reachable"))
            self._set_state("offline")

    def _remember_schema(self) -> None:
        remembered = getattr(self._opened, "remembered_schema", None)
        if remembered is not None and (schema := remembered() if callable(remembered) else remembered) is not None:
            self.schema = schema if self._word is None else self._word(schema)

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _tell(hear: Callable[[TableChange], None], change: Any) -> None:
    """Bring a change to the GUI thread, which should not go through 100,000s of keys."""
    from kernel.tables.outcome import bounded

    hear(bounded(change))


def _is_opener(table: Any) -> bool:
    return callable(table) and not hasattr(table, "fetch")
