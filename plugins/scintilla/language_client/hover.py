"""What is known of the word below the mouse, or at the caret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from plugins.api import say
from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.places import bytes_of
from plugins.scintilla.language_client.protocol import Hover, plain, text_of
from plugins.scintilla.sheet import Sheet

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText


class HoverSheet(QObject):
    """The sheet of one text."""

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        self._sheet: Sheet | None = None
        self._span = (0, 0)
        self._is_by_key = False
        code = served.code
        code.host.editor.SCN_DWELLSTART.connect(self._dwell)
        code.host.editor.SCN_DWELLEND.connect(self._leave)
        code.edited.connect(self.hide)
        code.moved.connect(self._follow)
        code.escaped.connect(self.hide)

    def end(self) -> None:
        """The text is served no more."""
        editor = self._code.host.editor
        editor.SCN_DWELLSTART.disconnect(self._dwell)
        editor.SCN_DWELLEND.disconnect(self._leave)
        if self._sheet is not None and isValid(self._sheet):
            self._sheet.hide()
            self._sheet.deleteLater()
        self._sheet = None

    @property
    def is_shown(self) -> bool:
        """Whether there is one."""
        return self._sheet is not None and isValid(self._sheet) and self._sheet.isVisible()

    @property
    def text(self) -> str:
        """What it says."""
        return self._sheet.browser.toPlainText() if self._sheet is not None else ""

    def ask(self, place: int, *, is_by_key: bool) -> None:
        """Ask what is known of a place; problems there come first."""
        served = self._served
        problems = [one for start, stop, one in served.pane.marks.shown if start <= place < max(stop, start + 1)]
        told = [f"**{plain(one.message)}**" + (f" *({plain(one.source)})*" if one.source else "") for one in problems]
        server = served.able("hoverProvider")
        if server is None:
            self._show(told, (place, place), is_by_key=is_by_key)
            return

        def take(found: Hover | None) -> None:
            span = bytes_of(self._code, found.range, server.encoding) if found and found.range else self._word(place)
            text = text_of(found.contents).strip() if found is not None else ""
            self._show([*told, *([text] if text else [])], span, is_by_key=is_by_key)

        served.ask(
            "hover", server, "textDocument/hover", {"position": served.position(server, place)}, Hover | None, take,
            (lambda why: served.note(why)) if is_by_key else None,
        )  # fmt: skip

    def hide(self) -> None:
        """Show none."""
        self._served.give_up("hover")
        self._code.host.view.removeEventFilter(self)
        if self.is_shown and self._sheet is not None:
            self._sheet.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """It goes with the focus, and by Escape before that gives up anything else."""
        if event.type() == QEvent.Type.FocusOut or event.type() == QEvent.Type.Wheel:
            self.hide()
        return False

    def _word(self, place: int) -> tuple[int, int]:
        send = self._code.send
        return send(SCI.SCI_WORDSTARTPOSITION, place, 1), send(SCI.SCI_WORDENDPOSITION, place, 1)

    def _show(self, parts: list[str], span: tuple[int, int], *, is_by_key: bool) -> None:
        if not parts:
            self.hide()
            if is_by_key:
                self._served.note(say("Nothing is known of this place"))
            return
        self._span, self._is_by_key = span, is_by_key
        window = self._served.pane.window()
        if self._sheet is None or not isValid(self._sheet) or self._sheet.window() is not window:
            self._sheet = Sheet(self._served.pane.theme, window)
        self._code.host.view.installEventFilter(self)
        self._sheet.show_text("\n\n---\n\n".join(parts), rect_of(self._code.host.view, self._code.send, span[0]))

    def _follow(self) -> None:
        if self.is_shown and self._is_by_key and not self._span[0] <= self._code.caret <= self._span[1]:
            self.hide()

    def _dwell(self, position: int, x: int, y: int) -> None:
        if position >= 0 and self._code.host.view.isActiveWindow():
            close = self._code.send(SCI.SCI_POSITIONFROMPOINTCLOSE, x, y)
            if close >= 0:
                self.ask(close, is_by_key=False)

    def _leave(self, *_: object) -> None:
        sheet = self._sheet
        if sheet is None or not self.is_shown or self._is_by_key:
            return
        # Who goes into the sheet with the mouse wants to read on.
        if not sheet.rect().adjusted(-8, -8, 8, 8).contains(sheet.mapFromGlobal(sheet.cursor().pos())):
            self.hide()


def rect_of(view: QWidget, send: object, position: int) -> QRect:
    """Where a letter stands on the screen."""
    x = send(SCI.SCI_POINTXFROMPOSITION, 0, position)  # type: ignore[operator]
    y = send(SCI.SCI_POINTYFROMPOSITION, 0, position)  # type: ignore[operator]
    height = send(SCI.SCI_TEXTHEIGHT, 0)  # type: ignore[operator]
    viewport = view.viewport()  # type: ignore[attr-defined]
    return QRect(viewport.mapToGlobal(QPoint(x, y)), QSize(1, height))
