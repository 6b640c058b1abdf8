"""The bars of a web view: where it is and where to go, and what to find in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from plugins.api import Theme, say, tint
from plugins.chromium.address import SCHEME

#: What an address says of how it came → icon, colour, and what a tip and a screen reader say.
SECURITY: dict[str, tuple[str, str, str]] = {
    "app": ("package", "success", "A page of this app"),
    "secure": ("lock", "muted", "The connection is encrypted"),
    "open": ("unlock", "warning", "The connection is not encrypted: others can read and change what you see"),
    "broken": ("alert", "error", "The certificate of this server is not valid"),
    "local": ("globe", "muted", "A server on this machine"),
    "none": ("globe", "muted", "No page"),
}


def security_of(url: str, *, is_broken: bool = False) -> str:
    """A row of :data:`SECURITY` for an address."""
    scheme, _, rest = url.partition("://")
    if is_broken:
        return "broken"
    if scheme == SCHEME:
        return "app"
    if scheme == "https":
        return "secure"
    if scheme == "http":
        host = rest.partition("/")[0].rpartition("@")[2]
        is_here = host.startswith(("127.", "[::1]")) or host.partition(":")[0] == "localhost"
        return "local" if is_here else "open"
    return "none"


class Browsed(Protocol):
    """What the bars do to the view."""

    def back(self) -> None: ...

    def forward(self) -> None: ...

    def reload(self) -> None: ...

    def stop(self) -> None: ...

    def go(self, typed: str) -> None: ...

    def find(self, text: str, *, is_back: bool = False) -> None: ...

    def end_find(self) -> None: ...


class Line(QLineEdit):
    """A line whose Escape is its bar's."""

    escaped = Signal()

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Escape is kept from the window's commands."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape is told."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class NavigationBar(QWidget):
    """Back, forward, reload or stop, and the address with its state of security."""

    def __init__(self, view: Browsed, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._view = theme, view
        self._url, self._state, self._is_loading = "", "none", False
        self.back = _button(self, theme, "arrow-left", say("Back"), view.back)
        self.forward = _button(self, theme, "arrow-right", say("Forward"), view.forward)
        self.reload = _button(self, theme, "refresh", say("Reload"), self._press_reload)
        self.address = Line(self)
        self.address.setAccessibleName(say("Address"))
        self.address.setPlaceholderText(say("Address"))
        self.state = self.address.addAction(theme.icon("globe", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.address.returnPressed.connect(lambda: view.go(self.address.text()))
        self.address.escaped.connect(self._give_up)
        row = QHBoxLayout(self)
        tight = theme.space("tight")
        row.setContentsMargins(tight, tight, tight, tight)
        row.setSpacing(tight)
        for part in (self.back, self.forward, self.reload):
            row.addWidget(part)
        row.addWidget(self.address, 1)
        self.show_history(False, False)

    def show_address(self, url: str, state: str) -> None:
        """The address of the page that is shown; what somebody is typing stays."""
        self._url, self._state = url, state
        if not (self.address.hasFocus() and self.address.isModified()):
            self._show()

    def show_history(self, has_back: bool, has_forward: bool) -> None:
        """Which ways there are."""
        self.back.setEnabled(has_back)
        self.forward.setEnabled(has_forward)

    def show_loading(self, is_loading: bool) -> None:
        """While a page comes the button stops it."""
        self._is_loading = is_loading
        title = say("Stop") if is_loading else say("Reload")
        self.reload.setIcon(self._theme.icon("close" if is_loading else "refresh"))
        self.reload.setToolTip(title)
        self.reload.setAccessibleName(title)

    def enter(self) -> None:
        """Go into the address, with all of it chosen."""
        self.address.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.address.selectAll()

    def _show(self) -> None:
        icon, tone, said = SECURITY[self._state]
        self.address.setText("" if self._url == "about:blank" else self._url)
        self.address.setCursorPosition(0)
        self.state.setIcon(self._theme.icon(icon, tone))
        self.state.setToolTip(say(said))
        self.address.setAccessibleDescription(say(said))

    def _give_up(self) -> None:
        self.address.setModified(False)
        self._show()
        self._view.setFocus()  # type: ignore[attr-defined]

    def _press_reload(self) -> None:
        (self._view.stop if self._is_loading else self._view.reload)()


class FindBar(QWidget):
    """What to find in the page, and which hit it is of how many."""

    def __init__(self, view: Browsed, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.line = Line(self)
        self.line.setPlaceholderText(say("Find in the page"))
        self.line.setAccessibleName(say("Find in the page"))
        self.line.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.textEdited.connect(view.find)
        self.line.returnPressed.connect(lambda: view.find(self.line.text()))
        self.line.escaped.connect(self.close_bar)
        self.line.setMaximumWidth(theme.length(320))
        self.label = QLabel(self)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.label.setMinimumWidth(theme.length(90))
        tint(self.label, theme, "color: ${muted}")
        before = lambda: view.find(self.line.text(), is_back=True)  # noqa: E731
        row = QHBoxLayout(self)
        tight = theme.space("tight")
        row.setContentsMargins(theme.space("normal"), tight, tight, tight)
        row.setSpacing(tight)
        row.addWidget(self.line, 2)
        row.addWidget(_button(self, theme, "chevron-up", say("Previous"), before))
        row.addWidget(_button(self, theme, "chevron-down", say("Next"), lambda: view.find(self.line.text())))
        row.addWidget(self.label, 3)
        row.addWidget(_button(self, theme, "close", say("Close (Escape)"), self.close_bar))
        self.hide()

    def open(self) -> None:
        """Go into the line, with all of it chosen."""
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def show_count(self, at: int, count: int) -> None:
        """The hit that is shown, from 1, and how many there are."""
        text = say("{at} of {count}", at=at, count=count) if count else say("Nothing found")
        self.label.setText(text if self.line.text() else "")
        self.label.setAccessibleName(text)

    def close_bar(self) -> None:
        """Look for nothing any more."""
        self.hide()
        self._view.end_find()


def _button(parent: QWidget, theme: Theme, icon: str, title: str, act: Callable[[], None]) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(theme.icon(icon))
    button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
    button.setToolTip(title)
    button.setAccessibleName(title)
    button.clicked.connect(lambda _checked=False: act())
    return button
