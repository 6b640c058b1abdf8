"""Undo and redo of whole edits in one window: every commit through its table handles is noted with its way back.

The list itself is :class:`kernel.tables.history.Journal`. Typing in an open editor has an undo of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from kernel.tables.change import Change, Committed
from kernel.tables.error import ConflictError, ConstraintError, ForbiddenError, ReadOnlyError
from kernel.tables.history import Entry, Journal, commit_recorded, name_of
from kernel.tables.schema import title_of
from widgets import gui_thread
from widgets.history_turn import Surroundings, Turn
from widgets.scope import Scope

if TYPE_CHECKING:
    from widgets.handle import TableHandle

Told = Callable[[Entry, Exception | None], None]
#: What makes another try pointless, so that the edit below it is undone next.
_FINAL = (ConflictError, ConstraintError, ForbiddenError, ReadOnlyError)


class Expected:
    """An edit that is on its way to its source; one that is let go of without a word is waited for no more."""

    __slots__ = ("__weakref__",)


class History(QObject):
    """One window's edits. Publishes ``history.undo`` and ``history.redo``: the titles of what comes next, or null; and
    ``history.writing``, whether an edit is under way.

    Made and asked on the GUI thread; :meth:`commit` runs on any other.
    """

    changed = Signal()

    def __init__(self, scope: Scope, journal: Journal | None = None) -> None:
        super().__init__()
        gui_thread.prepare()
        self.journal = journal or Journal()
        self.surroundings = Surroundings()
        #: Rows of the last turn that somebody else had changed in other columns.
        self.merged = 0
        self._scope = scope
        self._is_busy = False
        self._wishes: deque[Callable[[], None]] = deque()
        self._expected: WeakSet[Expected] = WeakSet()
        self._publish()

    def commit(self, handle: TableHandle, table: Any, changes: Sequence[Change], title: str = "") -> Committed:
        """Write the changes and note them; for threads that may wait.

        Args:
            handle: What the edit belongs to.
            table: Its table.
            changes: All or none are written.
            title: What to call it (``Paste 12 cells``); made from the changes when empty.
        """
        committed, step = commit_recorded(table, changes)
        entry = Entry(handle, table.schema.title or title_of(table.schema.name), title or name_of(changes), step)
        if changes:
            gui_thread.call(lambda: self._add(entry), self)
        return committed

    def expect(self) -> Expected:
        """An edit begins: what is undone next may be this one. Whoever asks keeps it until :meth:`came`."""
        expected = Expected()
        self._expected.add(expected)
        self._publish()
        return expected

    def came(self, expected: Expected, *, is_written: bool) -> None:
        """The edit is written and noted, or came to nothing: then nobody wishes to have an older one taken back."""
        self._expected.discard(expected)
        if not is_written:
            self._wishes.clear()
        self._publish()
        self._go_on()

    def undo(self, told: Told) -> None:
        """Take the last edit back; ``told(entry, error)`` when it is, with None when all went well."""
        self._wish(lambda: self._turn(self.journal.next_undo(), told))

    def redo(self, told: Told) -> None:
        """Do again what was undone last."""
        self._wish(lambda: self._turn(self.journal.next_redo(), told))

    def _wish(self, turn: Callable[[], None]) -> None:
        """Do it now, or when what is under way is done: keys come faster than a source writes."""
        self._wishes.append(turn)
        self._go_on()

    def _go_on(self) -> None:
        while self._wishes and not self._is_busy and not self._expected:
            self._wishes.popleft()()

    def close(self) -> None:
        """Forget everything: the tables are let go."""
        self._wishes.clear()
        self.journal = Journal()
        self._publish()

    def _turn(self, entry: Entry | None, told: Told) -> None:
        if entry is None or entry.step is None:
            return
        self._is_busy = True
        journal = self.journal

        def take(answer: Any) -> None:
            self._is_busy = False
            if isinstance(answer, Exception):
                if isinstance(answer, _FINAL):
                    entry.lose(str(getattr(answer, "message", answer)))
                self._wishes.clear()
                self._tell()
                told(entry, answer)
                return
            self.merged = answer.merged
            journal.turn(entry, answer.step, answer.renamed)
            self._tell()
            told(entry, None)
            self._go_on()

        # An edit of something else than rows knows its own way back.
        turn = getattr(entry.place, "turn", None)
        turn(entry, take) if turn is not None else Turn(self, entry, take)

    def note(self, entry: Entry) -> None:
        """Note an edit that was made elsewhere; its place has ``turn(entry, done)``, as :class:`Turn` is called."""
        self._add(entry)

    def tell(self) -> None:
        """An entry was turned by somebody else."""
        self._tell()

    def _add(self, entry: Entry) -> None:
        self.journal.add(entry)
        self._tell()

    def _tell(self) -> None:
        self._publish()
        self.changed.emit()

    def _publish(self) -> None:
        undo, redo = self.journal.next_undo(), self.journal.next_redo()
        self._scope.publish("history.undo", title(undo) if undo else None)
        self._scope.publish("history.redo", title(redo) if redo else None)
        self._scope.publish("history.writing", bool(self._expected))


def title(entry: Entry) -> str:
    """``Paste 12 cells in Orders``."""
    return f"{entry.title} in {entry.table}"

