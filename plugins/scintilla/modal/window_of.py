"""What is around the text of an editor: its screen, the clipboard, folds, saving."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from plugins.api import EspalierError
from plugins.scintilla.host import SCI
from plugins.scintilla.modal.pattern import span_of
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.surroundings import Surroundings
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.scintilla_text import ScintillaText
    from plugins.scintilla.pane import Pane

#: Matches that are marked on one screen at most.
_MOST = 2_000
_FOLDS = {"toggle": SCI.SC_FOLDACTION_TOGGLE, "close": SCI.SC_FOLDACTION_CONTRACT, "open": SCI.SC_FOLDACTION_EXPAND}


class PaneSurroundings(Surroundings):
    """The pane around a text."""

    def __init__(self, pane: Pane, text: ScintillaText) -> None:
        super().__init__()
        self._pane, self._text, self._send = pane, text, pane.code.send
        self._pattern: re.Pattern[str] | None = None
        self._current: tuple[Place, Place] | None = None

    # -- the screen -----------------------------------------------------------------------------------------------

    def page(self) -> int:
        """See the base."""
        return max(self._send(SCI.SCI_LINESONSCREEN), 2)

    def lines_in_sight(self) -> tuple[int, int]:
        """See the base."""
        first = self._send(SCI.SCI_GETFIRSTVISIBLELINE)
        top = self._send(SCI.SCI_DOCLINEFROMVISIBLE, first)
        bottom = self._send(SCI.SCI_DOCLINEFROMVISIBLE, first + self.page() - 1)
        last = self._text.line_count - 1
        return min(top, last), min(max(bottom, top), last)

    def show_line(self, line: int, part: float) -> None:
        """See the base."""
        shown = self._send(SCI.SCI_VISIBLEFROMDOCLINE, line)
        self._send(SCI.SCI_SETFIRSTVISIBLELINE, max(shown - round(part * (self.page() - 1)), 0))

    def scroll(self, lines: int) -> None:
        """See the base."""
        self._send(SCI.SCI_SETFIRSTVISIBLELINE, max(self._send(SCI.SCI_GETFIRSTVISIBLELINE) + lines, 0))

    # -- around ---------------------------------------------------------------------------------------------------

    def clip(self) -> str:
        """See the base."""
        return QGuiApplication.clipboard().text().replace("\r\n", "\n")

    def set_clip(self, text: str) -> None:
        """See the base."""
        QGuiApplication.clipboard().setText(text)

    def comment(self) -> tuple[str, str, str]:
        """See the base."""
        language = self._pane.code.language
        return (language.line.strip(), *language.block)

    def opens(self) -> tuple[str, ...]:
        """See the base."""
        return tuple(self._pane.code.language.opens) or ("{", "(", "[")

    def name(self) -> str:
        """See the base."""
        return self._pane.path

    def spans(self, names: tuple[str, ...], place: Place) -> list[tuple[Place, Place]]:
        """See the base."""
        code, text = self._pane.code, self._text
        if code.is_large:
            return []
        found: list[tuple[int, int]] = []
        for name in names:
            found += self._pane.syntax.spans(code.language.name, name, text.position(place))
        return [(text.place(start), text.place(stop)) for start, stop in found]

    def run(self, command: str, argument: str = "") -> bool:
        """See the base."""
        do = _COMMANDS.get(command.rstrip("!"))
        return do is not None and do(self, argument)

    def _editor(self) -> Any:
        """The view that the pane stands in."""
        widget: Any = self._pane
        while widget is not None and not (hasattr(widget, "save") and hasattr(widget, "has_edits")):
            widget = widget.parentWidget()
        outer = widget.parentWidget() if widget is not None else None
        while outer is not None and not (hasattr(outer, "save") and hasattr(outer, "set_file")):
            outer = outer.parentWidget()
        return outer or widget

    def save(self, _: str) -> bool:
        """``:w``."""
        editor = self._editor()
        if editor is None:
            return False
        editor.save()
        return True

    def edit(self, path: str) -> bool:
        """``:e``: another file in this editor, where it edits files."""
        editor = self._editor()
        if editor is None or not path or not hasattr(editor, "set_file"):
            return False
        editor.set_file(path)
        return True

    def fold(self, argument: str) -> bool:
        """``za`` and its kin."""
        line = self._pane.code.line_of(self._pane.code.caret)
        if argument.endswith("-all"):
            action = SCI.SC_FOLDACTION_CONTRACT if argument.startswith("close") else SCI.SC_FOLDACTION_EXPAND
            self._send(SCI.SCI_FOLDALL, action)
            return True
        if not self._send(SCI.SCI_GETFOLDLEVEL, line) & SCI.SC_FOLDLEVELHEADERFLAG:
            line = self._send(SCI.SCI_GETFOLDPARENT, line)
        if line >= 0:
            self._send(SCI.SCI_FOLDLINE, line, _FOLDS.get(argument or "toggle", SCI.SC_FOLDACTION_TOGGLE))
        return True

    def ask_server(self, what: str) -> bool:
        """``gd``, ``gr``, ``K``: what the language's server knows of the word.

        Raises:
            Refused: no server serves this text.
        """
        from plugins.scintilla.language_client import command

        try:
            getattr(command, what)(self._editor())
        except EspalierError as error:
            raise Refused(str(error)) from error
        return True

    def go_to_change(self, what: str) -> bool:
        """``]c``, ``[c``: changes against what is kept of the file; once the engine has shown its own caret."""
        from plugins.scintilla.gutter import command

        def go() -> None:
            try:
                getattr(command, what)(self._editor())
            except EspalierError as error:
                self._pane.say(str(error))

        QTimer.singleShot(0, self._pane, go)
        return True

    def run_line(self, line: str) -> bool:
        """See the base: the window's commands, with their arguments; what goes wrong stands in the line below."""
        self._text.pause()
        return self._pane.context.commands.run_line(line, self._fail)

    def _fail(self, error: Exception) -> None:
        modal = self._pane.modal
        if modal is not None:
            modal.engine.message = str(error)
            self._pane.tell_soon()

    def complete_line(self, line: str) -> list[str]:
        """See the base."""
        return self._pane.context.commands.complete_line(line)

    def set_option(self, name: str, value: object) -> None:
        """See the base."""
        _OPTIONS[name](self._pane, value)

    # -- what is found --------------------------------------------------------------------------------------------

    def mark_found(self, pattern: Any | None, current: tuple[Place, Place] | None = None) -> None:
        """See the base: what is in sight is marked, and again when something else is."""
        self._pattern, self._current = pattern, current
        if current is not None:
            line = self._send(SCI.SCI_VISIBLEFROMDOCLINE, current[0].line)
            first = self._send(SCI.SCI_GETFIRSTVISIBLELINE)
            if not first <= line < first + self.page():
                self.show_line(current[0].line, 0.5)
        self.renew_marks()

    @property
    def marks(self) -> bool:
        """Whether something is marked."""
        return self._pattern is not None or self._current is not None

    def renew_marks(self) -> None:
        """Mark what is in sight now."""
        spans: list[tuple[int, int]] = []
        if self._current is not None:
            spans.append((self._text.position(self._current[0]), self._text.position(self._current[1])))
        if self._pattern is not None:
            top, bottom = self.lines_in_sight()
            for line in range(top, min(bottom + 1, top + 400)):
                for match in self._pattern.finditer(self._text.line(line)):
                    start, stop = span_of(match)
                    if stop > start and len(spans) < _MOST:
                        ends = Place(line, start), Place(line, stop)
                        spans.append((self._text.position(ends[0]), self._text.position(ends[1])))
        self._pane.code.mark_spans("find", spans)


def _save_close(around: PaneSurroundings, argument: str) -> bool:
    return around.save(argument)


_COMMANDS: dict[str, Callable[[PaneSurroundings, str], bool]] = {
    "save": PaneSurroundings.save, "save-close": _save_close, "edit": PaneSurroundings.edit,
    "fold": PaneSurroundings.fold, "ask-server": PaneSurroundings.ask_server,
    "changes": PaneSurroundings.go_to_change,
}  # fmt: skip
#: Option of ``:set`` → how a pane shows it.
_OPTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "number": lambda pane, value: pane.code.set_line_numbers(bool(value)),
    "relativenumber": lambda pane, value: None,
    "wrap": lambda pane, value: pane.code.set_wrap(bool(value)),
    "list": lambda pane, value: pane.code.set_whitespace(bool(value)),
    "expandtab": lambda pane, value: pane.code.set_tabs(not value),
    "tabstop": lambda pane, value: pane.code.set_tab_width(value),
    "shiftwidth": lambda pane, value: pane.code.send(SCI.SCI_SETINDENT, value),
}
