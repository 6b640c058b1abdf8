"""Makes changes of files for a window: on a thread, in open editors too, with one step to undo for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.tables.error import ConstraintError
from kernel.tables.history import Entry, Step
from kernel.words import say, say_count
from shell.search.change import FileChange, changed_since, put_back_error, replaced, way_back, write_all
from shell.search.edited import edited, editors
from shell.search.gathering import SearchError, digest_of
from widgets import gui_thread
from widgets.history_turn import Turned

if TYPE_CHECKING:
    from shell.window import Window

Done = Callable[["list[FileChange] | EspalierError"], Any]


class Work:
    """One set of changes; all of them are made or none.

    A file with edits that are not written is changed in its editor, and not written: what else is typed there is the
    person's to write. Every other one is changed on the disk, and editors of it take that in.

    Args:
        window: Whose editors are asked.
        changes: What becomes of the files.
        done: Gets what takes all of it back, or why nothing was changed; on the GUI thread, after this call.
    """

    def __init__(self, window: Window, changes: Sequence[FileChange], done: Done) -> None:
        self._window, self._changes, self._done = window, list(changes), done
        gui_thread.prepare()
        open_ = edited(window)
        self._in_editors = [one for one in changes if one.place.resolve() in open_]
        self._on_disk = [one for one in changes if one not in self._in_editors]
        # NOTE: the thread gets a weak way back, so the window keeps this until it has ended.
        self._running = window.cards.made.setdefault("file work", [])
        self._running.append(self)
        try:
            self._check(open_)
        except EspalierError as error:
            self._failure = error
            gui_thread.hand(self._fail, window)
            return
        _begin(self._on_disk, gui_thread.listener(self._finish))

    def _check(self, open_: dict[Path, list[Any]]) -> None:
        """Whether the texts in editors are those that the changes are of.

        Raises:
            SearchError: one is another.
        """
        for change in self._in_editors:
            some = open_.get(change.place.resolve())
            if some is None or change.parts is None or digest_of(some[0].text_of_file()) != change.before:
                raise changed_since(change.path)

    def _finish(self, answer: list[FileChange] | EspalierError) -> None:
        if isinstance(answer, EspalierError):
            self._end(answer)
            return
        backs = dict(zip(self._on_disk, answer, strict=True))
        open_ = edited(self._window)
        try:
            self._check(open_)
        except EspalierError as error:
            # Somebody typed while the others were written: they become again what they were.
            self._failure = error
            _begin(answer, gui_thread.listener(self._fail))
            return
        for change in self._in_editors:
            backs[change] = self._take(change, open_[change.place.resolve()])
        shown = editors(self._window)
        for change in self._on_disk:
            for editor in shown.get(change.place.resolve(), ()):
                editor.look_at_file()
        self._end([backs[change] for change in self._changes])

    def _fail(self, answer: Any = None) -> None:
        """Nothing was done; where what was written could not be put back, those files are named."""
        if isinstance(answer, EspalierError):
            self._end(put_back_error([one.path for one in self._on_disk], answer.message))
        else:
            self._end(self._failure)

    def _end(self, answer: list[FileChange] | EspalierError) -> None:
        self._running.remove(self)
        self._done(answer)

    def _take(self, change: FileChange, some: list[Any]) -> FileChange:
        text = some[0].text_of_file()
        after = replaced(text, change.parts or ())
        some[0].take_text(after)
        return way_back(change, text, after)


class ChangedFiles:
    """The changed files as the place of an edit in a window's history; see :class:`kernel.tables.history.Entry`.

    Args:
        window: The window.
        backs: What takes the changes back.
        turned: Told once they were taken back, or made again.
    """

    def __init__(self, window: Window, backs: list[FileChange], turned: Callable[[bool], Any]) -> None:
        self._window, self._backs, self._turned = window, backs, turned
        self.is_back = False
        self.entry: Entry | None = None

    def note(self, title: str) -> None:
        """Note it in the history of the window, so that it is undone like any edit."""
        files = say_count("{count:,} file", "{count:,} files", len(self._backs))
        self.entry = Entry(self, files, title, _step(len(self._backs)))
        if self._window.tables is not None:
            self._window.tables.open_history().note(self.entry)

    def turn(self, _entry: Entry, done: Callable[[Any], None]) -> None:
        """Take the changes back, or make them again; answers as :class:`widgets.history_turn.Turn` does."""

        def take(answer: list[FileChange] | EspalierError) -> None:
            if isinstance(answer, EspalierError):
                done(ConstraintError(_sentence(answer)))
                return
            self._backs, self.is_back = answer, not self.is_back
            done(Turned(_step(len(answer)), {}, 0))
            self._turned(self.is_back)

        Work(self._window, self._backs, take)

    def take_back(self) -> None:
        """Take the changes back by itself, whatever was edited since; the window is told why where that cannot be."""
        entry, history = self.entry, self._window.tables.open_history() if self._window.tables is not None else None
        if self.is_back or entry is None:
            return

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                what = f"“{entry.title}”"
                said = say("{what} could not be {verb}; nothing was changed", what=what, verb=say("undone"))
                self._window.messages.report("error", said, str(answer))
            elif history is not None and entry.state == "done":
                history.journal.turn(entry, answer.step, {})
                history.tell()

        self.turn(entry, take)


def _begin(changes: list[FileChange], bring: Callable[[Any], None]) -> None:
    """Write on a thread."""

    def run() -> None:
        try:
            bring(write_all(changes))
        except EspalierError as error:
            bring(error)
        except Exception as error:  # or who asked would wait for ever
            bring(SearchError(repr(error)))
            raise

    threading.Thread(target=run, name="write files", daemon=True).start()


def _step(count: int) -> Step:
    return Step((), (), count)


def _sentence(error: EspalierError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
