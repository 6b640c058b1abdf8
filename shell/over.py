"""A page over what a window shows: a table that no view shows, a file of the app. Escape leads back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from kernel.error import EspalierError
from kernel.words import say
from layouts.node import Node
from widgets.record.cover import Cover
from widgets.record.surroundings import inner

if TYPE_CHECKING:
    from shell.window import Window


class PageOver(Cover):
    """Covers a window's body until it is closed.

    Args:
        window: The window.
        name: What it shows, to find it again.
        title: Its heading.
    """

    def __init__(self, window: Window, name: str, title: str) -> None:
        super().__init__(window.body)
        self.setObjectName("page-over")
        self.name, self._window = name, window
        self.content: Any = None
        theme, self._before = window.theme, window.focusWidget()
        self.setAccessibleName(title)
        heading = QLabel(title, self)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setFont(theme.font("heading"))
        close = QToolButton(self)
        close.setIcon(theme.icon("close"))
        close.setToolTip(say("Back to the app (Escape)"))
        close.setAccessibleName(say("Back to the app"))
        close.setAutoRaise(True)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.close_over)
        self.line, self._column = QHBoxLayout(), QVBoxLayout(self)
        self.line.addWidget(heading, 1)
        self.line.addWidget(close)
        space = theme.space("normal")
        self._column.setContentsMargins(space, space // 2, space, space)
        self._column.setSpacing(theme.space("tight"))
        self._column.addLayout(self.line)

    def hold(self, content: QWidget) -> None:
        """Show a widget below the heading."""
        self.content = content
        self._column.addWidget(content, 1)
        self.appear()
        self.focus_first()

    def focus_first(self) -> None:
        """Go to what is shown."""
        from shell.focus_order import enter

        if self.content is not None:
            enter(self.content)

    def close_over(self) -> None:
        """Go back to where the person was; what is typed and not written keeps it open."""
        from shiboken6 import isValid

        if getattr(self.content, "has_edits", bool)() and not self._take_typed():
            return
        self.give_back()
        if self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.content in self._window.context.built:
            self._window.context.discard(self.content)
        self.deleteLater()

    def _take_typed(self) -> bool:
        """Take what is typed in a cell, write what is typed in a file; whether that could be done."""
        take = getattr(getattr(self.content, "editing", None), "accept", None) or getattr(self.content, "save", bool)
        return bool(take())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape leads back, when what is shown has no use for it."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.close_over()
        else:
            super().keyPressEvent(event)


def show_page(window: Window, name: str, title: str, make: Callable[[PageOver], QWidget]) -> Any:
    """The content of a page over the window's body; one that is open already comes to the front."""
    for page in window.findChildren(PageOver):
        if page.name == name and not page.isHidden():
            page.raise_()
            page.focus_first()
            return page.content
    page = PageOver(window, name, title)
    page.hold(make(page))
    return page.content


def browse(window: Window, source: str, table: str, title: str) -> Any:
    """A list of all rows of a table, with the filters and the search of every grid; answers it."""
    from widgets.grid import Grid

    handle = window.tables.take(source, table)

    def make(page: PageOver) -> QWidget:
        properties = {"table": "rows", "name": title, "empty": say("There are no rows")}
        return Grid(Node("grid", "", properties), inner(window.context, {"rows": handle}), page)

    return show_page(window, f"table {source}/{table}", title, make)


def edit_file(window: Window, path: str, line: int = 0) -> Any:
    """An editor of a file of the app, or with its permission of any; answers it.

    Raises:
        EspalierError: no plugin brings an editor.
    """
    if "editor" not in window.kinds:
        raise EspalierError(say("no plugin brings an editor of files"))
    node = Node("editor", "", {"file": path})
    editor = show_page(window, f"file {path}", path, lambda page: window.context.build(node, page))
    if line and hasattr(editor, "run_line"):
        editor.run_line(str(line))
    return editor
