"""The title bar of a dock: what it is called, a menu of where it may go, and a way to close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from kernel.words import say

if TYPE_CHECKING:
    from widgets.docks.dock import Dock
    from widgets.hint import TakeTargets
    from widgets.theme import Theme


class _Button(QToolButton):
    """A small button that Return presses as well."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class DockTitle(QWidget):
    """Dragging it moves the dock, a double click takes it out into a window of its own and back.

    Args:
        dock: Whose title it is.
        theme: Looks.
    """

    def __init__(self, dock: Dock, theme: Theme) -> None:
        super().__init__(dock)
        self._dock, self._theme, self._icon_name = dock, theme, ""
        row = self._row = QHBoxLayout(self)
        row.setSpacing(theme.space("tight"))
        self._icon = QLabel(self)
        self._icon.hide()
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.more = self._button("more", say("Move"))
        self.close_button = self._button("close", say("Close"))
        self.more.clicked.connect(self._open_menu)
        self.close_button.clicked.connect(dock.close)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self.more)
        row.addWidget(self.close_button)
        self.take_padding(False)
        self._align()
        self.dress()

    def set_text(self, text: str) -> None:
        """What the dock is called."""
        self._label.setText(text)
        self.setToolTip(text)
        self.more.setAccessibleName(say("Move {name}", name=text))
        self.close_button.setAccessibleName(say("Close {name}", name=text))

    def set_icon(self, name: str) -> None:
        """The icon before the text; an empty name takes none."""
        self._icon_name = name
        self._icon.setVisible(bool(name))
        self.dress()

    def take_features(self) -> None:
        """What cannot be closed has no button for it."""
        self.close_button.setVisible(bool(self._dock.features() & QDockWidget.DockWidgetFeature.DockWidgetClosable))

    def take_padding(self, is_outside: bool) -> None:
        """Room around it within the border of a window of its own."""
        side = self._theme.space("normal") if is_outside else 0
        self._row.setContentsMargins(side, side // 2, side, self._theme.space("tight"))

    def dress(self) -> None:
        """Fonts and icons of the theme as it is now."""
        theme, side = self._theme, self._theme.icon_size()
        self._label.setFont(theme.font("strong"))
        for button, name in ((self.more, "more"), (self.close_button, "close")):
            button.setIcon(theme.icon(name, "muted"))
            button.setIconSize(QSize(side, side))
        if self._icon_name:
            self._icon.setPixmap(theme.icon(self._icon_name, "muted").pixmap(side, side))

    def changeEvent(self, event: QEvent) -> None:  # Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        """Beside the icon, whatever way the text itself is read."""
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        self._label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """A long title is cut, so that it never keeps a dock wide."""
        return QSize(self.more.sizeHint().width() * 3, super().minimumSizeHint().height())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # Qt's name
        """The same menu by a right click."""
        self._open_menu()

    def hint_targets(self, done: TakeTargets) -> None:
        """See :mod:`widgets.hint`: the title leads into its dock."""
        from widgets.hint import HintTarget

        dock, docks = self._dock, self._dock.parentWidget()
        done([HintTarget(self._label.geometry(), self._label.text(), "dock", lambda: docks.show_dock(dock),
                         open_menu=self._open_menu, open_outside=lambda: docks.float_dock(dock))])  # fmt: skip

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = _Button(self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        return button

    def _open_menu(self) -> None:
        from widgets.docks.menu import open_dock_menu

        open_dock_menu(self._dock, self.more)
