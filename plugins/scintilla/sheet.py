"""A small sheet of Markdown over the window: what is known of a word, or of a completion. It never takes the focus."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from plugins.api import Theme, tint

#: Its largest size at 100 %, in pixels.
WIDTH, HEIGHT = 560, 280
_SHEET = (
    "#sheet {{ background: ${{raised}}; border: 1px solid ${{line}}; border-radius: {radius}px }}"
    " QTextBrowser {{ background: transparent; border: none; padding: 0; margin: 0; color: ${{text}} }}"
)


class _Browser(QTextBrowser):
    """Shows Markdown and loads nothing from anywhere."""

    def loadResource(self, kind: int, name: QUrl | str) -> None:  # Qt's name
        """Images of a documentation are not fetched."""
        return None


class Sheet(QFrame):
    """One sheet of a window, used again and again."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.setObjectName("sheet")
        self.browser = _Browser(self)
        self.browser.setFrameShape(QFrame.Shape.NoFrame)
        self.browser.setOpenLinks(False)
        self.browser.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.browser.anchorClicked.connect(_follow)
        self.hide()

    def show_text(self, markdown: str, at: QRect, *, is_beside: bool = False) -> None:
        """Show a text above or below a place of the screen, or beside it; inside of the window.

        Args:
            at: In global pixels.
            is_beside: To the right of it, or to the left where there is no room.
        """
        theme = self._theme
        tint(self, theme, _SHEET.format(radius=theme.length(6)))
        self.browser.setFont(theme.font("body"))
        self._fill(self.browser.document(), markdown)
        # Measured apart: the browser's own document is as wide as the browser is now.
        measured = QTextDocument(self)
        self._fill(measured, markdown)
        most = min(theme.length(WIDTH), self.window().width() - theme.length(24))
        measured.setTextWidth(most)
        width = min(most, math.ceil(measured.idealWidth()) + 2)
        measured.setTextWidth(width)
        height = min(math.ceil(measured.size().height()), theme.length(HEIGHT))
        is_long = measured.size().height() > height
        measured.deleteLater()
        self.resize(width + (theme.length(14) if is_long else 2), height + 2)
        self.browser.setGeometry(self.rect().adjusted(1, 1, -1, -1))
        self.move(self._corner(at, is_beside=is_beside))
        self.setAccessibleName(self.browser.toPlainText()[:500])
        self.show()
        self.raise_()

    def _fill(self, document: QTextDocument, markdown: str) -> None:
        document.setDefaultFont(self._theme.font("body"))
        document.setDocumentMargin(self._theme.length(8))
        features = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
        document.setMarkdown(markdown, features)

    def _corner(self, at: QRect, *, is_beside: bool) -> QPoint:
        room, gap = self.window().rect(), 2
        place = QRect(self.window().mapFromGlobal(at.topLeft()), at.size())
        if is_beside:
            x = place.right() + gap
            if x + self.width() > room.right():
                x = place.left() - gap - self.width()
            y = place.top()
        else:
            x = place.left()
            y = place.top() - gap - self.height()
            if y < 0:
                y = place.bottom() + gap
        return QPoint(max(0, min(x, room.right() - self.width())), max(0, min(y, room.bottom() - self.height())))


def _follow(link: QUrl) -> None:
    if link.scheme() in ("http", "https"):
        QDesktopServices.openUrl(link)
