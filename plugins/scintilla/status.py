"""The line below the text: where the caret stands, what is selected, language, encoding, line ends, indentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from plugins.api import say, say_count, tint
from plugins.scintilla.document import ENCODINGS, LINE_ENDS
from plugins.scintilla.host import SCI
from plugins.scintilla.language import LANGUAGES

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane

_TABS = (2, 3, 4, 8)


class Status(QWidget):
    """Tells, and lets choose what it tells by small menus.

    Attributes:
        is_off: Whether it is not shown and tells nothing.
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.is_off = False
        # It fills all of itself: what lies below it need not be painted whenever the caret moves.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._said: tuple[str, tuple[int, int]] = ("", (0, 0))
        theme = pane.theme
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space("normal"), 1, theme.space("tight"), 0)
        row.setSpacing(theme.space("tight"))
        self.mode = QLabel(self)
        self.mode.hide()
        row.addWidget(self.mode)
        self.note = QLabel(self)
        row.addWidget(self.note, 1)
        self.place = self._button(say("Go to line"), None)
        self.indent = self._button(say("Indentation"), self._fill_indent)
        self.encoding = self._button(say("Encoding"), self._fill_encoding)
        self.line_end = self._button(say("Line ends"), self._fill_line_end)
        self.language = self._button(say("Language"), self._fill_language)
        self.server = self._button(say("Language servers"), self._fill_servers)
        self.branch = self._button(say("Changes"), self._fill_changes)
        for button in (self.server, self.branch):
            row.insertWidget(2, button)
            button.hide()
        for button in (self.place, self.indent, self.encoding, self.line_end, self.language):
            row.addWidget(button)
        self.place.clicked.connect(lambda: self._pane.find_bar().open_go_to())
        theme.changed.connect(self._dress)
        self._dress()

    def tell(self) -> None:
        """Say how it is now."""
        pane, code, send = self._pane, self._pane.code, self._pane.code.send
        if self.is_off:
            return
        line, letter = code.place_of(code.caret)
        _say(self.place, say("Ln {line}, Col {column}", line=f"{line + 1:,}", column=f"{letter + 1:,}"))
        self.note.setText(say("Tab leaves the editor") if code.leaves else self._note())
        self._tell_changes()
        self._tell_mode()
        width = send(SCI.SCI_GETTABWIDTH)
        tabs, spaces = say("Tabs: {width}", width=width), say("Spaces: {width}", width=width)
        _say(self.indent, tabs if send(SCI.SCI_GETUSETABS) else spaces)
        _say(self.encoding, pane.form.title)
        _say(self.line_end, pane.form.line_end_title)
        _say(self.language, code.language.title)

    def say(self, text: str) -> None:
        """Tell this before all else, until the caret or the text is elsewhere."""
        self._said = text, self._place()
        self.note.setText(text)

    def _place(self) -> tuple[int, int]:
        return self._pane.code.caret, self._pane.code.length

    def _tell_changes(self) -> None:
        changes = self._pane.changes
        found = changes.found if changes is not None else None
        self.branch.setVisible(found is not None and bool(found.title))
        if found is not None and found.title:
            from plugins.scintilla.gutter.told import counted

            _say(self.branch, found.title)
            self.branch.setToolTip(counted(found))
            self.branch.setAccessibleDescription(f"{found.title}: {counted(found)}")

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A quiet ground, and a line above."""
        painter, theme = QPainter(self), self._pane.theme
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))

    def _note(self) -> str:
        """What is worth saying of text and selection."""
        pane, code = self._pane, self._pane.code
        if self._said[0] and self._said[1] == self._place():
            return self._said[0]
        count = code.send(SCI.SCI_GETSELECTIONS)
        start, stop = code.selection
        parts = []
        if code.is_read_only:
            parts.append(say("Read-only"))
        if pane.is_broken:
            parts.append(say("Long lines are shown in parts"))
        if pane.assisted is not None and pane.assisted.is_too_large:
            parts.append(say("Large text: no language servers"))
        if code.is_large:
            parts.append(say("Large text: no colours"))
        if count > 1:
            parts.append(say_count("{count} selection", "{count} selections", count))
        elif stop > start and stop - start < 1 << 20:
            letters = code.send(SCI.SCI_COUNTCHARACTERS, start, stop)
            parts.append(say_count("{count} letter selected", "{count} letters selected", letters))
        return " · ".join(parts)

    def _tell_mode(self) -> None:
        """The mode, and before all else what is typed of a command or what the last one said."""
        modal = self._pane.modal
        self.mode.setVisible(modal is not None)
        if modal is None:
            return
        from plugins.scintilla.modal.told import mode_title, told

        title = mode_title(modal.engine)
        if self.mode.text() != title:
            self.mode.setText(title)
            self.mode.setAccessibleName(title)
        if text := told(modal.engine):
            self.note.setText(text)

    def _button(self, tip: str, fill: Any) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        if fill is not None:
            menu = QMenu(button)
            menu.aboutToShow.connect(lambda: (menu.clear(), fill(menu)))
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _fill_indent(self, menu: QMenu) -> None:
        send = self._pane.code.send
        now = send(SCI.SCI_GETTABWIDTH), send(SCI.SCI_GETUSETABS)
        for uses_tabs, title in ((0, say("Spaces")), (1, say("Tabs"))):
            for width in _TABS:
                entry = menu.addAction(f"{title}: {width}", lambda w=width, t=uses_tabs: self._indent(w, t))
                _tick(entry, now == (width, uses_tabs))
            menu.addSeparator()

    def _indent(self, width: int, uses_tabs: int) -> None:
        self._pane.code.set_tab_width(width)
        self._pane.code.set_tabs(bool(uses_tabs))
        self.tell()

    def _fill_encoding(self, menu: QMenu) -> None:
        pane = self._pane
        for name, title in ENCODINGS.items():
            for has_mark in (False, True) if name == "utf-8" else (name.startswith("utf"),):
                shown = title + (say(" with BOM") if has_mark and name == "utf-8" else "")
                new = pane.form._replace(encoding=name, has_mark=has_mark)
                _tick(menu.addAction(shown, lambda new=new: pane.set_form(new)), new == pane.form)
        menu.setEnabled(not pane.code.is_read_only)

    def _fill_line_end(self, menu: QMenu) -> None:
        pane = self._pane
        for end, name in LINE_ENDS.items():
            new = pane.form._replace(line_end=end, is_mixed=False)
            _tick(menu.addAction(name, lambda new=new: pane.set_form(new)), new == pane.form)
        menu.setEnabled(not pane.code.is_read_only and not pane.is_broken)

    def _fill_language(self, menu: QMenu) -> None:
        for language in sorted(LANGUAGES, key=lambda one: one.title.casefold()):
            entry = menu.addAction(language.title, lambda name=language.name: self._pane.set_language(name))
            _tick(entry, language is self._pane.code.language)

    def _fill_servers(self, menu: QMenu) -> None:
        from plugins.scintilla.language_client.state_line import fill_menu

        if self._pane.served is not None:
            fill_menu(self._pane.served, menu)

    def _fill_changes(self, menu: QMenu) -> None:
        from plugins.scintilla.gutter.told import fill_menu

        if self._pane.changes is not None:
            fill_menu(self._pane.changes, menu)

    def _dress(self) -> None:
        theme = self._pane.theme
        font = theme.font("caption")
        muted = theme.color("muted").name()
        rest = "padding: 1px 6px; margin: 0; min-height: 0; border-radius: 4px"
        sheet = f"QToolButton {{ color: {muted}; border: none; {rest} }}"
        sheet += (
            f" QToolButton:hover {{ background: {theme.color('hover').name()}; color: {theme.color('text').name()} }}"
        )
        sheet += " QToolButton::menu-indicator { image: none; width: 0 }"
        focus = theme.color("focus").name()
        sheet += f" QToolButton:focus {{ border: 1px solid {focus} }} QLabel {{ color: {muted} }}"
        self.setStyleSheet(sheet)
        buttons = (self.server, self.branch, self.place, self.indent, self.encoding, self.line_end, self.language)
        for part in (self.mode, self.note, *buttons):
            part.setFont(font)
        tint(self.mode, theme, "color: ${text}; font-weight: 600; padding-right: 6px")


def _say(button: QToolButton, text: str) -> None:
    if button.text() != text:
        button.setText(text)
        button.setAccessibleDescription(text)


def _tick(entry: Any, is_now: bool) -> None:
    entry.setCheckable(True)
    entry.setChecked(is_now)
