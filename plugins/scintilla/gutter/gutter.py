"""One text beside what is kept of it: compared once typing rests, on a thread, and marked line by line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from plugins.api import Compared, EspalierError, FileVersions, keeper_of, listener, say, watch_keepers
from plugins.scintilla.gutter.mark import define, mark_lines
from plugins.scintilla.gutter.peek import Peek
from plugins.scintilla.gutter.text import Shown
from plugins.scintilla.gutter.worker import Worker
from plugins.scintilla.look import MARGIN

if TYPE_CHECKING:
    from plugins.scintilla.gutter.blame import Blame
    from plugins.scintilla.pane import Pane

#: A pause of the typing after which the text is compared; how long what is kept must be quiet, in ms.
PAUSE_MS, QUIET_MS = 300, 120


class Gutter(QObject):
    """Joins one pane to the versions of its file. ``compared`` after each comparison, ``known`` once it is known who
    keeps versions.

    Args:
        pane: The pane.
        place: The file.

    Attributes:
        found: The last comparison; None before the first one, and where nobody keeps versions of the file.
        shown: The text that ``found`` is of.
        is_asking: Whether who keeps versions is being found out.
    """

    compared = Signal()
    known = Signal()

    def __init__(self, pane: Pane, place: Path) -> None:
        super().__init__(pane)
        self.pane, self.code, self.place = pane, pane.code, place
        self.found: Compared | None = None
        self.shown: Shown | None = None
        self._asked: Shown | None = None
        self.peek = Peek(pane)
        self._versions: FileVersions | None = None
        self.is_asking = False
        self._blame: Blame | None = None
        self._worker = Worker(f"versions of {place.name}")
        self._tell = listener(self._take)
        self._waiting: dict[int, Callable[[Any], Any]] = {}
        self._number = 0
        self._is_changed = self._is_comparing = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._rest)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.look)
        self._watcher: QFileSystemWatcher | None = None
        self._hearing = [
            (self.code.edited, self._hear), (self.code.loaded, self._hear), (self.code.focused, self._ask),
            (self.code.margin_pressed, self._press),
        ]  # fmt: skip
        for signal, slot in self._hearing:
            signal.connect(slot)
        pane.theme.changed.connect(self._dress)
        worker, self._stop = self._worker, watch_keepers(self._renew)
        stop = self._stop
        self.destroyed.connect(lambda *_: (worker.end(), stop()))
        self._ask()

    @property
    def is_there(self) -> bool:
        """Whether somebody keeps versions of the file."""
        return self._versions is not None

    @property
    def can_stage(self) -> bool:
        """Whether parts of the text can be taken into a next commit."""
        return self._versions is not None and self._versions.can_stage

    @property
    def blame(self) -> Blame:
        """Who wrote the lines; made at its first use."""
        if self._blame is None:
            from plugins.scintilla.gutter.blame import Blame

            self._blame = Blame(self)
        return self._blame

    def close(self) -> None:
        """Show nothing any more."""
        for signal, slot in self._hearing:
            signal.disconnect(slot)
        self._stop()
        self._worker.end()
        self._let_go()
        self.pane.changes = None
        self.pane.tell_soon()
        self.deleteLater()

    def now(self) -> Shown:
        """The text as it is at this moment."""
        return Shown(bytes(self.code.host.buffer()), self.pane.form)

    def do(self, work: Callable[[FileVersions], Any], take: Callable[[Any], Any]) -> None:
        """Have the keeper do something on the thread.

        Args:
            work: Called there; keeps nothing of a window.
            take: Gets what it answers or raises, on the GUI thread; nothing once the text is closed.
        """
        versions = self._versions
        if versions is not None:
            self._do(partial(work, versions), take)

    def look(self) -> None:
        """Compare the text as it is now."""
        if self._versions is None:
            return
        if self._is_comparing:
            self._is_changed = True
            return
        self._is_changed = False
        self._is_comparing = True
        if reason := self.refusal():
            self.do(lambda versions: Compared(versions.title(), reason=reason), self._take_compared)
            return
        self._asked = self.now()
        self.do(partial(_compare, self._asked), self._take_compared)

    # -- inside ---------------------------------------------------------------------------------------------------

    def refusal(self) -> str:
        """Why the text is not even handed over; empty where it is."""
        if self.code.is_large:
            return say("the text is too large")
        return say("its long lines are shown in parts") if self.pane.is_broken else ""

    def _ask(self) -> None:
        """Ask who keeps versions of the file, where nobody was found by now."""
        if self._versions is not None:
            return
        try:
            keeper = keeper_of(self.place)
        except EspalierError as error:
            self._show(Compared("", reason=error.message))
            return
        if keeper is not None:
            self.is_asking = True
            self._do(partial(keeper, self.place), self._take_versions)

    def _renew(self) -> None:
        """A keeper came or went, or keeps something else."""
        if self._versions is not None and self._versions.is_closed:
            self._let_go()
        self._ask()
        self.look()

    def _let_go(self) -> None:
        """Show nothing of the versions."""
        self._versions = self.found = self.shown = self._asked = None
        self._waiting.clear()
        self._is_comparing = self.is_asking = False
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        self.peek.close()
        if self._blame is not None:
            self._blame.hide()
        mark_lines(self.code, (), ())
        self.pane.tell_soon()

    def _press(self, margin: int, line: int) -> None:
        """A click beside a line shows what was there, on its blame goes to the version."""
        names = {MARGIN["changes"]: "editor.show-change", MARGIN["blame"]: "editor.go-to-commit"}
        if margin in names and self._versions is not None:
            self.code.go_to_line(line)
            self.pane.focus_code()
            self.pane.context.commands.run(names[margin])

    def _take_versions(self, answer: Any) -> None:
        self.is_asking = False
        if isinstance(answer, Exception):
            self._fail(answer)
        elif answer is not None and self._versions is None:
            self._versions = answer
            self._watcher = QFileSystemWatcher([str(folder) for folder in answer.watched if folder.is_dir()], self)
            self._watcher.directoryChanged.connect(self._quiet.start)
            self._dress()
            self.look()
        self.known.emit()

    def _hear(self) -> None:
        """The text was changed. A key costs this and no more; the rest waits for a pause."""
        self._is_changed = True
        if not self._pause.isActive():
            self._pause.start()

    def _rest(self) -> None:
        """Look once nothing was typed during a whole pause."""
        if self._is_changed and not self._is_comparing:
            self._is_changed = False
            self._pause.start()
        elif not self._is_comparing:
            self.look()

    def _take_compared(self, answer: Any) -> None:
        self._is_comparing = False
        if self._is_changed:
            self._pause.start()
        if isinstance(answer, Exception):
            self._fail(answer)
        elif not self._is_changed:
            self.shown = self._asked
            self._show(answer)

    def _fail(self, error: Exception) -> None:
        reason = error.message if isinstance(error, EspalierError) else str(error)
        self._show(Compared(self.found.title if self.found is not None else "", reason=reason))
        if not isinstance(error, EspalierError):
            raise error

    def _show(self, found: Compared) -> None:
        self.found = found
        mark_lines(self.code, found.hunks, found.staged)
        self.pane.tell_soon()
        self.compared.emit()

    def _dress(self) -> None:
        if self._versions is not None:
            define(self.code.host, self.pane.theme)
            if self._blame is not None:
                self._blame.dress()

    def _do(self, work: Callable[[], Any], take: Callable[[Any], Any]) -> None:
        self._number += 1
        number, tell = self._number, self._tell
        self._waiting[number] = take
        self._worker.do(work, lambda answer: tell(number, answer))

    def _take(self, number: int, answer: Any) -> None:
        take = self._waiting.pop(number, None)
        if take is not None:
            take(answer)


def _compare(shown: Shown, versions: FileVersions) -> Compared:
    if reason := shown.reason():
        return Compared(versions.title(), reason=reason)
    return versions.compare(shown.data())
