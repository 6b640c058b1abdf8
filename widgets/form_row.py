"""The row that a form edits: stored values, the person's edits over them, messages; writes all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from kernel.tables.block import Block
from kernel.tables.change import Insert, Key, TableChange, Update
from kernel.tables.error import ConflictError, ConstraintError
from kernel.tables.query import Query
from kernel.tables.schema import Schema, title_of
from kernel.words import capital, mark, say, say_again, say_error
from widgets.handle import TableHandle

if TYPE_CHECKING:
    from widgets.check import RowCheck

#: What is said of a row that someone deleted while it was edited.
DELETED = mark("This row was deleted meanwhile; copy what you need before you leave it")


class FormRow(QObject):
    """Signals: ``loaded`` (all values anew), ``patched(columns)``, ``edited``, ``refused`` (messages changed),
    ``conflicted(columns)``, ``written``, and before it ``added`` when the row was new.

    One write is under way at a time. What is typed meanwhile stays an edit over what was sent; what was sent cannot
    be taken back any more.

    Attributes:
        values: The row as it is stored, with labels; None when there is no row.
        edits: Column → the person's value, not written yet.
        messages: Column (empty = the whole row) → what is wrong.
        is_writing: Whether a write is under way.
        is_loading: Whether the row is awaited, and the one before it is still shown.
        is_new: Whether it is a row that is not stored yet; ``given`` is what it holds from the beginning.
        is_deleted: Whether the row went while there were edits of it; they are kept to be copied.
    """

    loaded = Signal()
    patched = Signal(object)
    edited = Signal()
    refused = Signal()
    conflicted = Signal(object)
    written = Signal()
    added = Signal()

    def __init__(self, handle: TableHandle, parent: QObject) -> None:
        super().__init__(parent)
        self.handle = handle
        self.key: Key | None = None
        self.version = ""
        self.values: dict[str, Any] | None = None
        self.edits: dict[str, Any] = {}
        self.messages: dict[str, str] = {}
        #: Rules of the layout, and what reads the window's names in them.
        self.checks: list[RowCheck] = []
        self.read_window: Callable[[str], Any] = lambda _name: None
        self.is_writing = False
        self.is_new = False
        self.given: dict[str, Any] = {}
        self.is_deleted = False
        self.is_loading = False
        #: Column → what stood there before somebody else changed it.
        self.base: dict[str, Any] = {}
        self._sent: dict[str, Any] = {}
        self._clash: list[str] = []
        self._is_wanted_again = False
        self._cancel = lambda: None
        handle.changed.connect(self._hear)

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits that are not stored for sure; those that are being written are among them."""
        return bool(self.edits) or self.is_writing

    @property
    def clash(self) -> list[str]:
        """Edited columns that somebody else changed, about which the person has not chosen yet."""
        return [column for column in self._clash if column in self.edits]

    def load(self, key: Key | None) -> None:
        """Show another row."""
        self._forget(key)
        self.is_loading = key is not None
        if key is None:
            self.values = None
            self.loaded.emit()
            return
        self._fetch(self._take_row)

    def read_again(self) -> None:
        """Read the row's columns as the table has them now; edits stay."""
        self._fetch(self._take_fresh)

    def begin(self, given: dict[str, Any]) -> None:
        """Show a new row that holds these values; it is stored by :meth:`write`."""
        self._forget(None)
        self.is_new, self.given, self.version = True, dict(given), ""
        self.values = dict(given)
        self.is_loading = False
        self.loaded.emit()

    def _forget(self, key: Key | None) -> None:
        """Nothing of the row before is left."""
        self._cancel()
        self.key, self.edits, self.messages = key, {}, {}
        self.is_writing = self.is_deleted = self.is_new = self._is_wanted_again = False
        self._sent, self._clash = {}, []

    def value(self, column: str) -> Any:
        """The edited value, else the stored one."""
        return self.edits.get(column, (self.values or {}).get(column))

    def edit(self, column: str, value: Any) -> None:
        """Note an edit; the stored value typed again is none, unless another one is on its way.

        Until the row is here the one before it is shown: what is typed then belongs to neither.
        """
        if self.is_loading:
            return
        stored = (self.values or {}).get(column)
        if column not in self._sent and value == stored and type(value) is type(stored):
            self.edits.pop(column, None)
        else:
            self.edits[column] = value
        self.messages.pop(column, None)
        self.edited.emit()

    def edit_others(self, values: dict[str, Any]) -> None:
        """Note what else changes by what was chosen in one column; their fields show it."""
        for column, value in values.items():
            self.edit(column, value)
        if values:
            self.patched.emit(list(values))

    def revert(self, column: str = "") -> None:
        """Take back one column's edit with those of its reference, or all; what is being written stays."""
        schema = self.handle.schema
        reference = schema.chosen_by(column) if schema is not None and column else None
        together = reference.via if reference is not None else (column,)
        for name in together if column else tuple(self.edits):
            self.edits.pop(name, None)
            if name in self._sent:
                self.edits[name] = self._sent[name]
        self.messages = {name: text for name, text in self.messages.items() if column and name not in together}
        if self.is_deleted and not self.edits:
            self.is_deleted, self.values, self.messages = False, None, {}
        self.loaded.emit()

    def check(self) -> bool:
        """What can be told before asking the source: required, of the right kind, the layout's rules; all at once."""
        from kernel.tables.check import row_problems
        from widgets.check import broken
        from widgets.grid.style import outer_names, reader_with

        schema = self.handle.schema
        if schema is not None:
            title = lambda column: column.label or title_of(column.name)  # noqa: E731
            values = {**self.given, **self.edits} if self.is_new else self.edits
            found = row_problems(schema, values, title, is_new=self.is_new)
            self.messages.update({name: say_again(text) for name, text in found.items()})
        touched = [one for one in self.checks if self.is_new or self.edits.keys() & set(one.expression.names)]
        outer = outer_names(touched, schema)
        self.messages.update(broken(touched, reader_with(self.value, outer, self.read_window)))
        if self.messages:
            self.refused.emit()
        return not self.messages

    def write(self) -> None:
        """Write the edits; the answer comes as ``written``, ``refused`` or ``conflicted``, at once where a question
        about them waits."""
        if self.is_writing:
            self._is_wanted_again = True
            return
        if self.clash:
            self.conflicted.emit(self.clash)
            return
        if self.is_dirty and (reason := self.handle.why_closed):
            self.messages[""] = reason
            self.refused.emit()
            return
        if (not self.edits or self.key is None) and not self.is_new or not self.check():
            return
        self.is_writing, self._is_wanted_again = True, False
        key, sent = self.key, dict(self.edits)
        self._sent = sent
        change = Insert({**self.given, **sent}) if key is None else Update(key, self.version, sent)
        self.handle.commit([change], lambda answer: self._take_written(answer, key, sent))

    def keep_mine(self) -> None:
        """Write over the other person's values."""
        self.messages.pop("", None)
        self._clash = []
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
        key = self.key

        def take_own(answer: Any) -> None:
            # An answer may come when another row is shown already, or when the form went.
            if isValid(self) and self.key == key:
                take(answer)

        self._cancel = self.handle.fetch(Query(keys=(key,), columns=_paths(schema)), 0, 1, take_own)

    def _take_row(self, answer: Any) -> None:
        self.is_loading = False
        if isinstance(answer, Exception):
            self.messages[""] = say_again(str(answer))
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
        if not len(answer) and self.edits:
            if not self.is_writing:  # Else the write's answer tells it.
                self._note_deleted()
            return
        before = self.values or {}
        self._keep(answer)
        if self.values is None:
            self.loaded.emit()
            return
        if self.is_deleted:
            # It came back, by an undo in another program.
            self.is_deleted = False
            self.messages.pop("", None)
        differing = [path for path, value in self.values.items() if before.get(path) != value]
        same = {path for path, value in self.edits.items() if value == self.values.get(path)} - self._sent.keys()
        self.edits = {path: value for path, value in self.edits.items() if path not in same}
        self.patched.emit(differing)
        if clash := [path for path in differing if path in self.edits and not self.is_writing]:
            self._note_base(clash, before)
            self._clash = list(dict.fromkeys([*self.clash, *clash]))
            self.conflicted.emit(self.clash)

    def _take_written(self, answer: Any, key: Key, sent: dict[str, Any]) -> None:
        if not isValid(self) or self.key != key or self._sent is not sent:
            return
        self.is_writing, self._sent = False, {}
        if isinstance(answer, ConflictError) and not self.is_new:
            self._take_conflict(answer)
            return
        if isinstance(answer, Exception):
            column = answer.column if isinstance(answer, ConstraintError) else ""
            self.messages[column] = capital(say_error(answer))
            # What was typed back to the stored value while the write was under way is no edit any more.
            stored = self.values or {}
            self.edits = {path: value for path, value in self.edits.items() if value != stored.get(path)}
            self.refused.emit()
            return
        self.edits = {path: value for path, value in self.edits.items() if path not in sent or value != sent[path]}
        self.messages = {}
        was_new, self.key, self.is_new = self.is_new, answer.keys[0], False
        self.values = {**(self.values or {}), **sent}
        if was_new:
            self.added.emit()
        self.written.emit()
        if self.key != answer.keys[0]:
            return
        self._fetch(self._take_fresh)
        if self._is_wanted_again:
            self.write()

    def _take_conflict(self, error: ConflictError) -> None:
        before = self.values or {}
        if self.key not in error.current.keys:  # noqa: SIM118 - a block's list of keys, not a dict
            self._note_deleted()
            return
        index = error.current.keys.index(self.key)
        row = error.current.row(index)
        self.version = error.current.versions[index]
        clash = [path for path in self.edits if path in row and row[path] not in (before.get(path), self.edits[path])]
        self.values = {**before, **row}
        self.patched.emit([path for path in row if row[path] != before.get(path)])
        self._clash = clash
        self._note_base(clash, before)
        if clash:
            # The error's rows have no labels of references; the sentence about the conflict needs them.
            self._fetch(lambda answer: self._tell_clash(answer, clash))
        else:
            self.write()

    def _note_base(self, clash: list[str], before: dict[str, Any]) -> None:
        """Keep what the person saw when they began, however often somebody else changes it."""
        known = self.base if self.clash else {}
        self.base = {**{path: before.get(path) for path in clash}, **known}

    def _tell_clash(self, answer: Any, clash: list[str]) -> None:
        if not isinstance(answer, Exception):
            if not len(answer):
                self._note_deleted()
                return
            self._keep(answer)
        self.conflicted.emit(clash)

    def _note_deleted(self) -> None:
        """Keep the edits over a row that is gone, and say so."""
        self.is_deleted = True
        self.messages[""] = say(DELETED)
        self.refused.emit()

    def _hear(self, change: TableChange) -> None:
        if self.key is None:
            return
        is_about_others = change.is_everything or change.has_changed_references
        if is_about_others or self.key in change.updated or self.key in change.deleted:
            self._fetch(self._take_fresh)


def _paths(schema: Schema) -> tuple[str, ...]:
    names = [column.name for column in schema.columns]
    return (*names, *(f"{reference.name}:label" for reference in schema.references))
