"""Completions and call tips: words of the text itself, and what assistants of the language know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from plugins.api import CallTip, Completion, Place
from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI

#: Letters of a word after which its completions are shown by themselves.
ENOUGH = 3
#: A pause of the typing after which they are, in ms.
PAUSE_MS = 80
#: Completions that are shown at most; bytes around the caret that words are taken from.
MOST, AROUND = 200, 200_000
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]{2,}")
_SEPARATOR = b"\x1f"


class Completer(QObject):
    """Offers words while a person types, and when asked.

    Attributes:
        ask: Asks assistants: ``ask(place, take)``; None where there are none. Set by who opens the text for them.
        ask_tip: Asks assistants for a call tip, likewise.
        triggers: Letters after which assistants are asked.
        is_on: Whether words are offered without being asked for.
    """

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self._code = code
        self.ask = self.ask_tip = None
        self.triggers = ""
        self.is_on = True
        self._asked = 0
        #: What is shown → what it is put in as, where an assistant says which part it replaces.
        self._offered: dict[bytes, Completion] = {}
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._offer)
        send = code.send
        send(SCI.SCI_AUTOCSETSEPARATOR, _SEPARATOR[0])
        send(SCI.SCI_AUTOCSETIGNORECASE, 1)
        send(SCI.SCI_AUTOCSETORDER, SCI.SC_ORDER_PERFORMSORT)
        send(SCI.SCI_AUTOCSETMAXHEIGHT, 10)
        send(SCI.SCI_AUTOCSETAUTOHIDE, 1)
        send(SCI.SCI_AUTOCSETDROPRESTOFWORD, 0)
        send(SCI.SCI_AUTOCSETMULTI, SCI.SC_MULTIAUTOC_EACH)
        code.host.editor.SCN_CHARADDED.connect(self._hear_letter)
        code.host.editor.SCN_AUTOCCOMPLETED.connect(self._hear_chosen)

    def offer(self) -> None:
        """Show what may stand at the caret, though nothing is typed yet."""
        self._show(is_asked=True)

    def offer_tip(self) -> None:
        """Show how what is called here is called."""
        if self.ask_tip is not None:
            place = self._place()
            self.ask_tip(place, lambda tip: self._show_tip(tip, place))

    def words(self) -> list[bytes]:
        """Words around the caret that begin with the letters before it, without those letters alone."""
        start, caret = self._begun()
        begun = self._code.host.bytes(start, caret)
        low = max(caret - AROUND // 2, 0)
        text = self._code.host.bytes(low, caret + AROUND // 2)
        lower = begun.lower()
        # The word that is being typed is none to offer.
        found = {match[0] for match in _WORD.finditer(text) if low + match.start() != start}
        return sorted(word for word in found if word.lower().startswith(lower) and word != begun)[:MOST]

    def _begun(self) -> tuple[int, int]:
        caret = self._code.caret
        return self._code.send(SCI.SCI_WORDSTARTPOSITION, caret, 1), caret

    def _place(self) -> Place:
        return Place(*self._code.place_of(self._code.caret))

    def _hear_letter(self, letter: int) -> None:
        if not self.is_on or self._code.is_read_only:
            return
        text = chr(letter & 0x1FFFFF) if letter > 0 else ""
        if text and text in self.triggers:
            self._show(is_asked=True)
        elif text in ("(", ","):
            self.offer_tip()
        elif text == ")":
            self._code.send(SCI.SCI_CALLTIPCANCEL)
        elif not self._code.send(SCI.SCI_AUTOCACTIVE):
            self._soon.start()

    def _offer(self) -> None:
        start, caret = self._begun()
        if caret - start >= ENOUGH and self._code.send(SCI.SCI_GETSELECTIONS) == 1:
            self._show(is_asked=False)

    def _show(self, *, is_asked: bool) -> None:
        self._asked += 1
        if self.ask is None:
            self._list([], is_asked=is_asked)
            return
        number, place = self._asked, self._place()

        def take(found: Sequence[Completion]) -> None:
            # An answer to a question of before, or for a caret that went on, would put letters in a wrong place.
            if isValid(self) and number == self._asked and self._place() == place:
                self._list(found, is_asked=is_asked)

        self.ask(place, take)

    def _list(self, found: Sequence[Completion], *, is_asked: bool) -> None:
        start, caret = self._begun()
        begun = self._code.host.bytes(start, caret).lower()
        self._offered = {}
        for one in found:
            shown = one.text.split("\n", 1)[0].encode("utf-8", "replace")
            if one.span is not None or shown.lower().startswith(begun):
                self._offered[shown] = one
        rows = list(self._offered) or (self.words() if is_asked or caret - start >= ENOUGH else [])
        rows = [row for row in rows if _SEPARATOR not in row and row][:MOST]
        if not rows or not self._code.host.has_room_at(start):
            self._code.send(SCI.SCI_AUTOCCANCEL)
        elif is_asked or rows != [self._code.host.bytes(start, caret)]:
            # Rows that begin otherwise take the place of more than the letters that are typed; see _hear_chosen.
            is_other = any(not row.lower().startswith(begun) for row in rows)
            self._code.send(SCI.SCI_AUTOCSHOW, 0 if is_other else caret - start, _SEPARATOR.join(rows))

    def _hear_chosen(self, text: bytes | str, position: int, *_: object) -> None:
        """A word was put in; where an assistant wants another text or another part, do that instead."""
        shown = text.encode() if isinstance(text, str) else bytes(text)
        one = self._offered.get(shown)
        if one is None or (one.span is None and one.text.encode("utf-8", "replace") == shown):
            return
        code = self._code
        start = code.position_of(*one.span.start) if one.span is not None else min(self._begun()[0], position)
        code.replace(start, position + len(shown), one.text.encode("utf-8", "surrogatepass"))
        stop = start + len(one.text.encode("utf-8", "surrogatepass"))
        code.send(SCI.SCI_GOTOPOS, stop)

    def _show_tip(self, tip: CallTip | None, place: Place) -> None:
        if not isValid(self) or self._place() != place:
            return
        if tip is None or not tip.text or not self._code.host.has_room_at(self._code.caret):
            self._code.send(SCI.SCI_CALLTIPCANCEL)
            return
        text = tip.text.encode("utf-8", "replace").replace(b"\0", b"")
        self._code.send(SCI.SCI_CALLTIPSHOW, self._code.caret, text)
        if tip.stop > tip.start:
            start = len(tip.text[: tip.start].encode("utf-8", "replace"))
            stop = start + len(tip.text[tip.start : tip.stop].encode("utf-8", "replace"))
            self._code.send(SCI.SCI_CALLTIPSETHLT, start, stop)
