"""Asking for the name of a file, by a dialog that opens none of the files that it lists.

Qt's dialog and those of desktops look into files to show of which kind they are, and let go of SQLite's locks on those
that are open as databases (:mod:`kernel.open_file`).
"""

from __future__ import annotations

import functools
import sys

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import (
    QFileDialog,
    QFileIconProvider,
    QHeaderView,
    QSplitter,
    QToolButton,
    QTreeView,
    QWidget,
)

from kernel.open_file import has_databases
from kernel.words import say


def name_to_open(parent: QWidget, title: str, start: str = "", kinds: str = "") -> str:
    """The name of a file that is there; empty when the person chose none.

    Args:
        parent: Where the dialog stands.
        title: What the file is for.
        start: The folder that is shown first.
        kinds: Which files are shown, as :class:`QFileDialog` takes it; empty for all.
    """
    dialog = _dialog(parent, title, start, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return next(iter(_answer(dialog)), "")


def names_to_open(parent: QWidget, title: str) -> list[str]:
    """The names of files that are there; see :func:`name_to_open`."""
    dialog = _dialog(parent, title, "", "")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _answer(dialog)


def name_to_save(parent: QWidget, title: str, start: str = "", kinds: str = "") -> str:
    """The name of a file to write; whether another one is replaced was asked. See :func:`name_to_open`.

    Args:
        start: A folder, or a file to begin with.
    """
    dialog = _dialog(parent, title, start, kinds)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return next(iter(_answer(dialog)), "")


#: Pixels of Qt's own dialog, and of the places at its side.
_WIDTH, _HEIGHT, _SIDE = 900, 560, 150


class Plain(QFileIconProvider):
    """Tells folders from files, and nothing more; asked on a thread of Qt's."""

    def __init__(self) -> None:
        super().__init__()
        kinds = QFileIconProvider.IconType
        self._icons = {kind: super(Plain, self).icon(kind) for kind in (kinds.Folder, kinds.File)}

    def icon(self, of: QFileInfo | QFileIconProvider.IconType) -> QIcon:
        """See :class:`QFileIconProvider`."""
        if not isinstance(of, QFileInfo):
            return super().icon(of)
        return self._icons[self.IconType.Folder if of.isDir() else self.IconType.File]

    def type(self, info: QFileInfo) -> str:
        """See :class:`QFileIconProvider`."""
        return say("Folder") if info.isDir() else say("File")


def _dialog(parent: QWidget, title: str, start: str, kinds: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    place = QFileInfo(start)
    dialog.setDirectory(start if place.isDir() else place.path() if start else "")
    if start and not place.isDir():
        dialog.selectFile(place.fileName())
    if kinds:
        dialog.setNameFilter(kinds)
    # The dialogs of Windows and macOS are looked into by other processes, or have no such locks.
    is_safe = sys.platform in ("win32", "darwin") or not has_databases()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, not is_safe)
    if not is_safe:
        dialog.setIconProvider(_plain())
        _make_room(dialog)
        _draw_buttons(dialog)
    return dialog


def _make_room(dialog: QFileDialog) -> None:
    """Have Qt's own dialog show sizes and times whole."""
    dialog.resize(_WIDTH, _HEIGHT)
    dialog.findChild(QSplitter, "splitter").setSizes([_SIDE, _WIDTH - _SIDE])
    view = dialog.findChild(QTreeView, "treeView")
    modes = QHeaderView.ResizeMode
    for column in range(view.model().columnCount()):
        view.header().setSectionResizeMode(column, modes.ResizeToContents if column else modes.Stretch)


#: Qt's names of the buttons → our icons: Qt's own pictures are dark, also on dark ground.
_BUTTONS = {
    "backButton": "chevron-left", "forwardButton": "chevron-right", "toParentButton": "chevron-up",
}  # fmt: skip


def _draw_buttons(dialog: QFileDialog) -> None:
    """Give the arrows the colours of the theme, those that cannot be pressed too."""
    for name, icon in _BUTTONS.items():
        button = dialog.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(_icon(icon))


@functools.cache
def _icon(name: str) -> QIcon:
    from widgets.theme.icon import GlyphEngine

    return QIcon(GlyphEngine(name, _text_color))


def _text_color(mode: QIcon.Mode) -> QColor:
    groups = QPalette.ColorGroup
    group = groups.Disabled if mode == QIcon.Mode.Disabled else groups.Active
    return QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText)


def _plain() -> Plain:
    """The one that is kept: a dialog does not keep it, and Qt may ask it for as long as the program runs."""
    global _kept
    _kept = _kept or Plain()
    return _kept


_kept: Plain | None = None


def _answer(dialog: QFileDialog) -> list[str]:
    try:
        return dialog.selectedFiles() if dialog.exec() else []
    finally:
        dialog.deleteLater()
