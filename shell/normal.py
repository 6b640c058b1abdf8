"""Keys of one window in a keymap with modes: heard before the focused widget has them, fields of forms included.

A field of a form is arrived at in ``normal`` mode: letters are keys there until the person begins to type. Other boxes
for text are typed into at once. Imported when a keymap with modes is in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from shell.cursor_view import FIELD_KINDS
from shell.dispatch import is_typing
from shell.focus import around, kind_of
from shell.keymap import NORMAL
from shell.mode import INSERT, key_mode
from widgets.outside import is_inside

if TYPE_CHECKING:
    from shell.dispatch import Dispatcher
    from shell.window import Window


#: Mode → the tone of its sign; others are warned of, since letters do something unusual there.
_TONES: dict[str, str] = {NORMAL: "info", INSERT: "success"}


class NormalMode(QObject):
    """Stands before the focused widget while the keymap has modes."""

    def __init__(self, window: Window, dispatcher: Dispatcher) -> None:
        super().__init__(window)
        self._window, self._dispatcher = window, dispatcher
        self._watched: QWidget | None = None
        self._is_watching_field = False
        self._typed_into: QWidget | None = None
        QApplication.instance().focusChanged.connect(self._follow)
        self._stop_watching = dispatcher.modes.watch(self._show_mode)
        self._show_mode()
        self._follow(None, QApplication.focusWidget())
        self._begin()

    def end(self) -> None:
        """The keymap has no modes any more, or the window closes."""
        QApplication.instance().focusChanged.disconnect(self._follow)
        self._watch(None)
        self._typed_into = None
        self._stop_watching()
        self._window.bar.show_mode("", "info")
        self.deleteLater()

    def _show_mode(self) -> None:
        """Say the mode beside the title; a widget with modes of its own says them itself."""
        modes = self._dispatcher.modes
        name = "" if modes.own else modes.name
        self._window.bar.show_mode(name.upper(), _TONES.get(name, "warning"))

    def _begin(self) -> None:
        """Where a window begins in an empty search box, go to its list: letters would be typed, not be keys."""
        focus = self._window.focusWidget()
        if focus is not None and kind_of(focus) == "search" and not focus.text():
            from shell.action.cursor import leave_search

            leave_search(self._window)

    def holds(self, widget: QWidget | None) -> bool:
        """Whether letters are keys in a widget that would type them."""
        if widget is None or widget is self._typed_into:
            return False
        if widget is not self._watched:
            return is_typing(widget) and self._is_field(widget)
        return self._is_watching_field and is_typing(widget)

    def type_here(self) -> bool:
        """Let the focused field be typed into; False when it is none."""
        focus = QApplication.focusWidget()
        if focus is None or not is_typing(focus) or not self._is_field(focus):
            return False
        self._typed_into = focus
        return True

    def stop_typing(self) -> bool:
        """Letters are keys again in the field; False when none was typed into."""
        was_typed = self._typed_into is not None and self._typed_into is QApplication.focusWidget()
        self._typed_into = None
        return was_typed

    def _is_field(self, widget: QWidget) -> bool:
        if not _may_type(widget) or not is_inside(self._window, widget) or key_mode(widget):
            return False
        return any(kind_of(one) in FIELD_KINDS for one in around(widget, self._window))

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        is_here = new is not None and is_inside(self._window, new)
        if new is not self._typed_into and new is not None:
            self._typed_into = None
        self._watch(new if is_here and not _is_page(new) else None)
        self._dispatcher.modes.tell()

    def _watch(self, widget: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = widget
        # Where it stands does not change while it has the focus.
        self._is_watching_field = widget is not None and self._is_field(widget)
        if widget is not None:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key that is bound in normal mode is not the widget's; nothing is composed into a field there."""
        kind = event.type()
        if kind == QEvent.Type.InputMethod and watched is self._watched:
            return self.holds(self._watched)
        if kind != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or watched is not self._watched:
            return False
        modes = self._dispatcher.modes
        if modes.own or not (self._is_leaving(event) or NORMAL in modes.names()):
            return False
        if self._dispatcher.offer(event):
            event.accept()
            return True
        return False

    def _is_leaving(self, event: QKeyEvent) -> bool:
        """Whether it is Escape in an editor of a cell or a field, which no list of choices wants for itself."""
        if event.key() != Qt.Key.Key_Escape or event.modifiers() or not is_typing(self._watched):
            return False
        widget: QWidget | None = self._watched
        while widget is not None and not hasattr(widget, "is_listing"):
            widget = widget.parentWidget()
        return widget is not None and not widget.is_listing


def _may_type(widget: QWidget) -> bool:
    """Whether texts are typed into it, at times at least: one that is only shown for now may be opened later."""
    return is_typing(widget) or widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def _is_page(widget: QWidget) -> bool:
    """Whether it is a part of Chromium, which has its keys by itself."""
    return widget.metaObject().className().startswith("QtWebEngine")
