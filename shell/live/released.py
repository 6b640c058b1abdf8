"""What of the app in a folder differs from what is released: the files at the left, the lines of one at the right."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from kernel.error import EspalierError
from kernel.wire.error import RemoteError
from kernel.words import say, say_count
from layouts.node import Node
from shell.publishing.difference import (
    KINDS,
    Side,
    changes,
    folder_side,
    is_unpublished,
    release_side,
    text_of,
)
from shell.search.change import FileChange
from shell.search.work import ChangedFiles, Work
from widgets import gui_thread
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from shell.window import Window

#: Kind of change → icon and colour.
_ICONS = {"added": ("add", "success"), "changed": ("edit", "info"), "removed": ("delete", "error")}
#: Keys of the list → what they do.
_KEYS = {
    Qt.Key.Key_Return: lambda page: page.go(),
    Qt.Key.Key_Enter: lambda page: page.go(),
    Qt.Key.Key_Delete: lambda page: page.take_back(),
}
#: The list's part of the width, and that of the lines.
_SHARES = (1, 3)


class _Files(QListWidget):
    """The files that differ; Return goes to one in the editor, Delete takes it back, F7 goes to the next difference."""

    def __init__(self, page: ReleasedPage) -> None:
        super().__init__(page)
        self._page = page
        self.setAccessibleName(say("Files that differ"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def event(self, event: QEvent) -> bool:  # Qt's name
        """Its keys are its own, whatever the window has them for."""
        if event.type() == QEvent.Type.ShortcutOverride and (event.key() in _KEYS or event.key() == Qt.Key.Key_F7):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """See the class."""
        key, is_back = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_F7:
            self._page.lines.step(-1 if is_back else 1)
        elif key in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            _KEYS[key](self._page)
        else:
            super().keyPressEvent(event)


class ReleasedPage(QWidget):
    """The page; it asks the server on a thread, and reads the folder anew after each change that it hears of.

    Args:
        window: A window of an app in a folder.
        ask: Answers what is released and what is in the folder; blocks, raises EspalierError.
        publish: Has the folder released, with a message.

    Attributes:
        files: The list.
        lines: The comparison of the current file.
        state: loading, error, equal or ready.
    """

    def __init__(
        self, window: Window, ask: Callable[[], tuple[Side, Side]], publish: Callable[[str], Any], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window, self._ask, self._publish = window, ask, publish
        self._sides: tuple[Side, Side] | None = None
        self._kinds: dict[str, str] = {}
        self.state = "loading"
        gui_thread.prepare()
        theme = window.theme
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        tint(self.note, theme, "color: ${muted}")
        self.files = _Files(self)
        assert window.context is not None
        self.lines: Any = window.context.build(Node("diff-view", "", {}), self)
        self.message = QLineEdit(self)
        self.message.setPlaceholderText(say("What has changed, for the log"))
        self.message.setAccessibleName(say("What has changed, for the log"))
        self.message.returnPressed.connect(self.publish)
        self.buttons = [
            self._button(say("Open in the editor"), say("Goes to the line of the difference (Return)"), self.go),
            self._button(say("Take the file back"), say("Makes it what is released (Delete)"), self.take_back),
            self._button(say("Publish"), say("Releases the folder"), self.publish),
        ]
        self.buttons[-1].setProperty("emphasis", "primary")
        self._lay_out()
        self.files.currentRowChanged.connect(self._show)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.renew)
        self._followed: Any = None
        self.setFocusProxy(self.files)

    def _lay_out(self) -> None:
        theme, column, row = self._window.theme, QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space("normal"))
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.space("normal"))
        split.addWidget(self.files)
        split.addWidget(self.lines)
        for index, share in enumerate(_SHARES):
            split.setStretchFactor(index, share)
        split.setSizes([share * 300 for share in _SHARES])
        open_, back, publish = self.buttons
        row.setSpacing(theme.space("normal"))
        row.addWidget(open_)
        row.addWidget(back)
        row.addWidget(self.message, 1)
        row.addWidget(publish)
        column.addWidget(self.note)
        column.addWidget(split, 1)
        column.addLayout(row)
        self._split = split

    def _button(self, text: str, tip: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(True)  # Return presses the one that has the focus
        button.clicked.connect(lambda: run())
        return button

    # -- comparing ----------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Ask again; what is shown stays until the answer comes."""
        if self._sides is None:
            self._tell("loading", say("Asking the server what is released…"))
        threading.Thread(
            target=_compare, args=(self._ask, gui_thread.listener(self._take)), name="compare releases", daemon=True
        ).start()

    def renew_soon(self) -> None:
        """The folder has changed."""
        self._soon.start()

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._sides, self._kinds = None, {}
            self._fill("")
            self._tell("error", str(answer))
            return
        chosen = self.path
        self._sides, self._kinds = answer, dict(changes(*answer))
        self._fill(chosen)
        name = answer[0].name
        if not self._kinds:
            self._tell("equal", say("Nothing differs from {name}", name=name))
            return
        files = say_count("{count:,} file differs", "{count:,} files differ", len(self._kinds))
        self._tell("ready", say("{files} from {name}", files=files, name=name) if name else
                   say("Nothing is released yet: all files are new"))  # fmt: skip

    def _tell(self, state: str, text: str) -> None:
        self.state = state
        self.note.setText(text)
        self.setAccessibleDescription(text)
        is_shown = state in ("loading", "ready")
        had_focus = self.isAncestorOf(self._window.focusWidget() or self._window)
        self.setFocusProxy(self.files if is_shown else None)
        self._split.setVisible(is_shown)
        if had_focus and not is_shown:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in self.buttons:
            button.setEnabled(state == "ready")

    def _fill(self, chosen: str) -> None:
        """List the files, with the one before as the current one."""
        theme, files = self._window.theme, self.files
        row = max(files.currentRow(), 0)
        files.blockSignals(True)
        files.clear()
        files.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
        for path, kind in self._kinds.items():
            item = QListWidgetItem(theme.icon(*_ICONS[kind]), path, files)
            item.setToolTip(path)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{path}, {say(KINDS[kind])}")
        files.blockSignals(False)
        paths = list(self._kinds)
        at = paths.index(chosen) if chosen in paths else min(row, len(paths) - 1)
        files.setCurrentRow(at)
        self._show(at)

    @property
    def path(self) -> str:
        """The current file; empty for none."""
        item = self.files.currentItem()
        return item.text() if item is not None else ""

    def _show(self, _row: int) -> None:
        """Compare the current file."""
        path = self.path
        texts = [text_of(side.contents.get(path, b"")) for side in self._sides or ()] if path else []
        is_text = len(texts) == 2 and None not in texts
        self.lines.set_title(path if is_text else say("{path} is no text", path=path) if path else "")
        self.lines.set_language(_language_of(path))
        self.lines.set_before(texts[0] if is_text else "")
        self.lines.set_after(texts[1] if is_text else "")

    # -- what is done with a file -------------------------------------------------------------------------------------

    def go(self) -> None:
        """Go to the place of the difference in the editor beside the app.

        What is removed has no place; the window is told so.
        """
        path = self.path
        if not path:
            return
        if self._kinds.get(path) == "removed":
            self._window.messages.report("info", say("{path} is not in the folder any more", path=path))
            return
        from shell.live.authoring import authoring_of

        try:
            beside = authoring_of(self._window)
            beside.open(path, self.line())
        except EspalierError as error:
            self._window.registry.fail("app.diff", error)
            return
        if self._followed is not beside.editor:
            self._followed = beside.editor
            beside.editor.saved.connect(self.renew_soon)

    def line(self) -> int:
        """The line in the folder's file of the row where the comparison is, from 1."""
        view = self.lines
        if view.index < 0:
            view.step(1)
        row = view.starts[view.index] if view.starts else 0
        places = [one.after for one in view.rows[row:] if one.after is not None]
        return places[0] + 1 if places else 1

    def take_back(self) -> None:
        """Make the current file what is released; one undo makes it again what it was."""
        path, sides = self.path, self._sides
        if not path or sides is None:
            return
        released, here = sides
        if path in released.hashes and path not in released.contents:
            self._window.messages.report("error", say("the server did not send {path}", path=path))
            return
        folder = Path(self._window.app.folder)
        before = bytes.fromhex(here.hashes[path]) if path in here.hashes else None
        change = FileChange(path, folder / path, before, None, released.contents.get(path))
        Work(self._window, [change], partial(self._hear_back, path))

    def _hear_back(self, path: str, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._window.messages.report("error", str(answer))
            self.renew()
            return
        ChangedFiles(self._window, answer, gui_thread.listener(self._hear_turn)).note(
            say("Take {path} back", path=path)
        )
        self._window.messages.report("success", say("{path} is as it was released; an undo takes that back", path=path))
        self.renew()

    def _hear_turn(self, _is_back: bool) -> None:
        self.renew()

    def publish(self) -> None:
        """Release what is shown."""
        if self.state == "ready":
            self._publish(self.message.text())


def _compare(ask: Callable[[], tuple[Side, Side]], bring: Callable[[Any], None]) -> None:
    try:
        bring(ask())
    except (EspalierError, OSError) as error:
        bring(error)
    except Exception as error:
        bring(EspalierError(say("The comparison failed: {reason}", reason=f"{type(error).__name__}: {error}")))
        raise  # a fault of ours, which the log is told with its place


def _language_of(path: str) -> str:
    from plugins.scintilla.language import language_of

    return language_of(path, b"").name


def compared(link: Callable[[], Any], app: str, folder: Path, channel: str) -> tuple[Side, Side]:
    """What is released and what is in the folder; contents of files that are alike are not fetched. Blocks.

    Raises:
        EspalierError: the server does not answer or app.toml is wrong.
    """
    from shell.publishing.client import Client

    here = folder_side(folder)
    try:
        return release_side(Client(link()), app, "", channel, here.hashes), here
    except RemoteError as error:
        if is_unpublished(error):
            return Side("", {}, {}), here
        raise


def show_released(window: Window, server: str, channel: str) -> ReleasedPage:
    """Show the page over the window's body.

    Raises:
        EspalierError: the app is not in a folder, no plugin compares texts, or there is no such server.
    """
    from shell.over import PageOver, show_page
    from shell.publishing.release import link_of

    folder = getattr(window.app, "folder", None)
    if folder is None:
        raise EspalierError(say("only an app in a folder of yours can be published here"))
    if "diff-view" not in window.kinds:
        raise EspalierError(say("no plugin compares texts"))
    app, session = window.app.info.name, window.session
    ask = partial(compared, partial(link_of, server, session), app, Path(folder), channel)

    def make(page: PageOver) -> QWidget:
        def publish(message: str) -> None:
            page.close_over()
            window.registry.run("app.publish", message=message, server=server)

        return ReleasedPage(window, ask, publish, page)

    title = say("What differs from the release")
    content = show_page(window, "released", title, make)
    content.renew()
    return content
