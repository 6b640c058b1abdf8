"""Modal editing in the widget: keys go to the engine before Scintilla has them; caret, selection and status follow.

Letters that are typed in insert mode are Scintilla's own, with completion, input methods and carets as ever; the engine
only hears of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent

from plugins.scintilla.host import SCI
from plugins.scintilla.modal import key as keys
from plugins.scintilla.modal.caret import MOST, Selected
from plugins.scintilla.modal.engine import (
    INSERT,
    NORMAL,
    REPLACE,
    TYPING_MODES,
    VISUAL,
    VISUAL_BLOCK,
    VISUAL_LINE,
    Engine,
)  # fmt: skip
from plugins.scintilla.modal.press import COMMANDS, is_letter, key_of
from plugins.scintilla.modal.register import Store
from plugins.scintilla.modal.row import BLOCK, Refused
from plugins.scintilla.modal.scintilla_text import ScintillaText
from plugins.scintilla.modal.search import Search
from plugins.scintilla.modal.table import NORMAL_TABLE, VISUAL_TABLE
from plugins.scintilla.modal.text import Place, back, on
from plugins.scintilla.modal.visual import selected
from plugins.scintilla.modal.window_of import PaneSurroundings

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane

#: Registers and the last search are those of all editors.
_STORE, _SEARCH = Store(), Search()
_PRESS, _OVERRIDE = QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride
_COMPOSED, _LEFT = QEvent.Type.InputMethod, QEvent.Type.FocusOut
#: Keys with Ctrl that the engine has in insert mode; all others stay what they are everywhere.
_TYPING = frozenset(keys.control(letter) for letter in "wurotdye[")
_LIST_KEYS = (keys.RETURN, keys.TAB, keys.UP, keys.DOWN, keys.PAGE_UP, keys.PAGE_DOWN)
#: Keys that go through the text, which the engine has where it types at several carets.
_MOVES = frozenset((keys.LEFT, keys.RIGHT, keys.UP, keys.DOWN, keys.HOME, keys.END, keys.DELETE))
#: Lines of a rectangle that are shown as selected at most.
_MOST_LINES = 5_000


class ModalKeys(QObject):
    """Joins one pane to an engine.

    Attributes:
        engine: The engine.
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane, self._code, self._send = pane, pane.code, pane.code.send
        self.text = ScintillaText(pane.code, lambda: self.engine.mode in TYPING_MODES)
        self.around = PaneSurroundings(pane, self.text)
        self.engine = Engine(self.text, self.around, _STORE)
        self.engine.is_native = True
        self.engine.search = _SEARCH
        self._shown: tuple[int, ...] = ()
        self._is_showing = self._is_pending_shown = False
        self._marks_soon = QTimer(self, singleShot=True, interval=20)
        self._marks_soon.timeout.connect(self.around.renew_marks)
        pane.code.moved.connect(self._hear_move)
        pane.code.host.view.installEventFilter(self)
        self.reset()

    def end(self) -> None:
        """Plain editing again."""
        self._code.host.view.removeEventFilter(self)
        self._code.moved.disconnect(self._hear_move)
        self.engine.cancel()
        self.text.pause()
        self._send(SCI.SCI_SETCARETSTYLE, SCI.CARETSTYLE_LINE)
        self._code.mark_spans("find", [])
        self.deleteLater()

    def reset(self) -> None:
        """Another text was loaded."""
        self.engine.cancel()
        self.text.pause()
        self.text.forget()
        self.engine.marks.__init__()
        self.engine.undone.clear()
        self.engine.redone.clear()
        self.engine.options.values["shiftwidth"] = self._send(SCI.SCI_GETINDENT) or self._send(SCI.SCI_GETTABWIDTH)
        self._shown = ()
        self._adopt()
        self.show()

    @property
    def mode(self) -> str:
        """What the window calls the mode."""
        return _NAMES[self.engine.mode]

    # -- keys -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Keys and composed letters for the engine."""
        kind = event.type()
        if kind in (_PRESS, _OVERRIDE) and isinstance(event, QKeyEvent):
            return self._hear_key(event, kind == _PRESS)
        if kind == _COMPOSED and isinstance(event, QInputMethodEvent):
            return self._hear_composed(event)
        if kind == _LEFT:
            self.text.pause()
            if self._is_pending_shown:
                self._is_pending_shown = False
                self._pane.context.commands.show_pending("", "", ())
        return False

    def _hear_key(self, event: QKeyEvent, is_press: bool) -> bool:
        if self.engine.is_passing_on and is_letter(event) and self._passes_on(event, is_press):
            return False
        key = key_of(event)
        if key is None:
            if event.modifiers() & COMMANDS:
                self.text.pause()  # a command of the window or of Scintilla: undo, paste, save
            return False
        if not self._wants(key):
            return False
        if not is_press:
            event.accept()
            return key == keys.ESCAPE and not self._is_idle
        return self.type(key)

    def _passes_on(self, event: QKeyEvent, is_press: bool) -> bool:
        """Whether Scintilla types a letter in the line of the last one. The engine hears of it, and its caret waits in
        that line until another key comes: to read the line at every letter would take most of its time.
        """
        if self._is_pending_shown:
            return False
        if not is_press:
            event.accept()
            return True
        engine, send = self.engine, self._send
        line = send(SCI.SCI_LINEFROMPOSITION, send(SCI.SCI_GETCURRENTPOS))
        if line != engine.caret.line or send(SCI.SCI_GETSELECTIONS) > 1:
            return False
        engine.feed(event.text())
        return True

    def _wants(self, key: str) -> bool:
        """Whether a key is the engine's here."""
        engine, completer = self.engine, self._pane.completer
        if completer.is_open:
            if key in _LIST_KEYS:
                if key in (keys.RETURN, keys.TAB) and engine.session is not None:
                    engine.session.is_literal = True
                return False
            if key == keys.ESCAPE:
                completer.close_list()
        elif key == keys.TAB and engine.session is not None and self._pane.expander.can_expand:
            engine.session.is_literal = True
            return False
        if engine.line or (engine.pending and engine.mode not in TYPING_MODES):
            return True
        if engine.mode in TYPING_MODES:
            return key >= " " or key in _TYPING or key in (keys.ESCAPE, keys.RETURN, keys.BACKSPACE, keys.TAB) or (
                engine.awaited is not None or (engine.carets.is_typing and key in _MOVES)
            )
        if (key == keys.ESCAPE and self._is_idle) or (key == keys.TAB and self._code.leaves):
            return False
        table = VISUAL_TABLE if engine.is_visual else NORMAL_TABLE
        return key.isprintable() or key in table.rows or key in table.prefixes or key == keys.ESCAPE

    @property
    def _is_idle(self) -> bool:
        """Whether Escape has nothing to end here but what the editor itself has open."""
        engine = self.engine
        is_waiting = engine.pending or engine.line or engine.recording or engine.carets.others
        return engine.mode == NORMAL and not is_waiting

    def type(self, key: str) -> bool:
        """Give the engine a key; whether it is done with it."""
        self._adopt()
        was_typing = self.engine.mode == INSERT
        is_done = self.engine.feed(key)
        self._show_pending()
        if is_done:
            self.show()
        elif not was_typing:
            self._pane.tell_soon()
        return is_done

    def _show_pending(self) -> None:
        """Have the window show what may follow the keys of a command that is not whole."""
        from plugins.scintilla.modal.pending import pending

        found = pending(self.engine)
        if found is not None or self._is_pending_shown:
            self._is_pending_shown = found is not None
            self._pane.context.commands.show_pending(*(found or ("", "", ())))

    def _hear_composed(self, event: QInputMethodEvent) -> bool:
        """Letters of an input method, or of a dead key: in insert mode Scintilla's, else keys."""
        letters = event.commitString()
        if self.engine.mode == INSERT and not self.engine.awaited and not self.engine.carets.is_typing:
            for letter in letters:
                self._adopt()
                self.engine.feed(letter)
            return False
        for letter in letters:
            self.type(letter)
        event.accept()
        return True

    def run_line(self, typed: str) -> str | None:
        """Run a line of ex; None where there is no such command, else what to say.

        Raises:
            Refused: it cannot be done.
        """
        from plugins.scintilla.modal.ex import UnknownError, run_line

        self._adopt()
        engine = self.engine
        engine.message = ""
        engine.first_changed = None
        before = self.text.size, engine.caret
        try:
            run_line(engine, typed)
        except UnknownError:
            return None
        except Refused as refused:
            engine.message = str(refused)
        if engine.first_changed is not None:
            engine.undone.append((before[0], self.text.size, before[1], engine.first_changed, []))
        engine.settle()
        self.show()
        return engine.message

    # -- caret and selection --------------------------------------------------------------------------------------

    def _state(self) -> tuple[int, ...]:
        send = self._send
        return send(SCI.SCI_GETCURRENTPOS), send(SCI.SCI_GETANCHOR), send(SCI.SCI_GETSELECTIONS), *self._others()

    def _others(self) -> list[int]:
        """Caret and anchor of each further selection, one behind the other, where the engine has several."""
        send, main = self._send, self._send(SCI.SCI_GETMAINSELECTION)
        if send(SCI.SCI_SELECTIONISRECTANGLE) or self.engine.mode == VISUAL_BLOCK:
            return []
        order = (one for one in range(min(send(SCI.SCI_GETSELECTIONS), MOST)) if one != main)
        ends = SCI.SCI_GETSELECTIONNCARET, SCI.SCI_GETSELECTIONNANCHOR
        return [send(end, one) for one in order for end in ends]

    def _adopt(self) -> None:
        """Take caret and selection as they are, where something else than the engine has put them there."""
        self.text.forget()
        engine = self.engine
        state = self._state()
        if state == self._shown and (engine.mode not in TYPING_MODES or engine.carets.is_typing):
            return
        caret, anchor, _, *others = state
        if not others or engine.mode == VISUAL_BLOCK:
            engine.carets.drop()
        if engine.mode in TYPING_MODES or (caret == anchor and others[::2] == others[1::2]):
            place = self.text.place(caret)
            if engine.mode not in TYPING_MODES and place != engine.caret:
                engine.want = None
            if engine.is_visual:
                engine.mode = NORMAL
            engine.caret = place
            engine.settle()
            if others:
                places = [self.text.place(one) for one in others[::2]]
                engine.carets.put([Selected(one, one) for one in places], types=engine.mode in TYPING_MODES)
            return
        engine.mode, engine.want = VISUAL, None
        engine.caret, engine.anchor = self._part(caret, anchor)
        if others:
            engine.carets.put([self._part(*ends) for ends in zip(others[::2], others[1::2], strict=True)])

    def _part(self, caret: int, anchor: int) -> Selected:
        """The letters at both ends of what the widget has selected."""
        low, high = self.text.place(min(caret, anchor)), self.text.place(max(caret, anchor))
        letters = self.text.line(high.line)
        if high.column and high > low:
            high = Place(high.line, back(letters, high.column))
        elif high > low:
            high = Place(high.line - 1, len(self.text.line(high.line - 1)))
        return Selected(high, low) if caret > anchor else Selected(low, high)

    def _hear_move(self) -> None:
        """Something is elsewhere: a click, a command, or what the engine has shown itself."""
        if self.around.marks:
            self._marks_soon.start()
        engine = self.engine
        if self._is_showing or engine.mode in TYPING_MODES or engine.pending or engine.line:
            return
        if self._state() != self._shown:
            self._adopt()
            self.show(is_quiet=True)

    def show(self, *, is_quiet: bool = False) -> None:
        """Put caret and selection where the engine has them.

        Args:
            is_quiet: Whether what a person has selected stays as it is.
        """
        engine, send = self.engine, self._send
        self._is_showing = True
        is_block = engine.mode not in TYPING_MODES
        style = SCI.CARETSTYLE_BLOCK if is_block else SCI.CARETSTYLE_LINE
        if send(SCI.SCI_GETCARETSTYLE) != style:
            send(SCI.SCI_SETCARETSTYLE, style)
        if engine.is_visual:
            if not is_quiet:
                self._show_selection()
        else:
            position = self.text.position(engine.caret)
            others = [self.text.position(one.caret) for one in engine.carets.others]
            twice = [one for one in others for _ in range(2)]
            if self._state() != (position, position, 1 + len(others), *twice):
                self._show_caret(position)
                self._add_others(list(zip(others, others, strict=True)))
        self._shown = self._state()
        self._is_showing = False
        self._pane.tell_soon()

    def _show_caret(self, position: int) -> None:
        send = self._send
        line = send(SCI.SCI_LINEFROMPOSITION, position)
        if not send(SCI.SCI_GETLINEVISIBLE, line):
            send(SCI.SCI_ENSUREVISIBLE, line)
        send(SCI.SCI_SETEMPTYSELECTION, position)
        send(SCI.SCI_SCROLLCARET)
        send(SCI.SCI_CHOOSECARETX)

    def _show_selection(self) -> None:
        engine, send = self.engine, self._send
        if engine.mode == VISUAL_BLOCK:
            self._show_block()
            return
        send(SCI.SCI_SETSELECTION, *self._selection(engine.caret, engine.anchor))
        self._add_others([self._selection(one.caret, one.anchor) for one in engine.carets.others])
        send(SCI.SCI_SCROLLCARET)

    def _selection(self, caret: Place, anchor: Place) -> tuple[int, int]:
        """What the widget selects: the bytes of caret and anchor."""
        low, high, text = min(anchor, caret), max(anchor, caret), self.text
        if self.engine.mode == VISUAL_LINE:
            start, stop = text.position(Place(low.line, 0)), self._behind(Place(high.line, len(text.line(high.line))))
        else:
            start, stop = text.position(low), self._behind(high)
        return (stop, start) if caret >= anchor else (start, stop)

    def _add_others(self, parts: list[tuple[int, int]]) -> None:
        """Show the further carets; the engine's own one stays the first, which is brought into sight."""
        for caret, anchor in parts:
            self._send(SCI.SCI_ADDSELECTION, caret, anchor)
        if parts:
            self._send(SCI.SCI_SETMAINSELECTION, 0)

    def _behind(self, place: Place) -> int:
        """The byte behind a letter; behind a line's last one the next line's first."""
        letters = self.text.line(place.line)
        if place.column < len(letters):
            return self.text.position(Place(place.line, on(letters, place.column)))
        return self._code.line_start(place.line + 1)

    def _show_block(self) -> None:
        from plugins.scintilla.modal.operator import block_part

        span, send, text = selected(self.engine), self._send, self.text
        assert span.shape == BLOCK
        last = min(span.stop.line, span.start.line + _MOST_LINES)
        order = range(span.start.line, last + 1)
        own = min(max(self.engine.caret.line, span.start.line), last)
        first = True
        for line in [own, *(one for one in order if one != own)]:
            start, stop = (text.position(place) for place in block_part(self.engine, span, line))
            send(SCI.SCI_SETSELECTION if first else SCI.SCI_ADDSELECTION, stop, start)
            first = False
        send(SCI.SCI_SETMAINSELECTION, 0)
        send(SCI.SCI_SCROLLCARET)


#: Mode of the engine → what the window calls it.
_NAMES = {
    NORMAL: "normal", INSERT: "insert", REPLACE: "insert", VISUAL: "visual", VISUAL_LINE: "visual",
    VISUAL_BLOCK: "visual",
}  # fmt: skip
