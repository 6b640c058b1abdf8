"""The app and a file of it side by side: what is written at the right is what runs at the left.

The editor stands beside the window's body, in surroundings of its own, so that a layout that is built anew takes
nothing of it away. The folder is followed while it is open.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from kernel.error import EspalierError, Where
from kernel.words import say
from layouts.node import Node
from shell.live.inspected import node_of
from shell.pane_strip import PaneStrip
from shell.panes import end_all
from shell.publishing.published import keep_published
from widgets.build import Builder
from widgets.properties import let_go

if TYPE_CHECKING:
    from shell.window import Window

#: The app's part of the width, and the editor's.
_SHARES = (5, 4)


class Authoring(QSplitter):
    """Stands in the place of a window's body, which it holds, with the editor beside it.

    Args:
        window: A window of an app in a folder.

    Attributes:
        editor: The editor.
        path: The file, as the app names it.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(Qt.Orientation.Horizontal, window)
        self.setChildrenCollapsible(False)
        self._window = window
        self.path = ""
        self._body = window.body
        self._context = window.make_context_beside()
        Builder(self._context, window.kinds)
        end_all(window)
        window.show_in_place(self, self._body)
        self.addWidget(self._body)
        self._body.show()
        self._side = QWidget(self)
        self._column = QVBoxLayout(self._side)
        space = window.theme.space("wide")
        self._column.setContentsMargins(space, window.theme.space("tight"), space, space)
        self._column.setSpacing(0)
        self.strip = PaneStrip(window.theme, "", "close", say("Close the editor"), self.leave, self._side)
        self._column.addWidget(self.strip)
        self.editor: Any = self._context.build(Node("editor", "authored", {"minimap": False, "file": ""}), self._side)
        self._column.addWidget(self.editor, 1)
        self.addWidget(self._side)
        self._side.show()
        width = max(window.width(), 1)
        self.setSizes([width * share // sum(_SHARES) for share in _SHARES])
        self.show()
        self.splitterMoved.connect(lambda *_: self._make_room())
        self._make_room()
        self._developing = self._follow()
        self._unkeep = keep_published(window)

    def _make_room(self) -> None:
        """Problems of the app stand over the app alone."""
        panel = self._window.cards.made.get("problems")
        if panel is not None:
            panel.fit()

    def _follow(self) -> Any:
        """Follow the folder, unless ``espalier dev`` does."""
        session = self._window.session
        if session.before_reload is not None:
            return None
        from shell.live.developing import Developing

        return Developing(Path(self._window.app.folder), session)

    def open(self, path: str, line: int = 0) -> None:
        """Show a file of the app, at a line from 1; what is typed in the one before is written first.

        Raises:
            EspalierError: what is typed cannot be written.
        """
        if path != self.path:
            if self.editor.has_edits() and not self.editor.save():
                raise EspalierError(say("{path} is not written yet", path=self.path))
            self.editor.set_file(path)
            self.path = path
            self.strip.label.setText(path)
            self._lay_out()
        if line:
            self.editor.go_to_line(line)
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        """Lay out now what would be with the next paint, so that a line is brought into sight where it will stand."""
        self.refresh()
        for widget in (self.parentWidget(), self._side, self.editor, *self.editor.findChildren(QWidget)):
            if widget.layout() is not None:
                widget.layout().activate()

    def has_focus(self) -> bool:
        """Whether the person is in the editor."""
        return self._side.isAncestorOf(self._window.focusWidget() or self._window)

    def take_body(self, body: QWidget) -> None:
        """Another body stands in the place of the one before."""
        sizes = self.sizes()
        self.replaceWidget(0, body)
        self._body = body
        body.show()
        self.setSizes(sizes)

    def shown_at_caret(self) -> QWidget | None:
        """The widget that the caret stands in, by where the layout begins it: on its line, else on one before."""
        place, found = self.editor.caret_place(), []
        for widget in [self._body, *self._body.findChildren(QWidget)]:
            node = node_of(widget)
            if node is not None and node.where.file == self.path and widget.isVisible():
                found.append(((node.where.line, node.where.column), widget))
        found.sort(key=lambda one: one[0])
        before = [one for one in found if one[0] <= place]
        if before and before[-1][0][0] == place[0]:
            return before[-1][1]
        on_line = [one for one in found if one[0][0] == place[0]]
        return (on_line[:1] or before[-1:] or [(None, None)])[0][1]

    def leave(self) -> None:
        """Close the editor, when what is typed is written; the app has the window again."""
        if self.editor.has_edits() and not self.editor.save():
            return
        self.close_beside()
        from shell.focus_order import enter

        enter(self._body)

    def close_beside(self) -> None:
        """Close the editor; what is typed is kept by it."""
        self._window.cards.made.pop("authoring", None)
        if self._developing is not None:
            self._developing.stop()
        end_all(self._window)
        self._window.show_in_place(self._body, self)
        self._body.show()
        self.hide()
        let_go(self.editor)
        self._unkeep()
        self._context.disposers()
        self.deleteLater()


def authoring_of(window: Window) -> Authoring:
    """The editor beside a window's app, opened at first use.

    Raises:
        EspalierError: the app is not in a folder, or no plugin brings an editor.
    """
    found = window.beside
    if found is not None:
        return found
    if getattr(window.app, "folder", None) is None or window.body is None:
        hint = say("“Open an app…” takes the path of a folder, too")
        raise EspalierError(say("only an app in a folder of yours can be written here"), hint=hint)
    if "editor" not in window.kinds:
        raise EspalierError(say("no plugin brings an editor of files"))
    made = window.cards.made["authoring"] = Authoring(window)
    return made


def can_author(window: Window) -> bool:
    """Whether the app of a window can be written beside it."""
    return getattr(window.app, "folder", None) is not None and "editor" in window.kinds


def go_beside(window: Window, where: Where) -> None:
    """Go to a place of the app in the editor beside it."""
    authoring_of(window).open(where.file, where.line)
