"""Replaces what a panel lists: when the search is whole, all of it or nothing, with one step to take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.words import say, say_count
from shell.command import Later
from shell.search.change import FileChange, Part
from shell.search.gathering import SearchError
from shell.search.work import ChangedFiles, Work

if TYPE_CHECKING:
    from shell.search.panel import SearchPanel
    from shell.window import Window


class Replacing:
    """The replacements of one panel.

    Attributes:
        is_busy: Whether one is under way.
        said: What came of the last one, and its tone; None when something else is looked for.
    """

    def __init__(self, panel: SearchPanel, window: Window) -> None:
        self._panel, self._window = panel, window
        self._is_waiting = self.is_busy = False
        self._last: ChangedFiles | None = None
        self._later: Later | None = None
        self.said: tuple[str, str] | None = None

    def begin(self, later: Later | None = None) -> None:
        """Replace all that is listed, once everything was looked through."""
        if self.is_busy:
            return
        self._later = later or self._later
        self._is_waiting = True
        self.go_on()

    def go_on(self) -> None:
        """The search is whole."""
        if not self._is_waiting or not self._panel.is_done:
            return
        self._is_waiting = False
        if reason := self._panel.can_replace:
            self._fail(SearchError(reason))
            return
        self.is_busy = True
        self._panel.boxes.every.setEnabled(False)
        Work(self._window, self.changes(), self._take)

    def changes(self) -> list[FileChange]:
        """What becomes of the listed files."""
        panel, found = self._panel, []
        for file in panel.list.hits.files.values():
            parts = tuple(Part(hit.start, hit.stop, hit.new or b"") for hit in file.hits)
            found.append(FileChange(file.path, panel.place.path_of(file.path), file.digest, parts))
        return found

    def _take(self, answer: list[FileChange] | EspalierError) -> None:
        self.is_busy = False
        if isinstance(answer, EspalierError):
            self._fail(answer)
            self._panel.search()
            return
        count, files = self._panel.list.hits.counts()
        self._last = ChangedFiles(self._window, answer, self._hear_turn)
        self._last.note(say_count("Replace {count:,} place", "Replace {count:,} places", count))
        places = say_count("{count:,} place", "{count:,} places", count)
        told = say_count("{places} replaced in {count:,} file", "{places} replaced in {count:,} files", files,
                         places=places)  # fmt: skip
        self._panel.list.hits.clear()
        self.said = (told, "success")
        self._panel.boxes.back.show()
        self._panel.tell()
        self._answer(told)

    def _fail(self, error: EspalierError) -> None:
        later, self._later = self._later, None
        if later is not None:
            later.fail(error)
        else:
            self._window.registry.fail("replace.all", error)

    def _answer(self, told: str) -> None:
        later, self._later = self._later, None
        if later is not None:
            later.tell(told)

    def take_back(self) -> None:
        """Take the last replacement back."""
        if self._last is not None:
            self._last.take_back()

    @property
    def can_take_back(self) -> bool:
        """Whether there is one to take back."""
        return self._last is not None and not self._last.is_back

    def _hear_turn(self, is_back: bool) -> Any:
        """The replacement was taken back, or made again."""
        self._panel.boxes.back.setVisible(not is_back)
        self.said = None
        if not self._panel.isHidden():
            self._panel.search()
        self.said = (say("Taken back"), "success") if is_back and self._panel.isHidden() else None

    def forget_said(self) -> None:
        """Something else is looked for."""
        self.said = None
