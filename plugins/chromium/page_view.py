"""Chromium's view, with a menu of its own, and keys that are handed on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView

#: What the menu of a page offers; what reads or writes files beside downloads is left out.
_MENU = (
    "Back", "Forward", "Stop", "Reload", "Undo", "Redo", "Cut", "Copy", "Paste", "PasteAndMatchStyle", "SelectAll",
    "CopyLinkToClipboard", "CopyImageToClipboard", "CopyImageUrlToClipboard", "DownloadLinkToDisk",
    "DownloadImageToDisk",
)  # fmt: skip
_Action = QWebEnginePage.WebAction


class PageView(QWebEngineView):
    """Chromium's view with a menu of what may be done here."""

    def contextMenuEvent(self, event: Any) -> None:  # Qt's name
        """The menu of the place under the pointer."""
        if self.lastContextMenuRequest() is None:  # the page has not been asked what is there
            return
        menu = self.createStandardContextMenu()
        kept = {self.pageAction(_Action[name]) for name in _MENU if name in _Action.__members__}
        for action in menu.actions():
            if action not in kept:
                menu.removeAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.actions():
            menu.popup(event.globalPos())


def copy_key(event: QKeyEvent, kind: QEvent.Type) -> QKeyEvent:
    """The same key as an event of another kind."""
    return QKeyEvent(kind, event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count())
