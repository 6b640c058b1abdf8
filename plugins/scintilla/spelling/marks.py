"""The marks below misspelt words of one text, in the lines that are in sight, after a pause of the typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from plugins.api import option, watch_option
from plugins.scintilla.host import SCI
from plugins.scintilla.spelling.prose import Word, kinds_of, words
from plugins.scintilla.spelling.speller import LANGUAGES, WORDS, own_words, plain, speller

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from plugins.scintilla.pane import Pane

#: A pause, in ms, before the lines in sight are looked at; lines that are looked at in one step of a search.
PAUSE_MS, STEP = 300, 400


class SpellingMarks(QObject):
    """The marks of one text.

    Attributes:
        places: The misspelt words in sight, in bytes.
        menu: The last menu of what may be meant.
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane, self._code, self._is_edited = pane, pane.code, False
        self.places: list[Word] = []
        self.menu: QMenu | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._code.moved.connect(self._pause.start)
        self._code.edited.connect(self._hear_edit)
        stops = [watch_option(name, lambda _: self._pause.start()) for name in (LANGUAGES, WORDS)]
        self.destroyed.connect(lambda *_: [stop() for stop in stops])
        self._pause.start()

    def _hear_edit(self) -> None:
        self._is_edited = True
        self._pause.start()

    def look(self) -> None:
        """Look at the lines in sight now."""
        if not isValid(self):  # closed while the words were looked up
            return
        code, send = self._code, self._code.send
        if not self._can():
            self._mark([])
            return
        top = send(SCI.SCI_GETFIRSTVISIBLELINE)
        first = send(SCI.SCI_DOCLINEFROMVISIBLE, top)
        last = send(SCI.SCI_DOCLINEFROMVISIBLE, top + send(SCI.SCI_LINESONSCREEN)) + 1
        found = list(self._words(first, last))
        unknown = {one.text for one in found} - speller().known.keys()
        if unknown:
            speller().look(unknown, self.look)
            return
        start, stop = code.selection
        typed = stop if start == stop else -1  # a word that is being typed is none yet
        self._mark([one for one in self._wrong(found) if one.stop != typed])

    def next(self, step: int, done: Callable[[Word | None], None]) -> None:
        """Find the next misspelt word behind the selection, or the one before it; None where there is none."""
        code = self._code
        if not self._can():
            done(None)
            return
        start, stop = code.selection
        self._seek(code.line_of(stop if step > 0 else start), step, (start, stop), done)

    def _seek(self, line: int, step: int, selection: tuple[int, int], done: Callable[[Word | None], None]) -> None:
        if not isValid(self):
            return
        code = self._code
        if not 0 <= line < code.line_count:
            done(None)
            return
        first, last = (line, line + STEP) if step > 0 else (max(line - STEP + 1, 0), line + 1)
        found = list(self._words(first, min(last, code.line_count)))
        unknown = {one.text for one in found} - speller().known.keys()
        if unknown:
            speller().look(unknown, lambda: self._seek(line, step, selection, done))
            return
        wrong = self._wrong(found)
        fits = [
            one for one in wrong if (one.start >= selection[1] if step > 0 else one.stop <= selection[0])
        ]  # fmt: skip
        if fits:
            done(fits[0 if step > 0 else -1])
        else:
            # In the next turn: a long text keeps nobody waiting.
            QTimer.singleShot(0, self, lambda: self._seek(last if step > 0 else first - 1, step, selection, done))

    def _can(self) -> bool:
        languages = str(option(LANGUAGES) or "")
        return bool(languages) and not self._code.is_large and bool(speller().take_languages(languages))

    def _wrong(self, found: list[Word]) -> list[Word]:
        known, own = speller().known, own_words()
        return [one for one in found if not known[one.text] and plain(one.text) not in own]

    def _words(self, first: int, last: int) -> Iterator[Word]:
        """The words of some lines, in bytes of the text."""
        code, lexer = self._code, self._code.host.editor.lexer()
        kinds = kinds_of(code.language.name, lexer.description if lexer is not None else None)
        for line in range(first, min(last, code.line_count)):
            start = code.line_start(line)
            stop = min(code.line_stop(line), start + 4_000)
            if lexer is not None:
                code.send(SCI.SCI_COLOURISE, start, stop) if code.send(SCI.SCI_GETENDSTYLED) < stop else None
            for one in words(code.host.styled(start, stop), kinds):
                yield Word(start + one.start, start + one.stop, one.text)

    def _mark(self, places: list[Word]) -> None:
        # A mark moves what is in sight, and that would have it looked at again, without end.
        if places != self.places or (places and self._is_edited):
            self.places, self._is_edited = places, False
            self._code.mark_spans("spelling", [(one.start, one.stop) for one in places])
