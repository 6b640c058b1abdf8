"""The surface with what stands around it: the bar to find in below, the line that tells place, language and form."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.api import Context, option, say, watch_option
from plugins.scintilla.annotation import Annotations
from plugins.scintilla.bookmark import Bookmarks
from plugins.scintilla.code import Code
from plugins.scintilla.complete import Completer
from plugins.scintilla.diagnostic import DiagnosticMarks
from plugins.scintilla.document import Form
from plugins.scintilla.expanding import Expander
from plugins.scintilla.host import SCI
from plugins.scintilla.jump import Jumps
from plugins.scintilla.language import BY_NAME, PLAIN, language_of
from plugins.scintilla.large import broken, can_break, has_long_line, joined
from plugins.scintilla.same_word import SameWord
from plugins.scintilla.status import Status

if TYPE_CHECKING:
    from plugins.scintilla.find_bar import FindBar
    from plugins.scintilla.grow import Growth
    from plugins.scintilla.gutter.gutter import Gutter
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.minimap import Minimap
    from plugins.scintilla.modal.bound import ModalKeys
    from plugins.scintilla.open_text import AssistedText
    from plugins.scintilla.spelling.marks import SpellingMarks
    from plugins.scintilla.syntax_tree import SyntaxTree

#: The line below says where the caret is so many ms after it moved at first: no key waits for that.
_TOLD_MS = 40


class Pane(QWidget):
    """One text with its surroundings.

    Attributes:
        code: The surface.
        form: How the text is written where it comes from.
        is_broken: Whether long lines stand in parts, which are joined when it is written.
        assisted: The text as assistants see it; None where nobody joined them.
        served: The text as language servers see it; None where none does.
        changes: The text beside what is kept of its file; None where it is no file.
        modal: The keys with modes; None while it is edited plainly.
    """

    edited = Signal()
    form_changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(parent)
        self.context, self.theme = context, context.theme
        self.form = Form()
        self.is_broken = False
        self.assisted: AssistedText | None = None
        self.served: ServedText | None = None
        self.changes: Gutter | None = None
        self.modal: ModalKeys | None = None
        self._wanted_language, self._path = "auto", ""
        self._find_bar: FindBar | None = None
        self._minimap: Minimap | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.code = Code(self.theme, self)
        self.status = Status(self)
        column.addWidget(self.code, 1)
        column.addWidget(self.status)
        self.setFocusProxy(self.code.host.view)
        self.bookmarks = Bookmarks(self.code)
        self.jumps = Jumps(self.code)
        self.completer = Completer(self.code)
        self.expander = Expander(self)
        self.completer.own = self.expander.offers
        self.annotations = Annotations(self.code)
        self.marks = DiagnosticMarks(self.code, self.annotations)
        self.same_word = SameWord(self.code)
        stop = watch_option("scintilla.spelling", self._take_spelling)
        self.destroyed.connect(lambda *_: stop())
        self._take_spelling(option("scintilla.spelling"))
        self.set_title(title)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.status.tell)
        self.code.edited.connect(self.edited)
        self._later = QTimer(self, singleShot=True, interval=_TOLD_MS)
        self._later.timeout.connect(self.status.tell)
        self.code.moved.connect(self._tell_later)
        self.code.escaped.connect(self._escaped)
        self.code.focused.connect(self.update)
        self.code.dirty_changed.connect(lambda _is_dirty: self._soon.start())

    def _tell_later(self) -> None:
        if not self._later.isActive():
            self._later.start()

    def tell_soon(self) -> None:
        """Have the line below say how it is, once this turn of the event loop is over."""
        self._soon.start()

    def say(self, text: str) -> None:
        """Tell something in the line below, until the caret goes on."""
        self.status.say(text)

    @property
    def path(self) -> str:
        """The file's name or path; empty where the text is no file's."""
        return self._path

    def set_modal(self, is_modal: bool) -> None:
        """Edit with modes, as in vim, or plainly."""
        if is_modal == (self.modal is not None):
            return
        if self.modal is not None:
            modal, self.modal = self.modal, None
            modal.end()
        else:
            from plugins.scintilla.modal.bound import ModalKeys

            self.modal = ModalKeys(self)
        self.status.tell()

    def set_title(self, title: str) -> None:
        """What a screen reader calls it."""
        self.code.host.view.setAccessibleName(title or say("Editor"))
        hint = say("Escape, then Tab leaves the editor")
        self.code.host.view.setAccessibleDescription(hint)

    # -- the text -------------------------------------------------------------------------------------------------

    def load(self, text: bytes, form: Form, path: str = "") -> None:
        """Show another text; nothing of the one before is left."""
        self.form, self._path = form, path
        self.is_broken = has_long_line(text) and can_break(text)
        self.code.load(broken(text) if self.is_broken else text, form.line_end)
        self.marks.clear()
        self.jumps.clear()
        self._take_language(text)
        if self.modal is not None:
            self.modal.reset()
        if self._find_bar is not None:
            self._find_bar.renew()
        self.status.tell()

    def take(self, text: bytes) -> None:
        """Make it that text as one step; for a text that is another by somebody else's hand."""
        self.code.take(broken(text) if self.is_broken else text)

    def text(self) -> bytes:
        """The text as it is to be written."""
        data = self.code.data()
        return joined(data) if self.is_broken else data

    def break_lines(self, is_broken: bool) -> None:
        """Break lines that are too long to be edited in time, or show them whole."""
        text, was_dirty = self.text(), self.code.is_dirty
        if is_broken and not can_break(text):
            return
        self.is_broken = is_broken
        self.code.load(broken(text) if is_broken else text, self.form.line_end, is_stored=not was_dirty)
        if was_dirty:
            self.edited.emit()

    def set_language(self, name: str) -> None:
        """Colour it as that language; ``auto`` = by the file's name or its first line."""
        self._wanted_language = name or "auto"
        self._take_language(self.code.host.bytes(0, 200))

    def _take_language(self, text: bytes) -> None:
        wanted = self._wanted_language
        found = language_of(self._path, text[:200]) if wanted == "auto" else BY_NAME.get(wanted, PLAIN)
        if found is not self.code.language or (found.lexer and self.code.host.editor.lexer() is None):
            self.code.set_language(found)
        self.status.tell()

    def set_form(self, form: Form) -> None:
        """Write it in another encoding, or with other line ends, from now on."""
        if form.line_end != self.form.line_end or (self.form.is_mixed and not form.is_mixed):
            mode = {b"\n": SCI.SC_EOL_LF, b"\r\n": SCI.SC_EOL_CRLF, b"\r": SCI.SC_EOL_CR}[form.line_end]
            self.code.send(SCI.SCI_CONVERTEOLS, mode)
            self.code.send(SCI.SCI_SETEOLMODE, mode)
            form = form._replace(is_mixed=False)
        if form != self.form:
            self.form = form
            self.form_changed.emit()
        self.status.tell()

    # -- what stands around ---------------------------------------------------------------------------------------

    def find_bar(self) -> FindBar:
        """The bar to find in; made at its first use."""
        if self._find_bar is None:
            from plugins.scintilla.find_bar import FindBar

            self._find_bar = FindBar(self)
            self.layout().insertWidget(1, self._find_bar)
        return self._find_bar

    @cached_property
    def syntax(self) -> SyntaxTree:
        """The text's syntax; made at its first use."""
        from plugins.scintilla.syntax_tree import SyntaxTree

        return SyntaxTree(self.code.data)

    @cached_property
    def spelling(self) -> SpellingMarks:
        """The marks below misspelt words; made when the spelling is looked at first."""
        from plugins.scintilla.spelling.marks import SpellingMarks

        return SpellingMarks(self)

    def _take_spelling(self, languages: Any) -> None:
        if languages:
            self.spelling  # noqa: B018 — made now, it follows the option itself

    @cached_property
    def growth(self) -> Growth:
        """What the selection was before it grew; made at its first use."""
        from plugins.scintilla.grow import Growth

        return Growth(self)

    def set_minimap(self, is_shown: bool) -> None:
        """Show the whole text small, beside it."""
        if is_shown and self._minimap is None:
            from plugins.scintilla.minimap import Minimap

            self._minimap = Minimap(self.code, self.marks)
            self.code.row.addWidget(self._minimap)
        if self._minimap is not None:
            self._minimap.setVisible(is_shown)

    @property
    def has_minimap(self) -> bool:
        """Whether the whole text is shown small."""
        return self._minimap is not None and self._minimap.isVisibleTo(self)

    def set_status(self, is_shown: bool) -> None:
        """Show the line below."""
        self.status.is_off = not is_shown
        self.status.setVisible(is_shown)
        self.status.tell()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A line around it, in the focus' colour while it is within."""
        focus, painter = self.window().focusWidget(), QPainter(self)
        has_focus = focus is not None and self.isAncestorOf(focus)
        painter.setPen(self.theme.color("focus" if has_focus else "line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def focus_code(self) -> None:
        """Go into the text."""
        self.code.host.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _escaped(self) -> None:
        if self._find_bar is not None and self._find_bar.isVisibleTo(self):
            self._find_bar.close_bar()
        self.status.tell()
