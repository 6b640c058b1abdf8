"""The row that a form edits: stored values, the person's edits over them, messages; writes all or nothing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from kernel.tables.block import Block
from kernel.tables.change import Key, TableChange, Update
from kernel.tables.error import ConflictError, ConstraintError
from kernel.tables.query import Query
from kernel.tables.schema import Schema, title_of
from widgets.handle import TableHandle


class FormRow(QObject):
    """Signals: ``loaded`` (all values anew), ``patched(columns)``, ``edited``, ``refused`` (messages changed),
    ``conflicted(columns)``, ``written``.

    Attributes:
        values: The row as it is stored, with labels; None when there is no row.
        edits: Column → the person's value, not written yet.
        messages: Column (empty = the whole row) → what is wrong.
    """

    loaded = Signal()
    patched = Signal(object)
    edited = Signal()
    refused = Signal()
    conflicted = Signal(object)
    written = Signal()

    def __init__(self, handle: TableHandle, parent: QObject) -> None:
        super().__init__(parent)
        self.handle = handle
        self.key: Key | None = None
        self.version = ""
        self.values: dict[str, Any] | None = None
        self.edits: dict[str, Any] = {}
        self.messages: dict[str, str] = {}
        self.is_writing = False
        self._cancel = lambda: None
        handle.changed.connect(self._hear)

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits that are not written."""
        return bool(self.edits)

    def load(self, key: Key | None) -> None:
        """Show another row."""
        self._cancel()
        self.key, self.edits, self.messages = key, {}, {}
        if key is None:
            self.values = None
            self.loaded.emit()
            return
        self._fetch(self._take_row)

    def value(self, column: str) -> Any:
        """The edited value, else the stored one."""
        return self.edits.get(column, (self.values or {}).get(column))

    def edit(self, column: str, value: Any) -> None:
        """Note an edit; the stored value typed again is none."""
        stored = (self.values or {}).get(column)
        if value == stored and type(value) is type(stored):
            self.edits.pop(column, None)
        else:
            self.edits[column] = value
        self.messages.pop(column, None)
        self.edited.emit()

    def revert(self, column: str = "") -> None:
        """Take back one column's edit, or all."""
        if column:
            self.edits.pop(column, None)
            self.messages.pop(column, None)
        else:
            self.edits, self.messages = {}, {}
        self.loaded.emit()

    def check(self) -> bool:
        """What can be told before asking the source: required and too long; all at once."""
        schema = self.handle.schema
        for name, value in self.edits.items():
            column = schema.column(name) if schema else None
            if column is None:
                continue
            title = column.label or title_of(name)
            if value is None and column.is_required:
                self.messages[name] = f"{title} is required"
            elif column.max_length and isinstance(value, str) and len(value) > column.max_length:
                self.messages[name] = f"{title} takes at most {column.max_length} characters"
        if self.messages:
            self.refused.emit()
        return not self.messages

    def write(self) -> None:
        """Write the edits; the answer comes as ``written``, ``refused`` or ``conflicted``."""
        if not self.edits or self.is_writing or self.key is None or not self.check():
            return
        self.is_writing = True
        sent = dict(self.edits)
        self.handle.commit([Update(self.key, self.version, sent)], lambda answer: self._take_written(answer, sent))

    def keep_mine(self) -> None:
        """Write over the other person's values."""
        self.messages.pop("", None)
        self.write()

    def take_theirs(self, columns: list[str]) -> None:
        """Give up the edits of these columns."""
        for column in columns:
            self.edits.pop(column, None)
        self.messages.pop("", None)
        self.loaded.emit()

    # -- answers --------------------------------------------------------------------------------------------------

    def _fetch(self, take: Any) -> None:
        schema = self.handle.schema
        if schema is None or self.key is None:
            return
        self._cancel = self.handle.fetch(Query(keys=(self.key,), columns=_paths(schema)), 0, 1, take)

    def _take_row(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.messages[""] = str(answer)
            self.refused.emit()
            return
        self._keep(answer)
        self.loaded.emit()

    def _keep(self, block: Block) -> None:
        self.values = block.row(0) if len(block) else None
        self.version = block.versions[0] if len(block) else ""

    def _take_fresh(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            return
        before = self.values or {}
        self._keep(answer)
        if self.values is None:
            self.edits = {}
            self.loaded.emit()
            return
        differing = [path for path, value in self.values.items() if before.get(path) != value]
        self.edits = {path: value for path, value in self.edits.items() if value != self.values.get(path)}
        self.patched.emit(differing)
        if clash := [path for path in differing if path in self.edits and not self.is_writing]:
            self.conflicted.emit(clash)

    def _take_written(self, answer: Any, sent: dict[str, Any]) -> None:
        self.is_writing = False
        if isinstance(answer, ConflictError):
            self._take_conflict(answer)
            return
        if isinstance(answer, Exception):
            column = answer.column if isinstance(answer, ConstraintError) else ""
            hint = getattr(answer, "hint", "")
            message = str(getattr(answer, "message", answer))
            message = message[:1].upper() + message[1:]
            self.messages[column] = f"{message}. {hint}" if hint else message
            self.refused.emit()
            return
        self.edits = {path: value for path, value in self.edits.items() if path not in sent or value != sent[path]}
        self.messages = {}
        self.key = answer.keys[0]
        self.values = {**(self.values or {}), **sent}
        self._fetch(self._take_fresh)
        self.written.emit()

    def _take_conflict(self, error: ConflictError) -> None:
        before = self.values or {}
        if self.key not in error.current.keys:  # noqa: SIM118 - a block's list of keys, not a dict
            self.messages[""] = "This row was deleted meanwhile; copy what you need before you leave it"
            self.refused.emit()
            return
        index = error.current.keys.index(self.key)
        row = error.current.row(index)
        self.version = error.current.versions[index]
        clash = [path for path in self.edits if path in row and row[path] not in (before.get(path), self.edits[path])]
        self.values = {**before, **row}
        self.patched.emit([path for path in row if row[path] != before.get(path)])
        if clash:
            self.conflicted.emit(clash)
        else:
            self.write()

    def _hear(self, change: TableChange) -> None:
        if self.key is None:
            return
        if change.is_everything or self.key in change.updated or self.key in change.deleted:
            self._fetch(self._take_fresh)


def _paths(schema: Schema) -> tuple[str, ...]:
    names = [column.name for column in schema.columns]
    return (*names, *(f"{reference.name}:label" for reference in schema.references))
