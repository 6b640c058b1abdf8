"""The text surface: one QScintilla with its margins, folds, braces, keys and marks.

It knows bytes, positions and languages; where the text comes from and goes to is ``field`` and ``file``, what commands
do to it ``line``, ``selection`` and ``find``. Positions are bytes of the UTF-8 that Scintilla keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from plugins.api import Theme
from plugins.scintilla.host import ALL_EVENTS, QUIET_EVENTS, SCI, Host
from plugins.scintilla.language import PLAIN, Language
from plugins.scintilla.large import fill_large
from plugins.scintilla.look import INDICATOR, MARGIN, code_font, dress
from plugins.scintilla.setup import set_up

#: From this size on, in bytes, Scintilla tells nothing of each change: QScintilla's accessibility counts all letters up
#: to the caret whenever it does.
QUIET_FROM = 1 << 20
#: From this size on, in bytes, a text is read in pieces into a document without styles.
LARGE_FROM = 8 << 20
#: Line ends → Scintilla's mode.
_LINE_ENDS = {b"\r\n": SCI.SC_EOL_CRLF, b"\r": SCI.SC_EOL_CR, b"\n": SCI.SC_EOL_LF}


class Code(QWidget):
    """The surface. ``edited`` after every change of the text but loading, ``loaded`` after that; ``moved`` when the
    caret stands elsewhere or what is in sight is other, once a turn of the event loop at most.

    Attributes:
        host: The editor within.
        language: What it is coloured and commented as.
        is_large: Whether the text is too large for styles, folds and per-letter notifications.
        is_loading: Whether it is being filled, so that nobody is told of changes.
    """

    edited = Signal()
    loaded = Signal()
    moved = Signal()
    dirty_changed = Signal(bool)
    escaped = Signal()
    focused = Signal()
    margin_pressed = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.host = Host(self)
        self.send = self.host.send
        self.language: Language = PLAIN
        self.is_large = False
        self.is_loading = self._leaves = self._is_read_only = False
        self._family, self._points = "", 0.0
        self._has_numbers, self._wants_folds = True, True
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)
        self.row.addWidget(self.host, 1)
        self.setFocusProxy(self.host.view)
        self.host.view.setFrameShape(self.host.view.Shape.NoFrame)
        set_up(self.host)
        self.set_tab_width(4)
        self.set_tabs(False)
        editor = self.host.editor
        editor.textChanged.connect(self._hear_text)
        editor.modificationChanged.connect(self._hear_dirty)
        editor.SCN_UPDATEUI.connect(self._hear_update)
        editor.SCN_MARGINCLICK.connect(self._hear_margin)
        self.host.view.installEventFilter(self)
        theme.changed.connect(self.dress)
        self.dress()

    # -- looks ----------------------------------------------------------------------------------------------------

    def dress(self) -> None:
        """Take the theme's colours and fonts as they are now."""
        font = code_font(self.theme, self._family, self._points)
        self.host.setFont(font)
        dress(self.host, self.theme, font)
        self._fit_margins()

    def set_font(self, family: str, points: float) -> None:
        """Another face, or size in points; empty or 0 = the theme's."""
        if (family, points) != (self._family, self._points):
            self._family, self._points = family, points
            self.dress()

    def set_language(self, language: Language) -> None:
        """Colour and fold it as that language; plain for large texts."""
        self.language = language
        self.host.set_lexer("" if self.is_large else language.lexer)
        lexer = self.host.editor.lexer()
        if lexer is not None:
            self.send(SCI.SCI_SETPROPERTY, b"fold", b"1")
            self.send(SCI.SCI_SETPROPERTY, b"fold.compact", b"0")
            self.send(SCI.SCI_SETPROPERTY, b"fold.comment", b"1")
        extra = (language.words or "").encode()
        letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" + extra
        self.send(SCI.SCI_SETWORDCHARS, 0, letters + bytes(range(0x80, 0x100)))
        self.dress()
        self.send(SCI.SCI_COLOURISE, 0, -1) if lexer is not None and self.length < QUIET_FROM else None

    def set_wrap(self, wraps: bool) -> None:
        """Break long lines at the edge."""
        self.send(SCI.SCI_SETWRAPMODE, SCI.SC_WRAP_WORD if wraps and not self.is_large else SCI.SC_WRAP_NONE)

    def set_line_numbers(self, has_numbers: bool) -> None:
        """Show the numbers of lines."""
        self._has_numbers = has_numbers
        self._fit_margins()

    def set_whitespace(self, is_shown: bool) -> None:
        """Show spaces, tabs and line ends."""
        self.send(SCI.SCI_SETVIEWWS, SCI.SCWS_VISIBLEALWAYS if is_shown else SCI.SCWS_INVISIBLE)
        self.send(SCI.SCI_SETVIEWEOL, int(is_shown))
        self.send(SCI.SCI_SETWHITESPACESIZE, 2)

    def set_tab_width(self, width: int) -> None:
        """Columns of a tab, and of one step of indentation."""
        self.send(SCI.SCI_SETTABWIDTH, max(1, width))
        self.send(SCI.SCI_SETINDENT, max(1, width))

    def set_tabs(self, uses_tabs: bool) -> None:
        """Indent with tabs instead of spaces."""
        self.send(SCI.SCI_SETUSETABS, int(uses_tabs))

    def set_edge(self, column: int) -> None:
        """A line at that column; 0 for none."""
        self.send(SCI.SCI_SETEDGECOLUMN, max(column, 0))
        self.send(SCI.SCI_SETEDGEMODE, SCI.EDGE_LINE if column > 0 else SCI.EDGE_NONE)

    def set_read_only(self, is_read_only: bool) -> None:
        """Show only."""
        self._is_read_only = is_read_only
        self.send(SCI.SCI_SETREADONLY, int(is_read_only))
        self.send(SCI.SCI_SETCARETLINEVISIBLE, int(not is_read_only))

    @property
    def is_read_only(self) -> bool:
        """Whether it is only shown."""
        return self._is_read_only

    def _fit_margins(self) -> None:
        send = self.send
        digits = b"9" * max(3, len(str(send(SCI.SCI_GETLINECOUNT))))
        width = send(SCI.SCI_TEXTWIDTH, SCI.STYLE_LINENUMBER, digits) + self.theme.length(10)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["marks"], self.theme.length(16) if self._has_numbers else 0)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["numbers"], width if self._has_numbers else 0)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["changes"], self.theme.length(4) if self._has_numbers else 0)
        has_folds = self._has_numbers and self._wants_folds and self.host.editor.lexer() is not None
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["fold"], self.theme.length(14) if has_folds else 0)

    # -- the text -------------------------------------------------------------------------------------------------

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
        send(SCI.SCI_SETMODEVENTMASK, QUIET_EVENTS if len(text) >= QUIET_FROM else ALL_EVENTS)
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
            self.set_language(self.language)
        if not is_stored:
            self._leave_stored()
        self.is_loading = False
        self._fit_margins()
        self.loaded.emit()

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
        start = _common(now, text)
        back = _common(now[start:][::-1], text[start:][::-1])
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

    # -- marks ----------------------------------------------------------------------------------------------------

    def mark_spans(self, name: str, spans: list[tuple[int, int]]) -> None:
        """Mark these parts and no others; ``name`` is a key of ``look.INDICATOR``."""
        send = self.send
        send(SCI.SCI_SETINDICATORCURRENT, INDICATOR[name])
        send(SCI.SCI_INDICATORCLEARRANGE, 0, self.length)
        for start, stop in spans:
            send(SCI.SCI_INDICATORFILLRANGE, start, stop - start)

    # -- what Scintilla tells -------------------------------------------------------------------------------------

    def _hear_text(self) -> None:
        if not self.is_loading:
            self.edited.emit()

    def _hear_dirty(self, is_dirty: bool) -> None:
        if not self.is_loading:
            self.dirty_changed.emit(is_dirty)

    def _hear_update(self, what: int) -> None:
        if self.is_loading:
            return
        if what & SCI.SC_UPDATE_CONTENT and self.length >= QUIET_FROM:
            self.edited.emit()
        self.moved.emit()

    def _hear_margin(self, position: int, modifiers: int, margin: int) -> None:
        line = self.line_of(position)
        if margin == MARGIN["fold"]:
            self.send(SCI.SCI_TOGGLEFOLD, line)
        else:
            self.margin_pressed.emit(margin, line)

    # -- keys -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Escape gives up what is open, one thing at a time; then Tab leaves the editor instead of indenting."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
                self._leaves = False
                self.focused.emit()
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            event.accept()
            return event.type() == QEvent.Type.KeyPress and self._escape()
        is_tab = key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if is_tab and (self._leaves or self._is_read_only):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._leaves = False
                self.focusNextPrevChild(key == Qt.Key.Key_Tab)
            return True
        if event.type() == QEvent.Type.KeyPress and key not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            self._leaves = False
        return False

    @property
    def leaves(self) -> bool:
        """Whether the next Tab leaves the editor."""
        return self._leaves

    def _escape(self) -> bool:
        """Give up one thing; whether there was one that Scintilla does not give up itself."""
        send = self.send
        if send(SCI.SCI_AUTOCACTIVE) or send(SCI.SCI_CALLTIPACTIVE):
            return False
        if send(SCI.SCI_GETSELECTIONS) > 1:
            main = send(SCI.SCI_GETMAINSELECTION)
            caret = send(SCI.SCI_GETSELECTIONNCARET, main)
            anchor = send(SCI.SCI_GETSELECTIONNANCHOR, main)
            send(SCI.SCI_SETSELECTION, caret, anchor)
            return True
        self._leaves = True
        self.escaped.emit()
        return True


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
