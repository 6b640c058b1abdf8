"""A window that a page opens to have somebody sign in: a card over the view, with its address, in the same profile.

The page that has opened it stays and is told what the other one has to say (``window.opener``), as sign-in services
need it. One at a time for a view; only a click opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWebEngineCore import QWebEngineNewWindowRequest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from plugins.api import say
from plugins.chromium.address import WEB
from plugins.chromium.bars import SECURITY, security_of
from plugins.chromium.page import Page

if TYPE_CHECKING:
    from plugins.chromium.profiles import Profile
    from plugins.chromium.web import Web

#: Pixels around the card at 100 %.
_AROUND = 28


class Popup(QFrame):
    """See the module.

    Args:
        web: The view; the card stands over its ground.
        profile: Chromium's profile.

    Attributes:
        page: What it shows; None once it is closed.
    """

    closed = Signal()

    def __init__(self, web: Web, profile: Profile) -> None:
        super().__init__(web.ground)
        self._theme, self._around = web.context.theme, web.context.theme.length(_AROUND)
        theme = self._theme
        self.setObjectName("web-popup")
        self.view = QWebEngineView(self)
        self.page: Page | None = Page(profile.engine, WEB, web, profile.permissions, self.view)
        self.page.take_theme(theme)
        self.view.setPage(self.page)
        self.state, self.address = QLabel(self), QLabel(self)
        self.address.setTextFormat(Qt.TextFormat.PlainText)
        self.address.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QToolButton(self)
        self.button.setIcon(theme.icon("close"))
        self.button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        self.button.setToolTip(say("Close (Escape)"))
        self.button.setAccessibleName(say("Close (Escape)"))
        self.button.clicked.connect(self.end)
        self._lay_out()
        self.page.urlChanged.connect(lambda _url: self._show_place())
        self.page.windowCloseRequested.connect(self.end)
        self.page.titleChanged.connect(self.setAccessibleName)
        theme.changed.connect(self._dress)
        profile.ending.connect(self.end)
        web.ground.installEventFilter(self)
        self._dress()
        self._show_place()

    def open(self, request: QWebEngineNewWindowRequest) -> None:
        """Show what the page has asked for; the two know of each other."""
        assert self.page is not None
        request.openIn(self.page)
        self._place(self.parentWidget())
        self.show()
        self.raise_()
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)

    def end(self) -> None:
        """Close it, and delete its page before the profile goes."""
        page, self.page = self.page, None
        if page is None:
            return
        page.sign_ins.withdraw()
        self.hide()
        self.view.setPage(None)
        page.setParent(None)
        page.deleteLater()
        self.closed.emit()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape closes it, where the page has no use for the key."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """It keeps its place within the view."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._place(watched)
        return False

    def _place(self, ground: Any) -> None:
        around = min(self._around, ground.width() // 8, ground.height() // 8)
        self.setGeometry(ground.rect().adjusted(around, around, -around, -around))

    def _lay_out(self) -> None:
        tight, normal = self._theme.space("tight"), self._theme.space("normal")
        row = QHBoxLayout()
        row.setContentsMargins(normal, tight, tight, tight)
        row.setSpacing(normal)
        row.addWidget(self.state)
        row.addWidget(self.address, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)

    def _show_place(self) -> None:
        if self.page is None:
            return
        url = self.page.url()
        icon, tone, said = SECURITY[security_of(url.toString())]
        size = self._theme.icon_size()
        self.state.setPixmap(self._theme.icon(icon, tone).pixmap(size, size))
        self.state.setToolTip(say(said))
        # Who asks for a password is what counts: the host, and nothing that a page can make look like one.
        port = f":{url.port()}" if url.port() > 0 else ""
        self.address.setText(f"{url.host()}{port}" if url.host() else say("A new window"))
        self.address.setToolTip(url.toString()[:400])
        self.address.setAccessibleDescription(say(said))

    def _dress(self) -> None:
        ground, line = self._theme.color("raised").name(), self._theme.color("line").name()
        self.setStyleSheet(f"#web-popup {{ background: {ground}; border: 1px solid {line} }}")
