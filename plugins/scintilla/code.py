"""A text as it is edited: its margins, folds, braces, keys and marks; the text itself is :class:`Surface`.

It knows languages; where the text comes from and goes to is ``field`` and ``file``, what commands do to it ``line``,
``selection`` and ``find``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from plugins.api import Theme
from plugins.scintilla.host import SCI
from plugins.scintilla.language import PLAIN, Language
from plugins.scintilla.look import INDICATOR, MARGIN, code_font, dress
from plugins.scintilla.setup import set_up
from plugins.scintilla.surface import QUIET_FROM, Surface


class Code(Surface):
    """The editor of a text. ``edited`` after every change of the text but loading; ``moved`` when the caret stands
    elsewhere or what is in sight is other, once a turn of the event loop at most.

    Attributes:
        language: What it is coloured and commented as.
    """

    edited = Signal()
    moved = Signal()
    dirty_changed = Signal(bool)
    escaped = Signal()
    focused = Signal()
    language_changed = Signal()
    margin_pressed = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.language: Language = PLAIN
        self._leaves = False
        #: Of a large text: whether changes are heard here, and whether there was one since the last update.
        self._hears_changes = self._is_changed = False
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
        self.language_changed.emit()

    def _allow_styles(self) -> None:
        self.set_language(self.language)

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
        """Whether it is only shown; of a text that is shown twice both say the same."""
        return bool(self.send(SCI.SCI_GETREADONLY))

    def _fit_margins(self) -> None:
        send = self.send
        digits = b"9" * max(3, len(str(send(SCI.SCI_GETLINECOUNT))))
        width = send(SCI.SCI_TEXTWIDTH, SCI.STYLE_LINENUMBER, digits) + self.theme.length(10)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["marks"], self.theme.length(16) if self._has_numbers else 0)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["numbers"], width if self._has_numbers else 0)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["changes"], self.theme.length(6) if self._has_numbers else 0)
        has_folds = self._has_numbers and self._wants_folds and self.host.editor.lexer() is not None
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["fold"], self.theme.length(14) if has_folds else 0)

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
        if what & SCI.SC_UPDATE_CONTENT and self._is_changed:
            self._is_changed = False
            self.edited.emit()
        self.moved.emit()

    def hear_events(self, events: int) -> None:
        """See :meth:`Surface.hear_events`; of a large text it is heard here what is about to be changed."""
        super().hear_events(events)
        if self.is_quiet != self._hears_changes:
            self._hears_changes, told = self.is_quiet, self.host.editor.SCN_MODIFIED
            (told.connect if self._hears_changes else told.disconnect)(self._hear_change)

    def _hear_change(self, _position: int, kind: int) -> None:
        # NOTE: an update of the contents tells of marks as well, and who marks what it finds would go on without end.
        is_text = kind & (SCI.SC_MOD_BEFOREINSERT | SCI.SC_MOD_BEFOREDELETE)
        self._is_changed |= bool(is_text) and not self.is_loading

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
        if is_tab and (self._leaves or self.is_read_only):
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
