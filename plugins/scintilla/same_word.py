"""The same word as the selected one, marked where it stands around."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QTimer

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI

#: A pause of the caret, in ms, before it is looked for; bytes that are looked through; bytes of a word at most.
PAUSE_MS, AROUND, LONGEST = 120, 100_000, 200


class SameWord(QObject):
    """Marks where the selected word stands again, around what is in sight."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self._code, self._is_edited = code, False
        self.places: list[tuple[int, int]] = []
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        code.moved.connect(self._pause.start)
        code.edited.connect(self._hear_edit)

    def look(self) -> None:
        """Look for it now."""
        found = self._found()
        # A mark moves what is in sight, and that would have it looked for again, without end.
        if found != self.places or (found and self._is_edited):
            self.places, self._is_edited = found, False
            self._code.mark_spans("same", found)

    def _hear_edit(self) -> None:
        self._is_edited = True

    def _found(self) -> list[tuple[int, int]]:
        code, send = self._code, self._code.send
        start, stop = code.selection
        if code.is_large or not 1 < stop - start < LONGEST or send(SCI.SCI_GETSELECTIONS) > 1:
            return []
        word = code.host.bytes(start, stop)
        if b"\n" in word or not word.strip() or not send(SCI.SCI_ISRANGEWORD, start, stop):
            return []
        first = code.line_start(send(SCI.SCI_DOCLINEFROMVISIBLE, max(send(SCI.SCI_GETFIRSTVISIBLELINE) - 50, 0)))
        pattern = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(word) + rb"(?![\w\x80-\xff])")
        text = code.host.bytes(first, first + AROUND)
        places = ((first + one.start(), first + one.end()) for one in pattern.finditer(text))
        return [place for place in places if place[0] != start]
