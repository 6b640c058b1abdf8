"""The text in a QScintilla and the places in it: filled, changed, asked for; nothing of looks and keys.

Positions are bytes of the UTF-8 that Scintilla keeps; lines count from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from plugins.api import common_end, common_start
from plugins.scintilla.host import ALL_EVENTS, QUIET_EVENTS, SCI, Host
from plugins.scintilla.large import fill_large

#: From this size on, in bytes, Scintilla tells nothing of each change: QScintilla's accessibility counts all letters up
#: to the caret whenever it does.
QUIET_FROM = 1 << 20
#: From this size on, in bytes, a text is read in pieces into a document without styles.
LARGE_FROM = 8 << 20
#: Line ends → Scintilla's mode.
_LINE_ENDS = {b"\r\n": SCI.SC_EOL_CRLF, b"\r": SCI.SC_EOL_CR, b"\n": SCI.SC_EOL_LF}


class Surface(QWidget):
    """One text. ``loaded`` after it was filled.

    Attributes:
        host: The editor within.
        send: Scintilla's own call.
        is_large: Whether the text is too large for styles, folds and per-letter notifications.
        is_loading: Whether it is being filled, so that nobody is told of changes.
    """

    loaded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host = Host(self)
        self.send = self.host.send
        self.is_large = self.is_loading = self._is_read_only = False

    @property
    def length(self) -> int:
        """Bytes of the text."""
        return self.send(SCI.SCI_GETLENGTH)

    def data(self) -> bytes:
        """The whole text."""
        return self.host.bytes()

    def load(self, text: bytes, line_end: bytes = b"\n", *, is_stored: bool = True) -> None:
        """Show another text: nothing to undo, the caret at its beginning, not changed unless it is stored nowhere."""
        self.is_loading = True
        send = self.send
        send(SCI.SCI_SETREADONLY, 0)
        was_large, self.is_large = self.is_large, len(text) >= LARGE_FROM
        self.hear_events(QUIET_EVENTS if len(text) >= QUIET_FROM else ALL_EVENTS)
        if self.is_large or was_large:
            self.host.set_lexer("")
            fill_large(self.host, text)
        else:
            send(SCI.SCI_SETUNDOCOLLECTION, 0)
            send(SCI.SCI_CLEARALL)
            send(SCI.SCI_APPENDTEXT, len(text), bytes(text))
            send(SCI.SCI_SETUNDOCOLLECTION, 1)
        send(SCI.SCI_SETEOLMODE, _LINE_ENDS[line_end])
        send(SCI.SCI_EMPTYUNDOBUFFER)
        send(SCI.SCI_SETSAVEPOINT)
        send(SCI.SCI_GOTOPOS, 0)
        send(SCI.SCI_SETREADONLY, int(self._is_read_only))
        if was_large and not self.is_large:
            self._allow_styles()
        if not is_stored:
            self._leave_stored()
        self.is_loading = False
        self._fit_margins()
        self.loaded.emit()

    def hear_events(self, events: int) -> None:
        """Have Scintilla tell of these changes and no others (``host.ALL_EVENTS``, ``QUIET_EVENTS``)."""
        self.send(SCI.SCI_SETMODEVENTMASK, events)

    def _allow_styles(self) -> None:
        """The text is small enough for styles again."""

    def _fit_margins(self) -> None:
        """The text has another number of lines."""

    def _leave_stored(self) -> None:
        """What stands here is stored nowhere, though Scintilla takes what a text begins with for what is."""
        self.replace(0, 0, b" ")
        self.mark_saved()
        self.send(SCI.SCI_UNDO)
        with self.one_step():  # on another branch than what is stored
            self.replace(0, 0, b" ")
            self.replace(0, 1, b"")

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Nobody is told of changes that are made within."""
        self.is_loading = True
        try:
            yield
        finally:
            self.is_loading = False

    @property
    def is_quiet(self) -> bool:
        """Whether the text is so large that Scintilla tells nothing of changes but where they will be."""
        return not self.send(SCI.SCI_GETMODEVENTMASK) & SCI.SC_MOD_INSERTTEXT

    def take(self, text: bytes) -> None:
        """Make it that text as one step that can be undone; the caret stays where the text around it stays."""
        now = self.data()
        if now == text:
            return
        start = common_start(now, text)
        back = common_end(now, text, min(len(now), len(text)) - start)
        # Between letters, never within one.
        while start and start < len(text) and text[start] & 0xC0 == 0x80:
            start -= 1
        while back and text[len(text) - back] & 0xC0 == 0x80:
            back -= 1
        self.replace(start, len(now) - back, text[start : len(text) - back])

    def replace(self, start: int, stop: int, text: bytes) -> None:
        """Put a text in the place of a part."""
        send = self.send
        was_read_only = send(SCI.SCI_GETREADONLY)
        send(SCI.SCI_SETREADONLY, 0)
        send(SCI.SCI_SETTARGETRANGE, start, stop)
        send(SCI.SCI_REPLACETARGET, len(text), text)
        send(SCI.SCI_SETREADONLY, was_read_only)

    def type(self, text: bytes) -> None:
        """Put a text in the place of each selection, as one step."""
        with self.one_step():
            for index in range(self.send(SCI.SCI_GETSELECTIONS)):
                start = self.send(SCI.SCI_GETSELECTIONNSTART, index)
                self.replace(start, self.send(SCI.SCI_GETSELECTIONNEND, index), text)
                self.send(SCI.SCI_SETSELECTIONNCARET, index, start + len(text))
                self.send(SCI.SCI_SETSELECTIONNANCHOR, index, start + len(text))

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """What is done within is undone by one undo."""
        self.send(SCI.SCI_BEGINUNDOACTION)
        try:
            yield
        finally:
            self.send(SCI.SCI_ENDUNDOACTION)

    def mark_saved(self) -> None:
        """What stands here now is stored."""
        self.send(SCI.SCI_SETSAVEPOINT)

    @property
    def is_dirty(self) -> bool:
        """Whether it differs from what was loaded or stored last, by its undo steps."""
        return bool(self.send(SCI.SCI_GETMODIFY))

    # -- places ---------------------------------------------------------------------------------------------------

    @property
    def top_line(self) -> int:
        """The first line in sight, from 0; lines that are folded away do not count."""
        return self.send(SCI.SCI_GETFIRSTVISIBLELINE)

    @top_line.setter
    def top_line(self, line: int) -> None:
        self.send(SCI.SCI_SETFIRSTVISIBLELINE, line)

    @property
    def caret(self) -> int:
        """Where the main caret stands, in bytes."""
        return self.send(SCI.SCI_GETCURRENTPOS)

    @property
    def selection(self) -> tuple[int, int]:
        """Start and end of the main selection."""
        return self.send(SCI.SCI_GETSELECTIONSTART), self.send(SCI.SCI_GETSELECTIONEND)

    def select(self, start: int, stop: int) -> None:
        """Select a part and bring it into sight, unfolding what hides it."""
        send = self.send
        length = self.length
        start, stop = (min(max(place, 0), length) for place in (start, stop))
        for place in (start, stop):
            send(SCI.SCI_ENSUREVISIBLEENFORCEPOLICY, send(SCI.SCI_LINEFROMPOSITION, place))
        send(SCI.SCI_SETSEL, start, stop)
        send(SCI.SCI_CHOOSECARETX)  # up and down go on from here, not from where the caret was
        line = send(SCI.SCI_VISIBLEFROMDOCLINE, send(SCI.SCI_LINEFROMPOSITION, stop))
        first, shown = send(SCI.SCI_GETFIRSTVISIBLELINE), send(SCI.SCI_LINESONSCREEN)
        if not first + 1 <= line < first + shown - 1:
            send(SCI.SCI_SETFIRSTVISIBLELINE, max(0, line - shown // 2))

    def line_of(self, place: int) -> int:
        """The line of a position, from 0."""
        return self.send(SCI.SCI_LINEFROMPOSITION, place)

    def line_start(self, line: int) -> int:
        """Where a line begins; the end of the text for lines beyond it."""
        found = self.send(SCI.SCI_POSITIONFROMLINE, line)
        return self.length if found < 0 else found

    def line_stop(self, line: int) -> int:
        """Where a line's text ends, before its line end."""
        return self.send(SCI.SCI_GETLINEENDPOSITION, line)

    def line_text(self, line: int) -> bytes:
        """A line's text without its line end."""
        return self.host.bytes(self.line_start(line), self.line_stop(line))

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty text has one."""
        return self.send(SCI.SCI_GETLINECOUNT)

    @property
    def line_end(self) -> bytes:
        """What a new line ends with."""
        mode = self.send(SCI.SCI_GETEOLMODE)
        return next(end for end, number in _LINE_ENDS.items() if number == mode)

    def go_to_line(self, line: int, column: int = 0) -> None:
        """Put the caret into a line (from 0), at that letter."""
        place = self.position_of(line, column)
        self.select(place, place)

    def place_of(self, position: int) -> tuple[int, int]:
        """Line and letter of a position, both from 0."""
        line = self.line_of(position)
        return line, self.send(SCI.SCI_COUNTCHARACTERS, self.line_start(line), position)

    def position_of(self, line: int, letter: int) -> int:
        """The position of a letter of a line, both from 0; the line's end where it is shorter."""
        line = min(max(line, 0), self.line_count - 1)
        start, stop = self.line_start(line), self.line_stop(line)
        found = self.send(SCI.SCI_POSITIONRELATIVE, start, max(letter, 0)) if letter > 0 else start
        return min(found, stop) if found >= start and (found or not letter) else stop
