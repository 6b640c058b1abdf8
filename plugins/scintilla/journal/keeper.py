"""Joins one editor to the journal of its file: tells it each change, gives back what was not written or can be undone.

Changes are heard from Scintilla as they are made and written by a thread soon after; nobody waits for the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from plugins.api import listener
from plugins.scintilla.host import SCI
from plugins.scintilla.journal.history import BEGIN, GO_ON, REDO, REDO_LAST, UNDO, UNDO_LAST, Change, History, PlainText
from plugins.scintilla.journal.record import SAVED, Record, change_record
from plugins.scintilla.journal.replay import replay
from plugins.scintilla.journal.store import (
    KEPT_WHOLE,
    Found,
    Header,
    Journal,
    open_journal,
    place_of,
    sweep,
)
from plugins.scintilla.journal.writer import wait_for_writes, write_soon

if TYPE_CHECKING:
    from plugins.scintilla.code import Code
    from plugins.scintilla.pane import Pane

#: What is typed is on the disk so many ms later, and the disk's own time.
SOON_MS = 300
#: Steps and bytes of changes that can be undone after the file is opened again.
MOST_STEPS, MOST_BYTES = 2_000, 4 << 20
#: Notifications that tell of a change of the text.
_ANY_CHANGE = SCI.SC_MOD_INSERTTEXT | SCI.SC_MOD_DELETETEXT | SCI.SC_MOD_BEFOREINSERT | SCI.SC_MOD_BEFOREDELETE
#: Folders whose old journals were removed by this process.
_swept: set[Path] = set()


class Kept(NamedTuple):
    """What became of the edits of the last time.

    Attributes:
        is_elsewhere: Whether another window edits this file, so that this one keeps nothing.
        restored: When the edits were made that are in the text again, in seconds; 0 where there were none.
        lost: The same of edits to a large file that somebody else has changed since: they cannot be put back.
        is_other: Whether the file is not the one that the restored edits were made to.
    """

    is_elsewhere: bool = False
    restored: float = 0.0
    lost: float = 0.0
    is_other: bool = False


class Keeper(QObject):
    """Keeps the edits of one file's text, from :meth:`begin` on.

    Attributes:
        failed: The disk refuses them: why. Told once.
    """

    failed = Signal(str)

    def __init__(self, pane: Pane, folder: Path, path: Path) -> None:
        super().__init__(pane)
        self._pane, self._path, self._folder = pane, path, folder
        self._code: Code = pane.code
        self._journal: Journal | None = None
        self._identity = ""
        self._history = History()
        #: What the journal begins with at the next change, and whether the file has it; None while it goes on.
        self._first: tuple[bytes | None, bool] | None = None
        self._waiting = bytearray()
        self._removed = b""
        #: An insertion that is about to be made, by its position and length; large texts tell no more.
        self._coming: tuple[int, int] | None = None
        self._has_failed = False
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.flush)
        self._code.host.editor.SCN_MODIFIED.connect(self._hear)
        self._code.loaded.connect(self._begin_anew)

    # -- the file is opened ---------------------------------------------------------------------------------------

    def begin(self, identity: str, load: Callable[[], None]) -> Kept:
        """Take up where the last time ended; the pane has just loaded the file.

        Args:
            identity: Which content of the file that is; see :func:`identity_of`.
            load: Loads it again.
        """
        self._identity = identity
        journal, found = None, None
        try:
            journal = open_journal(place_of(self._folder, self._path))
            found = journal.read() if journal is not None else None
        except OSError as error:
            self._fail(error)
        if journal is None:
            return Kept(is_elsewhere=not self._has_failed)
        kept = self._take_up(found, load) if found is not None else Kept()
        if kept.lost:
            journal = journal.set_aside()
        self._journal = journal
        if not self._history.steps:
            self._first = self._shown(), True
        elif kept == Kept() and not self._history.is_saved:
            self._code.mark_saved()  # it was written, and the program ended before that was noted
            self.mark_saved(identity)
        self._sweep()
        return kept

    def _take_up(self, found: Found, load: Callable[[], None]) -> Kept:
        """Give the editor the text and the steps of the last time, where they are wanted and fit the file."""
        history, is_other = found.history, found.identity != self._identity
        if history.is_saved and (is_other or not history.steps or self._is_quiet):
            return Kept()
        now = self._shown()
        if found.base is not None:
            self._pane.is_broken = found.header.is_broken
            self._code.load(found.base, self._code.line_end)
        can = found.base is not None or found.header.identity == self._identity
        if not can or not replay(self._code, history):
            load()
            return Kept(lost=0.0 if history.is_saved else found.when)
        self._history = history
        if history.is_saved or self._code.data() == now:
            return Kept()
        return Kept(restored=found.when, is_other=is_other)

    # -- the text is edited ---------------------------------------------------------------------------------------

    def _hear(self, position: int, kind: int, text: bytes | None, length: int, *_: int) -> None:
        if not kind & _ANY_CHANGE or self._journal is None or self._code.is_loading:
            return
        if kind & SCI.SC_MOD_INSERTTEXT:
            is_whole = text is not None and len(text) == length  # it ends at a null byte here
            inserted = bytes(text or b"") if is_whole else self._code.host.bytes(position, position + length)
            self._take(_made_by(kind), Change(position, b"", inserted))
        elif kind & SCI.SC_MOD_DELETETEXT:
            self._take(_made_by(kind), Change(position, self._removed, b""))
        elif kind & SCI.SC_MOD_BEFOREDELETE:
            self._settle()
            self._removed = self._code.host.bytes(position, position + length)
            if self._is_quiet:
                self._take(BEGIN, Change(position, self._removed, b""))
        elif self._is_quiet:
            self._settle()
            self._coming = (position, length)
            self._soon_flush()

    def _settle(self) -> None:
        """The insertion that was about to be made stands in the text by now."""
        coming, self._coming = self._coming, None
        if coming is not None:
            position, length = coming
            self._take(BEGIN, Change(position, b"", self._code.host.bytes(position, position + length)))

    def _take(self, kind: int, change: Change) -> None:
        if self._first is not None:
            (base, is_saved), self._first = self._first, None
            self._start(base, History(saved=0 if is_saved else None), is_saved=is_saved)
        if not self._is_quiet:
            self._history.take(kind, change)
        self._waiting += change_record(kind, change).encode()
        self._soon_flush()

    def _soon_flush(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _start(self, base: bytes | None, history: History, *, is_saved: bool) -> None:
        """Have the journal begin anew with these steps; ``is_saved`` = the file has the text before them."""
        journal, header = self._journal, Header(str(self._path), self._identity, self._pane.is_broken, is_saved)
        self._history = history
        steps = History([list(step) for step in history.steps], history.at, history.saved)
        self._post(lambda: journal.begin(header, base, steps))

    def flush(self) -> None:
        """Hand what was typed over to the disk."""
        self._settle()
        self._soon.stop()
        if self._waiting and self._journal is not None:
            journal, data = self._journal, bytes(self._waiting)
            self._waiting.clear()
            self._post(lambda: journal.append(data))

    # -- the file is written --------------------------------------------------------------------------------------

    def mark_saved(self, identity: str) -> None:
        """The file has the text as it is now, and is known by that identity."""
        self._identity = identity
        if self._journal is None:
            return
        self.flush()
        if self._first is not None:
            self._first = self._first[0], True
            return
        self._history.mark_saved()
        journal = self._journal
        self._post(lambda: journal.append(Record(SAVED, identity.encode()).encode()))
        if self._is_quiet:
            self._first, self._history = (self._shown(), True), History()
        elif sum(map(_size, self._history.steps)) > MOST_BYTES or len(self._history.steps) > 2 * MOST_STEPS:
            self._compact()

    def _compact(self) -> None:
        self._history.trim(MOST_STEPS, MOST_BYTES // 2)
        text = PlainText(self._code.data())
        if self._history.back_to_first(text):
            self._start(bytes(text.data), self._history, is_saved=False)

    def _begin_anew(self) -> None:
        """The surface was filled again, with long lines in parts or whole: places are others."""
        if self._journal is None:
            return
        self.flush()
        is_saved = not self._code.is_dirty
        self._first, self._history = (self._code.data(), is_saved), History(saved=0 if is_saved else None)
        if not is_saved:
            self._first = None
            self._start(self._code.data(), self._history, is_saved=False)

    def close(self, *, is_needed: bool = True) -> None:
        """Let go of the journal; what is in it stays for the next time, unless that is not needed."""
        self.flush()
        journal, self._journal = self._journal, None
        if journal is not None:
            is_needed = is_needed and self._first is None
            self._post(lambda: journal.close(is_needed=is_needed))
            wait_for_writes()

    # -- inside ---------------------------------------------------------------------------------------------------

    @property
    def _is_quiet(self) -> bool:
        """Whether the text is so large that it tells places and lengths of changes alone."""
        return self._code.is_quiet

    def _shown(self) -> bytes | None:
        """The text as the surface has it, None for a large one."""
        return self._code.data() if self._code.length <= KEPT_WHOLE else None

    def _post(self, work: Callable[[], object]) -> None:
        write_soon(work, listener(self._fail))

    def _fail(self, error: OSError) -> None:
        if not self._has_failed:
            self._has_failed, self._journal = True, None
            self.failed.emit(error.strerror or str(error))

    def _sweep(self) -> None:
        if self._folder not in _swept:
            _swept.add(self._folder)
            folder = self._folder
            self._post(lambda: sweep(folder))


def _made_by(kind: int) -> int:
    is_last = bool(kind & SCI.SC_LASTSTEPINUNDOREDO)
    if kind & SCI.SC_PERFORMED_UNDO:
        return UNDO_LAST if is_last else UNDO
    if kind & SCI.SC_PERFORMED_REDO:
        return REDO_LAST if is_last else REDO
    return BEGIN if kind & SCI.SC_STARTACTION else GO_ON


def _size(step: list[Change]) -> int:
    return sum(len(change.removed) + len(change.inserted) for change in step)
