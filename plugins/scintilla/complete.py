"""Completions and call tips: words of the text itself, and what assistants of the language know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from shiboken6 import isValid

from plugins.api import CallTip, Completion, Place
from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI
from plugins.scintilla.match import fitting

if TYPE_CHECKING:
    from plugins.scintilla.completion_list import CompletionList
    from plugins.scintilla.snippet import Snippet

#: Letters of a word after which its completions are shown by themselves.
ENOUGH = 3
#: A pause of the typing after which they are, in ms; and after a letter that assistants want to be asked at, since the
#: whole text is told to them first, for which the letters themselves shall not wait.
PAUSE_MS, TRIGGER_MS = 80, 25
#: Completions that are shown at most; bytes around the caret that words are taken from.
MOST, AROUND = 500, 200_000
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]{2,}")
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 9, Qt.Key.Key_PageUp: -9}
_ACCEPT = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Completer(QObject):
    """Offers words while a person types, and when asked.

    Attributes:
        ask: Asks assistants: ``ask(place, take)``; None where there are none. Set by who opens the text for them.
        ask_tip: Asks assistants for a call tip, likewise.
        triggers, tip_triggers: Letters after which assistants are asked, for completions and for call tips.
        is_on: Whether words are offered without being asked for.
        asks_again: Whether assistants are to be asked again after each letter.
        own: Answers the person's own, which are offered beside the others.
    """

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self._code = code
        self.ask = self.ask_tip = None
        self.triggers, self.tip_triggers = "", "(,"
        self.is_on = True
        self.asks_again = False
        self.own: Callable[[], Sequence[Completion]] = tuple
        self._asked = 0
        self._list: CompletionList | None = None
        #: What was answered, where the word began and where the caret stood.
        self._found: Sequence[Completion] = ()
        self._start = self._caret = 0
        self._shown_at = -1
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._offer)
        #: What a letter of before wants, asked in the next pause.
        self._wants_tip = self._wants_list = False
        self._typed_line = -1
        self._triggered = QTimer(self, singleShot=True, interval=TRIGGER_MS)
        self._triggered.timeout.connect(self._ask_wanted)
        code.host.editor.SCN_CHARADDED.connect(self._hear_letter)
        code.moved.connect(self._follow)
        code.host.view.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._list is not None and isValid(self._list) and self._list.isVisible()

    @property
    def shown(self) -> Sequence[Completion]:
        """What it shows."""
        return self._list.rows if self._list is not None and self.is_open else ()

    def offer(self) -> None:
        """Show what may stand at the caret, though nothing is typed yet."""
        self._ask(is_asked=True)

    def offer_tip(self) -> None:
        """Show how what is called here is called."""
        if self.ask_tip is not None:
            place = self._place()
            self.ask_tip(place, lambda tip: self._show_tip(tip, place))

    def close_list(self) -> None:
        """Offer nothing any more."""
        self._asked += 1
        self._soon.stop()
        if self._list is not None and isValid(self._list):
            self._list.close_list()

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

    # -- keys -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keys that are the list's while it is shown."""
        if not self.is_open:
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.close_list()
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        key, modifiers = event.key(), event.modifiers()  # type: ignore[attr-defined]
        is_plain = not modifiers & ~Qt.KeyboardModifier.KeypadModifier
        if not is_plain or (key not in _STEPS and key not in _ACCEPT and key != Qt.Key.Key_Escape):
            return False
        if self._code.caret != self._shown_at:
            # Scintilla tells of a moved caret when it paints; keys may come faster.
            self._follow()
            if not self.is_open:
                return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._press(key)
        return True

    def _press(self, key: int) -> None:
        assert self._list is not None
        if key in _STEPS:
            self._list.step(_STEPS[Qt.Key(key)])
        elif key in _ACCEPT:
            self.accept()
        else:
            self.close_list()

    # -- asking ---------------------------------------------------------------------------------------------------

    def _begun(self) -> tuple[int, int]:
        caret = self._code.caret
        return self._code.send(SCI.SCI_WORDSTARTPOSITION, caret, 1), caret

    def _place(self) -> Place:
        return Place(*self._code.place_of(self._code.caret))

    def _hear_letter(self, letter: int) -> None:
        if not self.is_on or self._code.is_read_only:
            return
        text = chr(letter & 0x1FFFFF) if letter > 0 else ""
        if text and text in self.tip_triggers:
            self._wants_tip = True
        elif text == ")":
            self._wants_tip = False
            self._code.send(SCI.SCI_CALLTIPCANCEL)
        if text and text in self.triggers:
            self._soon.stop()
            self._wants_list = True
        elif not self.is_open or self.asks_again:
            self._soon.start()
        if text and text in self.tip_triggers + self.triggers:
            self._typed_line = self._place().line
        if self._wants_tip or self._wants_list:
            self._triggered.start()

    def _ask_wanted(self) -> None:
        """Ask what letters of before wanted, unless the caret has left their line."""
        wants_tip, wants_list, self._wants_tip, self._wants_list = self._wants_tip, self._wants_list, False, False
        if self._place().line != self._typed_line:
            return
        if wants_tip:
            self.offer_tip()
        if wants_list:
            self._soon.stop()
            self._ask(is_asked=True)

    def _offer(self) -> None:
        start, caret = self._begun()
        if (caret - start >= ENOUGH or self.is_open) and self._is_alike(caret - start):
            self._ask(is_asked=False)

    def _is_alike(self, length: int) -> bool:
        """Whether the same letters stand before all carets."""
        send, found = self._code.send, set()
        for index in range(send(SCI.SCI_GETSELECTIONS)):
            at = send(SCI.SCI_GETSELECTIONNCARET, index)
            found.add(self._code.host.bytes(max(at - length, 0), at))
        return len(found) == 1

    def _ask(self, *, is_asked: bool) -> None:
        self._asked += 1
        if self.ask is None:
            self._take((), is_asked=is_asked)
            return
        number, place = self._asked, self._place()

        def take(found: Sequence[Completion]) -> None:
            # An answer to a question of before, or for a caret that went on, would put letters in a wrong place.
            if isValid(self) and number == self._asked and self._is_on_from(place):
                self._take(found, is_asked=is_asked)

        self._start, self._caret = self._begun()
        self.ask(place, take)

    def _is_on_from(self, place: Place) -> bool:
        """Whether the caret stands there, or letters of the same word were typed meanwhile."""
        start, caret = self._begun()
        return self._place().line == place.line and start == self._start and caret >= self._caret

    # -- showing --------------------------------------------------------------------------------------------------

    def _take(self, found: Sequence[Completion], *, is_asked: bool) -> None:
        start, caret = self._begun()
        if self.ask is None or not found:
            self._start, self._caret = start, caret
        self._found = found
        if not self._fitting() and (is_asked or caret - start >= ENOUGH):
            self._start, self._caret = start, caret
            self._found = [Completion(word.decode("utf-8", "replace")) for word in self.words()]
        before = self._code.host.bytes(start - 1, start).decode("ascii", "replace") if start else ""
        if not before or before not in self.triggers:
            self._found = [*self.own(), *self._found]
        self._show(is_asked=is_asked)

    def _fitting(self) -> list[Completion]:
        """What was answered and fits the letters before the caret."""
        code, caret = self._code, self._code.caret
        typed: dict[int, str] = {}
        rows = []
        for one in self._found:
            start = code.position_of(*one.span.start) if one.span is not None else self._start
            if start not in typed:
                typed[start] = code.host.bytes(start, caret).decode("utf-8", "replace")
            rows.append((typed[start], one))
        return fitting(rows, MOST)

    def _show(self, *, is_asked: bool) -> None:
        rows = self._fitting()
        typed = self._code.host.bytes(self._start, self._code.caret).decode("utf-8", "replace")
        if not rows or (not is_asked and all(one.text == typed for one in rows)):
            self.close_list()
            return
        self._shown_at = self._code.caret
        self._made().show_rows(rows, self._room())

    def _made(self) -> CompletionList:
        window = self._code.window()
        if self._list is None or not isValid(self._list) or self._list.window() is not window:
            from plugins.scintilla.completion_list import CompletionList

            self._list = CompletionList(self._code.theme, window, self.accept)
            made = self._list
            self._code.destroyed.connect(lambda *_: made.deleteLater() if isValid(made) else None)
        return self._list

    def _room(self) -> QRect:
        """Where the word stands on the screen."""
        send, port = self._code.send, self._code.host.view.viewport()
        x = send(SCI.SCI_POINTXFROMPOSITION, 0, self._start)
        y = send(SCI.SCI_POINTYFROMPOSITION, 0, self._start)
        return QRect(port.mapToGlobal(QPoint(x, y)), QSize(1, send(SCI.SCI_TEXTHEIGHT, 0)))

    def _follow(self) -> None:
        """The caret stands elsewhere, or letters were typed or taken back."""
        caret = self._code.caret
        if not self.is_open or caret == self._shown_at:
            return
        is_elsewhere = caret < self._start or self._code.line_of(caret) != self._code.line_of(self._start)
        is_taken_back = self._start == caret < self._caret
        if is_elsewhere or is_taken_back:
            self.close_list()
        else:
            self._show(is_asked=True)

    # -- putting in -----------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Put in what is chosen."""
        one = self._list.current if self._list is not None else None
        if one is None:
            return
        code, caret = self._code, self._code.caret
        start, beyond = self._start, 0
        if one.span is not None:
            start = code.position_of(*one.span.start)
            # Letters that were typed since it was asked stand between the place of then and what is replaced behind.
            line = code.line_of(start)
            if one.span.stop.line == line:
                beyond = max(0, code.position_of(*one.span.stop) - self._caret)
        self.close_list()
        put_in(code, one, start, caret, beyond)

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


def put_in(code: Code, one: Completion, start: int, caret: int, beyond: int) -> None:
    """Put a completion in the place of what is typed, at every caret where the same is typed; as one step.

    Places of a snippet are filled in at all of them at once.

    Args:
        start, caret: What is typed at the main caret.
        beyond: Bytes behind the main caret that go, too.
    """
    from plugins.scintilla.snippet import read_snippet

    send = code.send
    typed = code.host.bytes(start, caret)
    snippet = read_snippet(one.text) if one.is_snippet else None
    text = snippet.text if snippet is not None else one.text
    main, begins = send(SCI.SCI_GETMAINSELECTION), []
    carets = sorted((send(SCI.SCI_GETSELECTIONNCARET, index), index) for index in range(send(SCI.SCI_GETSELECTIONS)))
    with code.one_step():
        # From above: those below are moved by what is put in, those above stay.
        for _, index in carets:
            at = send(SCI.SCI_GETSELECTIONNCARET, index)
            first = at - len(typed)
            if first < 0 or code.host.bytes(first, at) != typed:
                continue
            line_end = code.line_end + _indent(code, first)
            new = _bytes(text, line_end)
            code.replace(first, at + (beyond if index == main else 0), new)
            send(SCI.SCI_SETSELECTIONNCARET, index, first + len(new))
            send(SCI.SCI_SETSELECTIONNANCHOR, index, first + len(new))
            begins.append((first, line_end, index == main))
    if snippet is not None:
        _fill_in(code, snippet, sorted(begins, key=lambda begin: not begin[2]))
    if one.after is not None:
        one.after()


def _indent(code: Code, place: int) -> bytes:
    """What the line of a place begins with."""
    found = re.match(rb"[ \t]*", code.line_text(code.line_of(place)))
    return found[0] if found is not None else b""


def _bytes(text: str, line_end: bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass").replace(b"\r\n", b"\n").replace(b"\n", line_end)


def _fill_in(code: Code, snippet: Snippet, begins: list[tuple[int, bytes, bool]]) -> None:
    """Go to the first place, of the text at the main caret and of the others; the main one comes first."""
    from plugins.scintilla.snippet_session import SnippetSession

    def byte(letter: int, start: int, line_end: bytes) -> int:
        return start + len(_bytes(snippet.text[:letter], line_end))

    places = [
        [(byte(low, *begin), byte(high, *begin)) for *begin, _ in begins for low, high in some]
        for some in snippet.stops
    ]  # fmt: skip
    SnippetSession(code, places)
