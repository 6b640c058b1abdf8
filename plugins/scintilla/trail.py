"""The line above a file's text that says where the caret is: file, class, function; each opens a list of its siblings.

It follows the caret after a pause, so that a key costs nothing but a timer that starts anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from plugins.api import say, tint
from plugins.scintilla.going import go_to_file, remember
from plugins.scintilla.outline import Named
from plugins.scintilla.syntax_tree import LARGEST

if TYPE_CHECKING:
    from plugins.scintilla.file_text import FileText

#: A pause of the caret, in ms; files of a folder that are listed.
PAUSE_MS, MOST = 150, 500
#: Quiet and flat, in one line with the text.
_SHEET = """
QToolButton { color: ${muted}; background: transparent; border: none; padding: 1px 4px; min-height: 0; }
QToolButton:hover { color: ${text}; background: ${hover}; border-radius: 3px; }
QLabel { color: ${muted}; }
"""
#: Opens another list; None where there is none.
Way = Callable[[], Any] | None


class Trail(QWidget):
    """The line of one file.

    Attributes:
        names: The named parts around the caret, the outermost first.
    """

    def __init__(self, file: FileText) -> None:
        super().__init__(file)
        self._file, self._code, self._theme = file, file.pane.code, file.context.theme
        self.names: list[Named] = []
        self._buttons: list[QToolButton] = []
        self._signs: list[QLabel] = []
        # As narrow as its place: names that have no room are left out.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(self._theme.space("tight"), 0, self._theme.space("tight"), 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._code.moved.connect(self._pause.start)
        self._code.loaded.connect(self._pause.start)
        self.setAccessibleName(say("Where the caret is"))
        tint(self, self._theme, _SHEET)
        self._show()

    # -- where it is --------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Say where the caret is now."""
        self._pause.stop()
        names = self._file.pane.syntax.trail(self._language, self._code.caret) if self._is_small else []
        if names != self.names:
            self.names = names
            self._show()

    @property
    def _language(self) -> str:
        return self._code.language.name

    @property
    def _is_small(self) -> bool:
        """Whether the text has a syntax tree at all; larger ones are not even read."""
        return self._code.length <= LARGEST

    def texts(self) -> list[str]:
        """What it says, the file first; for tests and screen readers."""
        return [self._file.path, *(one.name for one in self.names)]

    def _show(self) -> None:
        texts = self.texts()
        while len(self._buttons) < len(texts):
            self._add()
        for place, button in enumerate(self._buttons):
            is_shown = place < len(texts)
            button.setVisible(is_shown)
            if place:
                self._signs[place - 1].setVisible(is_shown)
            if is_shown:
                button.setText(texts[place])
                button.setAccessibleName(texts[place])
        self.setAccessibleDescription(" › ".join(texts))
        self._fit()

    def _add(self) -> None:
        place = len(self._buttons)
        if place:
            sign = QLabel("›", self)
            self._signs.append(sign)
            self._row.insertWidget(self._row.count() - 1, sign)
        button = QToolButton(self)
        button.setFont(self._theme.font("caption"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(say("What stands beside it"))
        button.clicked.connect(lambda: self.open(place))
        self._buttons.append(button)
        self._row.insertWidget(self._row.count() - 1, button)

    def _fit(self) -> None:
        """Leave the outer names out where there is no room for all, never the last one."""
        count = len(self.names) + 1
        sign = self.fontMetrics().horizontalAdvance("› … ›")
        widths = [button.sizeHint().width() + sign // 3 for button in self._buttons[:count]]
        left, room = 1, self.width() - 2 * self._theme.space("tight") - sign
        while left < count - 1 and widths[0] + sum(widths[left:]) > room:
            left += 1
        for place in range(1, count):
            self._buttons[place].setVisible(place >= left)
            self._signs[place - 1].setVisible(place >= left)
            self._signs[place - 1].setText("› … ›" if place == left > 1 else "›")

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """Another width has room for other names."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """A quiet ground."""
        QPainter(self).fillRect(event.rect(), self._theme.color("sunken"))

    # -- lists --------------------------------------------------------------------------------------------------------

    def open_last(self) -> None:
        """List what stands beside the innermost name; beside the file where there is none."""
        self.look()
        self.open(len(self.names))

    def open(self, place: int) -> None:
        """List what stands beside a part of the line: 0 is the file."""
        self.look()
        place = min(place, len(self.names))
        if place == 0:
            self._open_files()
        else:
            self._open_names(place, self._level(place), self.names[place - 1])

    def _level(self, place: int) -> tuple[Named, ...]:
        """The siblings of the name at a place."""
        level = self._file.pane.syntax.outline(self._language)
        for outer in self.names[: place - 1]:
            level = next((one.inside for one in level if (one.start, one.stop) == (outer.start, outer.stop)), ())
        return level

    def _open_names(self, place: int, level: tuple[Named, ...], current: Named | None) -> None:
        menu = Siblings(self, lambda: lambda: self.open(place - 1), lambda chosen: self._inside(place, level, chosen))
        for one in level:
            is_current = current is not None and (one.start, one.stop) == (current.start, current.stop)
            menu.add(one.name, self._theme.icon(one.icon, "muted"), lambda one=one: self._go(one), is_current)
        self._show_menu(menu, place)

    def _inside(self, place: int, level: tuple[Named, ...], chosen: int) -> Way:
        """Opens what is within a row of a list; where the caret is within it too, with that marked."""
        if not 0 <= chosen < len(level) or not level[chosen].inside:
            return None
        inner = self.names[place] if place < len(self.names) else None
        return lambda: self._open_names(place + 1, level[chosen].inside, inner)

    def _open_files(self) -> None:
        """The files of the folder; within them is what has a name in this one."""
        level = self._file.pane.syntax.outline(self._language) if self._is_small else ()
        first = self.names[0] if self.names else None
        inside = (lambda: self._open_names(1, level, first)) if level else None
        menu = Siblings(self, lambda: None, lambda _chosen: inside)
        for path in self._files():
            is_current = self._file.file is not None and path == self._file.file.path
            menu.add(path.name, self._theme.icon("document", "muted"), lambda path=path: self._go_to(path), is_current)
        self._show_menu(menu, 0)

    def _files(self) -> list[Path]:
        """The files of the folder."""
        if self._file.file is None:
            return []
        try:
            found = [one for one in self._file.file.path.parent.iterdir() if one.name[0] != "." and one.is_file()]
        except OSError:  # gone since
            return []
        return sorted(found)[:MOST]

    def _show_menu(self, menu: Siblings, place: int) -> None:
        if menu.isEmpty():
            menu.deleteLater()
            self._file.pane.status.say(say("Nothing stands beside it"))
            return
        at = self._buttons[min(place, len(self._buttons) - 1)]
        at = at if at.isVisible() else self._buttons[0]
        menu.show_at(at.mapToGlobal(QPoint(0, at.height())))

    def _go(self, one: Named) -> None:
        remember(self._editor())
        self._code.select(one.start, one.start)
        self._file.pane.focus_code()
        self.look()

    def _go_to(self, path: Path) -> None:
        go_to_file(self._editor(), path, lambda _pane: None)

    def _editor(self) -> Any:
        return self._file.parentWidget()


class Siblings(QMenu):
    """A list: letters go to a row, Left and Right to the list around and within, Return goes there.

    Args:
        trail: Below what it opens.
        around: Answers what opens the list around.
        inside: Answers what opens the list within a row, by its number.
    """

    def __init__(self, trail: Trail, around: Callable[[], Way], inside: Callable[[int], Way]) -> None:
        super().__init__(trail)
        self._around, self._inside = around, inside
        self._current: QAction | None = None
        self.setAccessibleName(say("What stands beside it"))
        # The row that is chosen runs before this: it is still there then.
        self.aboutToHide.connect(self.deleteLater)

    def add(self, name: str, icon: Any, run: Callable[[], Any], is_current: bool) -> None:
        """One more row."""
        action = self.addAction(icon, name.replace("&", "&&"))
        action.triggered.connect(lambda _checked=False: run())
        if is_current:
            font = action.font()
            font.setBold(True)
            action.setFont(font)
            self._current = action

    def show_at(self, point: QPoint) -> None:
        """Open it, with the row of the caret chosen."""
        self.popup(point)
        self.setActiveAction(self._current or self.actions()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Left and Right lead on; all else is the menu's."""
        key = event.key()
        if key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyPressEvent(event)
            return
        action = self.activeAction()
        chosen = self.actions().index(action) if action is not None else -1
        way = self._around() if key == Qt.Key.Key_Left else self._inside(chosen)
        if way is not None:
            self.hide()
            way()
